// Python's notion of white space, which the reference implementations split at: it has U+001C to U+001F and U+0085,
// which JavaScript's \s has not, and has not U+FEFF.
const whiteSpace =
  '\\t-\\r\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const runs = new RegExp(`[${whiteSpace}]+`, 'u');
const atEnd = new RegExp(`[${whiteSpace}]+$`, 'u');
const atStart = new RegExp(`^[${whiteSpace}]+`, 'u');

/** Words between white space, as Python's `str.split()`. */
export function splitWords(text: string): string[] {
  return text.split(runs).filter((word) => word !== '');
}

/** Without white space at the end, as Python's `str.rstrip()`. */
export function trimTextEnd(text: string): string {
  return text.replace(atEnd, '');
}

/** Without white space at both ends, as Python's `str.strip()`. */
export function trimText(text: string): string {
  return trimTextEnd(text).replace(atStart, '');
}
