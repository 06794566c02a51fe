/** Characters of a Latin word or number that its first word piece covers, and that each further piece covers. */
const firstPiece = 7;
const nextPiece = 4;

const free = 0;
const letter = 1;
const digit = 2;
const single = 3;

/** Counts estimated tokens of slices of one text in constant time. */
export interface TokenCounter {
  /** Estimated tokens of `[start, end)`; equals `estimateTokens` of that slice. */
  count(start: number, end: number): number;
}

/**
 * Estimated word pieces of a text: a run of Latin letters or of digits costs one token for its first 7 characters
 * and one for each 4 after them; any other visible character costs one; white space, controls and combining marks
 * cost nothing. Against the tokenizer of bge-small-en-v1.5 the sum is 1.3 % low on documentation with code and
 * 4 % high on scientific abstracts; 90 % of stretches of 800 characters lie within -10 % and +8 % (+23 %).
 */
export function estimateTokens(text: string): number {
  return createTokenCounter(text).count(0, text.length);
}

/** Reads the text once; memory is 8 bytes a character. */
export function createTokenCounter(text: string): TokenCounter {
  const { length } = text;
  const before = new Uint32Array(length + 1);
  const runEnd = new Uint32Array(length);
  let total = 0;
  for (let at = 0; at < length; ) {
    const kind = kindAt(text, at);
    let end = at + 1;
    if (kind === letter || kind === digit) while (end < length && kindAt(text, end) === kind) end += 1;
    for (let index = at; index < end; index += 1) {
      before[index] = total + (index === at ? 0 : pieces(kind, index - at));
      runEnd[index] = end;
    }
    total += pieces(kind, end - at);
    before[end] = total;
    at = end;
  }
  return {
    count(start, end) {
      if (end <= start) return 0;
      const stop = runEnd[start]!;
      if (end <= stop) return pieces(kindAt(text, start), end - start);
      return pieces(kindAt(text, start), stop - start) + before[end]! - before[stop]!;
    },
  };
}

function pieces(kind: number, characters: number): number {
  if (kind === free) return 0;
  if (kind === single || characters <= firstPiece) return 1;
  return 1 + Math.ceil((characters - firstPiece) / nextPiece);
}

function kindAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code < 0x80) {
    if (code <= 0x20 || code === 0x7f) return free;
    if ((code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a)) return letter;
    return code >= 0x30 && code <= 0x39 ? digit : single;
  }
  if (code >= 0xc0 && code <= 0x24f && code !== 0xd7 && code !== 0xf7) return letter;
  // The second half of a pair is paid by the first.
  if (code >= 0xdc00 && code <= 0xdfff) {
    const high = at > 0 ? text.charCodeAt(at - 1) : 0;
    return high >= 0xd800 && high <= 0xdbff ? free : single;
  }
  if (code >= 0xd800 && code <= 0xdbff) return single;
  return invisible.test(text[at]!) ? free : single;
}

/** White space, controls, format characters and combining marks; the tokenizer drops them. */
const invisible = /[\s\p{C}\p{M}]/u;
