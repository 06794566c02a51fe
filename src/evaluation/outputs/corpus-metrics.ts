import { bleuSignature, bleuStatistics } from '../metrics/text/bleu.ts';
import { type ChrfOptions, chrfSignature, chrfStatistics } from '../metrics/text/chrf.ts';
import { answerText, referencesOf } from '../scorers/answer-text.ts';
import { bleuCounts, bleuOfCounts, chrfCounts, chrfOfCounts } from '../scorers/corpus-figures-of-text.ts';
import type { CorpusMetric } from './corpus-metric.ts';
import { createLabelCounts } from './label-counts.ts';
import { middleOf, resamples } from './resampled-weights.ts';

/** A fresh counter for a metric over all answers together; null for a name that is not of one. */
export function createCorpusMetric(name: string): CorpusMetric | null {
  if (name === 'bleu') return corpusBleu();
  if (name === 'chrf') return corpusChrf({});
  if (name === 'chrf++') return corpusChrf({ wordOrder: 2 });
  return createLabelCounts(name);
}

/** Counts that add up over answers, in a row, and the score of their sum. */
interface AdditiveMetric {
  counts(text: string, references: readonly string[]): readonly number[];
  score(sum: ArrayLike<number>): number;
  signature(references: number | 'var'): string;
}

function corpusBleu(): CorpusMetric {
  return overReferences({
    counts: (text, references) => bleuCounts(bleuStatistics(text, references)),
    score: bleuOfCounts,
    signature: (references) => bleuSignature(references),
  });
}

function corpusChrf(options: ChrfOptions): CorpusMetric {
  return overReferences({
    counts: (text, references) => chrfCounts(chrfStatistics(text, references, options)),
    score: (sum) => chrfOfCounts(sum, options),
    signature: (references) => chrfSignature(references, options),
  });
}

/** A refused answer takes part as an empty text. */
function overReferences(metric: AdditiveMetric): CorpusMetric {
  let width = 0;
  let sum = new Float64Array(0);
  // One row of sums for each resample.
  let resampled = new Float64Array(0);
  let referenceCount: number | 'var' | null = null;
  return {
    add({ sample, answer }, weights) {
      const references = referencesOf(sample);
      if (references.length === 0) return sample.answerable ? 'no-gold' : 'unanswerable';
      const counts = metric.counts(answerText(answer), references);
      if (referenceCount === null) {
        width = counts.length;
        sum = new Float64Array(width);
        resampled = new Float64Array(width * resamples);
      }
      addWeighted(sum, counts, 0, 1);
      for (let index = 0; index < resamples; index += 1)
        if (weights[index] !== 0) addWeighted(resampled, counts, index * width, weights[index]!);
      referenceCount =
        referenceCount === null || referenceCount === references.length ? references.length : 'var';
      return null;
    },
    value: () => (referenceCount === null ? null : metric.score(sum)),
    interval: () =>
      referenceCount === null
        ? null
        : middleOf(
            Array.from({ length: resamples }, (_, index) =>
              metric.score(resampled.subarray(index * width, (index + 1) * width)),
            ),
          ),
    signature: () => (referenceCount === null ? null : metric.signature(referenceCount)),
  };
}

function addWeighted(sums: Float64Array, counts: readonly number[], offset: number, weight: number): void {
  for (let index = 0; index < counts.length; index += 1) sums[offset + index]! += weight * counts[index]!;
}
