import { scored } from '../../core/index.ts';
import { porterStem } from '../metrics/text/porter-stemmer.ts';
import { unicodeTokens } from '../metrics/text/rouge.ts';
import { functionWords } from './function-words.ts';
import { againstReferences } from './reference-scorers.ts';
import type { Scorer } from './scorer.ts';

/**
 * Graded correctness without a model: F1 of what answer and reference say beyond the question, the best over the
 * references. No weight was fitted to data; `docs/metrics.md` says how it came about and how far people agree with it.
 */
export const correctnessScorer: Scorer = {
  name: 'correctness',
  description: 'F1 of the content words that answer and best reference share beyond the question',
  direction: 'higher',
  needs: ['references'],
  score: (judged) =>
    againstReferences(judged, (text, references) =>
      scored(
        references.reduce(
          (best, reference) => Math.max(best, contentOverlap(text, reference, judged.sample.input)),
          0,
        ),
      ),
    ),
};

/**
 * F1 over the stems of two texts, in [0, 1]. Function words and words of the question count nothing, for repeating
 * them answers nothing; a word said n times counts log2(1 + n). Where that leaves nothing of the reference ("Yes.", or
 * a choice between two things that the question names), first the question's words count again, then all words.
 */
export function contentOverlap(answer: string, reference: string, question: string): number {
  const asked = new Set(unicodeTokens(question).map(stemOf));
  const wanted = countStems(reference);
  const filters: ((token: string, stem: string) => boolean)[] = [
    (token, stem) => !functionWords.has(token) && !asked.has(stem),
    (token) => !functionWords.has(token),
    () => true,
  ];
  const counts = filters.find((filter) => wanted.some(({ token, stem }) => filter(token, stem)));
  if (!counts) return 0;
  const left = amounts(wanted, counts);
  const right = amounts(countStems(answer), counts);
  let common = 0;
  for (const [stem, count] of left) common += weigh(Math.min(count, right.get(stem) ?? 0));
  return common === 0 ? 0 : (2 * common) / (total(left) + total(right));
}

interface Stem {
  readonly token: string;
  readonly stem: string;
}

function countStems(text: string): Stem[] {
  return unicodeTokens(text).map((token) => ({ token, stem: stemOf(token) }));
}

/** Porter's stem of an English word; other tokens as they are. */
function stemOf(token: string): string {
  return token.length > 3 && /^[a-z]+$/.test(token) ? porterStem(token) : token;
}

function amounts(
  stems: readonly Stem[],
  counts: (token: string, stem: string) => boolean,
): Map<string, number> {
  const found = new Map<string, number>();
  for (const { token, stem } of stems) if (counts(token, stem)) found.set(stem, (found.get(stem) ?? 0) + 1);
  return found;
}

const weigh = (count: number): number => Math.log2(1 + count);

function total(found: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const count of found.values()) sum += weigh(count);
  return sum;
}
