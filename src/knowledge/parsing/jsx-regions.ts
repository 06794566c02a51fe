/** Half-open range of a text, in UTF-16 code units. */
export interface Region {
  readonly start: number;
  readonly end: number;
}

const fence = /^[ \t]*(`{3,}|~{3,})/;
const tagStart = /^[ \t]*<([A-Z][\w.]*|[a-z][\w-]*)(?=[\s/>]|$)/;

/**
 * Opening tags of MDX that run over several lines, whole lines, in order: their attributes hold JavaScript, which
 * Markdown would take for lists and code. Tags inside fenced code and tags that never end are left out.
 */
export function jsxRegions(text: string): Region[] {
  const regions: Region[] = [];
  let open: string | null = null;
  for (let line = 0; line < text.length; ) {
    const feed = text.indexOf('\n', line);
    const stop = feed < 0 ? text.length : feed;
    const words = text.slice(line, stop);
    const mark = fence.exec(words)?.[1];
    if (open !== null) {
      if (mark?.startsWith(open) && words.trim() === mark) open = null;
    } else if (mark) {
      open = mark;
    } else {
      const tag = tagStart.exec(words);
      const end = tag ? tagEnd(text, line + tag[0].length) : -1;
      if (end > stop) {
        const after = text.indexOf('\n', end);
        regions.push({ start: line, end: after < 0 ? text.length : after });
        line = after < 0 ? text.length : after + 1;
        continue;
      }
    }
    line = stop + 1;
  }
  return regions;
}

/** Where the tag ends, past strings and braces, or -1 where it does not end within a sane length. */
function tagEnd(text: string, from: number): number {
  let depth = 0;
  const limit = Math.min(text.length, from + 200_000);
  for (let at = from; at < limit; at += 1) {
    const character = text[at]!;
    if (character === '"' || character === "'" || character === '`') {
      const close = stringEnd(text, at, limit, depth);
      if (close < 0) return -1;
      at = close;
    } else if (character === '{') depth += 1;
    else if (character === '}') depth -= 1;
    else if (character === '>' && depth <= 0) return at + 1;
    else if (depth === 0 && character === '\n' && text[at + 1] === '\n') return -1;
  }
  return -1;
}

/** The closing quote; in JavaScript an apostrophe ends with its line, so a stray one costs no more than that. */
function stringEnd(text: string, open: number, limit: number, depth: number): number {
  const quote = text[open]!;
  for (let at = open + 1; at < limit; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === quote) return at;
    else if (text[at] === '\n' && quote !== '`' && depth > 0) return open;
  }
  return -1;
}
