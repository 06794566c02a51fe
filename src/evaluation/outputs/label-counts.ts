import { cohenKappa, matthewsCorrelation } from '../metrics/classification/agreement.ts';
import {
  type Average,
  balancedAccuracy,
  precisionRecall,
} from '../metrics/classification/precision-recall.ts';
import type { CorpusMetric } from './corpus-metric.ts';
import { middleOf, resamples } from './resampled-weights.ts';

/** Value for distinct pairs of label and output, and how often each occurred. */
type Compute = (
  labels: readonly string[],
  outputs: readonly string[],
  counts: ArrayLike<number>,
) => number | null;

const averaged =
  (average: Average, pick: 'precision' | 'recall' | 'f1'): Compute =>
  (labels, outputs, weights) =>
    precisionRecall(labels, outputs, average, { weights })[pick];

/** Metrics of output against label, as scikit-learn computes them over all classes that occur on either side. */
const labelMetrics: Readonly<Record<string, Compute>> = {
  'macro-f1': averaged('macro', 'f1'),
  'micro-f1': averaged('micro', 'f1'),
  'weighted-f1': averaged('weighted', 'f1'),
  'macro-precision': averaged('macro', 'precision'),
  'macro-recall': averaged('macro', 'recall'),
  'balanced-accuracy': balancedAccuracy,
  mcc: matthewsCorrelation,
  kappa: (labels, outputs, counts) => cohenKappa(labels, outputs, null, undefined, counts),
};

/** Most distinct pairs of label and output that are told apart; outputs of further ones make up one class. */
const mostPairs = 10_000;
/** Most distinct pairs for which there is an interval. */
const mostPairsForInterval = 500;
/** Longest output, in UTF-16 units, that can be a class; longer ones are shortened. */
const longestClass = 200;

interface Pair {
  readonly label: string;
  readonly output: string;
  count: number;
  /** How often it is in each resample. */
  readonly resampled: Uint32Array | null;
}

/** A counter of pairs of label and output; null for a name that is not that of a metric of them. */
export function createLabelCounts(name: string): CorpusMetric | null {
  const compute = labelMetrics[name];
  if (!compute) return null;
  const pairs = new Map<string, Pair>();
  const find = (label: string, output: string): Pair => {
    const key = JSON.stringify([label, output]);
    const known = pairs.get(key);
    if (known) return known;
    if (pairs.size >= mostPairs && output !== '…') return find(label, '…');
    const resampled = pairs.size < mostPairsForInterval ? new Uint32Array(resamples) : null;
    const pair = { label, output, count: 0, resampled };
    pairs.set(key, pair);
    return pair;
  };
  const computeOver = (counts: (pair: Pair) => number): number | null => {
    const present = [...pairs.values()].filter((pair) => counts(pair) > 0);
    if (present.length === 0) return null;
    return compute(
      present.map(({ label }) => label),
      present.map(({ output }) => output),
      present.map(counts),
    );
  };
  return {
    add({ sample, answer }, weights) {
      if (sample.label === undefined) return 'no-gold';
      const pair = find(shorten(sample.label), shorten(answer.answer));
      pair.count += 1;
      if (pair.resampled)
        for (let index = 0; index < resamples; index += 1) pair.resampled[index]! += weights[index]!;
      return null;
    },
    value: () => computeOver(({ count }) => count),
    interval: () =>
      pairs.size > mostPairsForInterval
        ? null
        : middleOf(
            Array.from({ length: resamples }, (_, index) =>
              computeOver(({ resampled }) => resampled![index]!),
            ),
          ),
    signature: () => null,
  };
}

function shorten(text: string): string {
  const trimmed = text.trim();
  return trimmed.length > longestClass ? `${trimmed.slice(0, longestClass)}…` : trimmed;
}
