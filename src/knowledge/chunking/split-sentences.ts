import { isGraphemeBoundary } from './graphemes.ts';

/** Half-open range of a text, in UTF-16 code units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

let segmenter: Intl.Segmenter | null = null;

/** Made at first use: it takes a tenth of a second. */
function sentencesOf(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'sentence' });
  return segmenter.segment(text);
}

/** A list item or quoted line up to this many characters counts as one; a longer one is cut at its sentences. */
const longestItem = 300;
/** The segmenter takes seconds for a paragraph of megabytes; longer ones are cut at white space first. */
const longestParagraph = 20_000;

const fenceMark = /^[ \t>]*(?:[-*+][ \t]+|\d{1,9}[.)][ \t]+)?(`{3,}|~{3,})/;
const fenceMarks = /^[ \t>]*(?:[-*+][ \t]+|\d{1,9}[.)][ \t]+)?(?:`{3,}|~{3,}).*$/gm;
const itemMark = /^[ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]+/;
/** Headings, table rows, lines that are a tag, and lines of JavaScript objects stand for themselves. */
const loneLine =
  /^[ \t]*(?:#{1,6}[ \t]|\||<\/?[A-Za-z][^>]*(?:>[ \t]*)?$|[\]}{]|[[(][ \t]*$|[\w$]+:[ \t]*(?:['"`[{(]|true|false|\d|$)|-{3,}$)/;
const rowSeparator = /[ \t]\|[ \t]/;
const visible = /[\p{L}\p{N}]/u;
const abbreviation =
  /(?:^|[\s(["'*_])(?:e\.g|i\.e|cf|vs|etc|al|approx|ca|fig|figs|eq|eqs|sec|ch|no|nos|vol|pp?|ref|refs|ed|eds|dr|mr|mrs|ms|prof|st|jr|sr|inc|ltd|co|corp|dept|est|viz|resp|incl|min|max|[A-Z])\.[)\]"'*_]*\s*$/i;
const listNumber = /^\s*\d{1,9}[.)]\s*$/;

/**
 * Sentences of `[start, end)`, for choosing and quoting evidence: in order, apart, without white space around
 * them, never inside a user-perceived character. A line of code, a heading, a table row and a list item of up to
 * 300 characters each count as one. Abbreviations, version numbers and inline code do not end a sentence. Ranges
 * without a letter or digit are left out, so the result covers all words but not all characters.
 */
export function splitSentences(text: string, start = 0, end = text.length): Span[] {
  const spans: Span[] = [];
  let fence = openFence(text, start);
  let paragraph: Span | null = null;
  const flush = () => {
    if (paragraph) addParagraph(text, paragraph, spans);
    paragraph = null;
  };
  for (let line = start; line < end; ) {
    const feed = text.indexOf('\n', line);
    const stop = feed < 0 || feed > end ? end : feed;
    const words = text.slice(line, stop);
    const mark = fenceMark.exec(words)?.[1];
    if (fence !== null) {
      if (mark && closes(fence, mark, words)) fence = null;
      else addSpan(text, { start: line, end: stop }, spans);
    } else if (mark) {
      flush();
      fence = mark;
    } else if (words.trim() === '') {
      flush();
    } else if (isLoneLine(words)) {
      flush();
      addSpan(text, { start: line, end: stop }, spans);
    } else {
      if (itemMark.test(words)) flush();
      const current: Span | null = paragraph;
      paragraph = { start: (current as Span | null)?.start ?? line, end: stop };
    }
    line = stop + 1;
  }
  flush();
  return spans;
}

/**
 * Cuts one paragraph at its sentences; the pieces join up to the whole range, white space after a sentence
 * included.
 */
export function sentencePieces(text: string, start: number, end: number): Span[] {
  const pieces: Span[] = [];
  for (let from = start; from < end; ) {
    const to = end - from > longestParagraph ? spaceBefore(text, from, from + longestParagraph) : end;
    addPieces(text, from, to, pieces);
    from = to;
  }
  return pieces;
}

function addPieces(text: string, start: number, end: number, pieces: Span[]): void {
  // Line ends inside a paragraph are spaces to the reader, but paragraph ends to the segmenter.
  const words = text.slice(start, end).replaceAll('\n', ' ');
  let from = 0;
  for (const { index, segment } of sentencesOf(words)) {
    const to = index + segment.length;
    const whole = words.slice(from, to);
    if (to < words.length && !endsSentence(whole, text, start + to)) continue;
    pieces.push({ start: start + from, end: start + to });
    from = to;
  }
}

function endsSentence(words: string, text: string, at: number): boolean {
  if (abbreviation.test(words.slice(-24)) || listNumber.test(words)) return false;
  if (words.length < 2000 && countOf(words, '`') % 2 === 1) return false;
  return isGraphemeBoundary(text, at);
}

function countOf(words: string, character: string): number {
  let count = 0;
  for (let at = words.indexOf(character); at >= 0; at = words.indexOf(character, at + 1)) count += 1;
  return count;
}

function addParagraph(text: string, span: Span, spans: Span[]): void {
  const isShortItem = span.end - span.start <= longestItem && itemMark.test(text.slice(span.start, span.end));
  if (isShortItem) addSpan(text, span, spans);
  else for (const piece of sentencePieces(text, span.start, span.end)) addSpan(text, piece, spans);
}

function addSpan(text: string, span: Span, spans: Span[]): void {
  const words = text.slice(span.start, span.end);
  if (!visible.test(words)) return;
  const end = span.start + words.trimEnd().length;
  let start = span.start + (words.length - words.trimStart().length);
  // A mark may sit on the space before it.
  while (start < end && (!isGraphemeBoundary(text, start) || /\s/.test(text[start]!))) start += 1;
  spans.push({ start, end });
}

function isLoneLine(words: string): boolean {
  // A union type in inline code is no table row.
  return loneLine.test(words) || (words.includes('|') && rowSeparator.test(words.replace(/`[^`]*`/g, '')));
}

/** The mark of the fenced code that `at` lies in, or null. */
function openFence(text: string, at: number): string | null {
  if (!text.includes('```') && !text.includes('~~~')) return null;
  let fence: string | null = null;
  fenceMarks.lastIndex = 0;
  for (let found = fenceMarks.exec(text); found && found.index < at; found = fenceMarks.exec(text)) {
    const mark = fenceMark.exec(found[0])![1]!;
    if (fence === null) fence = mark;
    else if (closes(fence, mark, found[0])) fence = null;
  }
  fenceMarks.lastIndex = 0;
  return fence;
}

function closes(fence: string, mark: string, line: string): boolean {
  return mark.startsWith(fence) && line.replace(/^[ \t>]+/, '').trim() === mark;
}

/** The last boundary after white space in the second half of the range, else the last one between characters. */
function spaceBefore(text: string, from: number, to: number): number {
  const half = from + ((to - from) >> 1);
  for (let at = to; at > half; at -= 1)
    if (/\s/.test(text[at - 1]!) && isGraphemeBoundary(text, at)) return at;
  let at = to;
  while (at < text.length && !isGraphemeBoundary(text, at)) at += 1;
  return at;
}
