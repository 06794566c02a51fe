import type { ScoredSample } from '../evaluated.ts';
import {
  addBleuStatistics,
  type BleuStatistics,
  bleuScore,
  bleuSignature,
  bleuStatistics,
} from '../metrics/text/bleu.ts';
import {
  addChrfStatistics,
  type ChrfOptions,
  type ChrfStatistics,
  chrfScore,
  chrfSignature,
  chrfStatistics,
} from '../metrics/text/chrf.ts';
import { referencesOf } from '../scorers/answer-text.ts';
import { createLabelCounts, labelMetricNames } from './label-counts.ts';

/** Takes in answers one at a time and keeps counts only; one value over all of them at the end. */
export interface CorpusMetric {
  /** Null when the answer took part, else why it could not. */
  add(judged: ScoredSample): string | null;
  /** Null when nothing took part, or the value is not defined for what did. */
  value(): number | null;
  /** What exactly was computed, in the notation of the reference implementation. */
  signature(): string | null;
}

/** Names of the metrics that are computed over all answers together. */
export const corpusMetricNames: readonly string[] = ['bleu', 'chrf', 'chrf++', ...labelMetricNames];

/** A fresh counter for one of `corpusMetricNames`; null for another name. */
export function createCorpusMetric(name: string): CorpusMetric | null {
  if (name === 'bleu') return corpusBleu();
  if (name === 'chrf') return corpusChrf({});
  if (name === 'chrf++') return corpusChrf({ wordOrder: 2 });
  return createLabelCounts(name);
}

function corpusBleu(): CorpusMetric {
  return overReferences<BleuStatistics>({
    statistics: (text, references) => bleuStatistics(text, references),
    add: addBleuStatistics,
    score: (sum) => bleuScore(sum).score,
    signature: (references) => bleuSignature(references),
  });
}

function corpusChrf(options: ChrfOptions): CorpusMetric {
  return overReferences<ChrfStatistics>({
    statistics: (text, references) => chrfStatistics(text, references, options),
    add: addChrfStatistics,
    score: (sum) => chrfScore(sum, options),
    signature: (references) => chrfSignature(references, options),
  });
}

/** A refused answer takes part as an empty text. */
function overReferences<Statistics>(metric: {
  statistics: (text: string, references: readonly string[]) => Statistics;
  add: (a: Statistics, b: Statistics) => Statistics;
  score: (sum: Statistics) => number;
  signature: (references: number | 'var') => string;
}): CorpusMetric {
  let sum: Statistics | null = null;
  let count: number | 'var' | null = null;
  return {
    add({ sample, answer }) {
      const references = referencesOf(sample);
      if (references.length === 0) return sample.answerable ? 'no-gold' : 'unanswerable';
      const text = answer.refusal === null ? answer.answer : '';
      const one = metric.statistics(text, references);
      sum = sum === null ? one : metric.add(sum, one);
      count = count === null || count === references.length ? references.length : 'var';
      return null;
    },
    value: () => (sum === null ? null : metric.score(sum)),
    signature: () => (count === null ? null : metric.signature(count)),
  };
}
