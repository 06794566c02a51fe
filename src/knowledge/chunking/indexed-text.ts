import { type Span, splitSentences } from './split-sentences.ts';
import { estimateTokens, type TokenCounter } from './token-counter.ts';

/** Estimated tokens that a neighbour's sentence may take at most. */
const neighbourTokens = 30;

/** What the indexed text of a slice is made of. */
export interface IndexedTextParts {
  readonly slice: Span;
  /** What stands for the slice; null for its own text. */
  readonly body: string | null;
  /** Titles above the slice, outermost first; those that the slice itself holds left out. */
  readonly titles: readonly string[];
  /** Prose that touches the slice in the same section, or null. */
  readonly previous: Span | null;
  readonly next: Span | null;
}

/**
 * Title path, last sentence before, the slice and first sentence after it, as far as the additions stay within
 * `share` of the slice's estimated tokens: titles first, from the document's and the innermost inwards.
 */
export function indexedText(
  text: string,
  parts: IndexedTextParts,
  counter: TokenCounter,
  share: number,
): string {
  const { slice } = parts;
  const body = parts.body ?? text.slice(slice.start, slice.end).trim();
  let budget = Math.floor(counter.count(slice.start, slice.end) * share + 1e-9);
  const path = titlePathWithin(parts.titles, budget);
  budget -= estimateTokens(path);
  const before = parts.previous && neighbour(text, parts.previous, 'last', Math.min(budget, neighbourTokens));
  if (before) budget -= estimateTokens(before);
  const after = parts.next && neighbour(text, parts.next, 'first', Math.min(budget, neighbourTokens));
  return [path, before, body, after].filter(Boolean).join('\n');
}

function titlePathWithin(titles: readonly string[], budget: number): string {
  // Outermost, then from the innermost outwards.
  const order = [...titles.keys()].sort((a, b) => (a === 0 ? -1 : b === 0 ? 1 : b - a));
  let kept: number[] = [];
  let path = '';
  for (const index of order) {
    const wider = [...kept, index].sort((a, b) => a - b);
    const words = wider.map((at) => titles[at]).join(' > ');
    if (estimateTokens(words) > budget) continue;
    kept = wider;
    path = words;
  }
  return path;
}

/** The sentence of a neighbour that touches the slice, where it fits. */
function neighbour(text: string, span: Span, which: 'first' | 'last', budget: number): string | null {
  if (budget < 4) return null;
  // The neighbour alone: with the whole text the time would grow with its square.
  const prose = text.slice(span.start, span.end);
  const found = splitSentences(prose).at(which === 'first' ? 0 : -1);
  const words = found ? prose.slice(found.start, found.end) : '';
  return words !== '' && estimateTokens(words) <= budget ? words : null;
}
