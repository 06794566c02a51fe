let segmenter: Intl.Segmenter | null = null;

/** Made at first use: it takes a tenth of a second. */
function graphemesOf(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return segmenter.segment(text);
}

/** Whether a cut at `at` leaves every user-perceived character of the text whole. */
export function isGraphemeBoundary(text: string, at: number): boolean {
  if (at <= 0 || at >= text.length || isPlain(text, at)) return true;
  let from = at - 1;
  while (from > 0 && !isPlain(text, from)) from -= 1;
  return graphemesOf(text.slice(from, at + 64)).containing(at - from)?.index === at - from;
}

/** The ends of the user-perceived characters of `[start, end)`, in order. */
export function* graphemeEnds(text: string, start: number, end: number): Generator<number> {
  for (let from = start; from < end; ) {
    let plain = from + 1;
    while (plain < end && !isPlain(text, plain)) plain += 1;
    if (plain === from + 1) yield plain;
    else
      for (const { index, segment } of graphemesOf(text.slice(from, plain)))
        yield from + index + segment.length;
    from = plain;
  }
}

/** A boundary that needs no table: next to a line feed, or between two ASCII characters. */
function isPlain(text: string, at: number): boolean {
  const left = text.charCodeAt(at - 1);
  const right = text.charCodeAt(at);
  if (left === 0x0a || right === 0x0a) return !(left === 0x0d && right === 0x0a);
  return left < 0x80 && right < 0x80;
}
