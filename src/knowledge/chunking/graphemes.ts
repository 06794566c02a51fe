import type { Span } from './split-sentences.ts';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Whether a cut at `at` leaves every user-perceived character of the text whole. */
export function isGraphemeBoundary(text: string, at: number): boolean {
  if (at <= 0 || at >= text.length || isPlain(text, at)) return true;
  let from = at - 1;
  while (from > 0 && !isPlain(text, from)) from -= 1;
  return graphemes.segment(text.slice(from, at + 64)).containing(at - from)?.index === at - from;
}

/** Cuts `[start, end)` at every boundary between user-perceived characters. */
export function* splitGraphemes(text: string, start: number, end: number): Generator<Span> {
  for (const { index, segment } of graphemes.segment(text.slice(start, end)))
    yield { start: start + index, end: start + index + segment.length };
}

/** A boundary that needs no table: next to a line feed, or between two ASCII characters. */
function isPlain(text: string, at: number): boolean {
  const left = text.charCodeAt(at - 1);
  const right = text.charCodeAt(at);
  if (left === 0x0a || right === 0x0a) return !(left === 0x0d && right === 0x0a);
  return left < 0x80 && right < 0x80;
}
