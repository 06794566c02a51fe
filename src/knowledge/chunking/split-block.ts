import type { BlockKind } from '../document.ts';
import { graphemeEnds, isGraphemeBoundary } from './graphemes.ts';
import { type Span, sentencePieces } from './split-sentences.ts';
import type { TokenCounter } from './token-counter.ts';

/** Where a block may be cut, best places first; a level is tried only inside pieces that the one before left too long. */
type Level = (text: string, span: Span) => Span[];

const proseLevels: readonly Level[] = [bySentence, byLine, byWord];
const lineLevels: readonly Level[] = [byBlankLine, byOutermostLine, byLine, byWord];
const levels: Readonly<Record<BlockKind, readonly Level[]>> = {
  heading: proseLevels,
  paragraph: proseLevels,
  'list-item': proseLevels,
  quote: proseLevels,
  table: [byLine, byWord],
  code: lineLevels,
  html: lineLevels,
  'front-matter': lineLevels,
};

/**
 * Cuts a block that is over the limit into pieces that join up to it, each within `maxTokens` unless one
 * user-perceived character alone is larger.
 */
export function splitBlock(
  text: string,
  block: Span & { readonly kind: BlockKind },
  counter: TokenCounter,
  maxTokens: number,
): Span[] {
  const pieces: Span[] = [];
  const open: { span: Span; level: number }[] = [{ span: block, level: 0 }];
  const order = levels[block.kind];
  for (let next = open.pop(); next; next = open.pop()) {
    const { span, level } = next;
    if (counter.count(span.start, span.end) <= maxTokens) {
      pieces.push(span);
      continue;
    }
    const cut = order[level];
    if (!cut) {
      pieces.push(...byGrapheme(text, span, counter, maxTokens));
      continue;
    }
    const smaller = packSpans(cut(text, span), counter, maxTokens);
    // A cut by indentation finds the next deeper lines when it is made again.
    const nextLevel = smaller.length > 1 ? level : level + 1;
    for (let index = smaller.length - 1; index >= 0; index -= 1)
      open.push({ span: smaller[index]!, level: nextLevel });
  }
  return pieces;
}

/** Joins neighbours as long as they stay within the limit. */
function packSpans(spans: readonly Span[], counter: TokenCounter, maxTokens: number): Span[] {
  const packed: Span[] = [];
  for (const span of spans) {
    const last = packed.at(-1);
    if (last && counter.count(last.start, span.end) <= maxTokens)
      packed[packed.length - 1] = { start: last.start, end: span.end };
    else packed.push(span);
  }
  return packed;
}

function bySentence(text: string, span: Span): Span[] {
  return sentencePieces(text, span.start, span.end);
}

function byLine(text: string, span: Span): Span[] {
  return cutAfter(text, span, /\n/g);
}

function byBlankLine(text: string, span: Span): Span[] {
  return cutAfter(text, span, /\n(?:[ \t]*\n)+/g);
}

function byWord(text: string, span: Span): Span[] {
  return cutAfter(text, span, /\s+/g);
}

/** Before the lines with the least indentation that open something, so that functions and objects stay whole. */
function byOutermostLine(text: string, span: Span): Span[] {
  const lines = byLine(text, span);
  const indents = lines.map(({ start, end }) => {
    const words = text.slice(start, end);
    return /^[ \t]*[\w{<@'"`/[(]/.test(words) ? words.search(/\S/) : Number.POSITIVE_INFINITY;
  });
  const inner = indents.slice(1, -1);
  const least = inner.reduce((low, indent) => Math.min(low, indent), Number.POSITIVE_INFINITY);
  return joinAt(
    lines,
    (index) => index > 0 && indents[index] === least && least !== Number.POSITIVE_INFINITY,
  );
}

/** Joins spans up to each one at which `cutsBefore` holds. */
function joinAt(spans: readonly Span[], cutsBefore: (index: number) => boolean): Span[] {
  const joined: Span[] = [];
  spans.forEach((span, index) => {
    const last = joined.at(-1);
    if (last && !cutsBefore(index)) joined[joined.length - 1] = { start: last.start, end: span.end };
    else joined.push(span);
  });
  return joined;
}

function cutAfter(text: string, { start, end }: Span, separator: RegExp): Span[] {
  const spans: Span[] = [];
  let from = start;
  separator.lastIndex = start;
  for (let found = separator.exec(text); found; found = separator.exec(text)) {
    const at = found.index + found[0].length;
    if (at >= end) break;
    if (at > from && isGraphemeBoundary(text, at)) {
      spans.push({ start: from, end: at });
      from = at;
    }
  }
  spans.push({ start: from, end });
  return spans;
}

function byGrapheme(text: string, span: Span, counter: TokenCounter, maxTokens: number): Span[] {
  const pieces: Span[] = [];
  let from = span.start;
  let last = from;
  for (const end of graphemeEnds(text, span.start, span.end)) {
    if (last > from && counter.count(from, end) > maxTokens) {
      pieces.push({ start: from, end: last });
      from = last;
    }
    last = end;
  }
  if (from < span.end) pieces.push({ start: from, end: span.end });
  return pieces;
}
