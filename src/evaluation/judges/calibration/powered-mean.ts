import {
  type ClusterLayout,
  clusterLayout,
  clusterSums,
  weightedMean,
} from '../../statistics/cluster-layout.ts';
import { type DifferenceInterval, differenceInterval } from '../../statistics/difference-interval.ts';

/** Scores of all samples by rule or judge, and of some of them by people. */
export interface PoweredScores {
  /** One a sample, in [-1, 1]: a difference of two variants, or the score of one. */
  readonly judged: ArrayLike<number>;
  /** What people say of the same answers; null where nobody did. Which were labelled must have been drawn at random. */
  readonly labelled: readonly (number | null)[];
  /** Group of each sample. */
  readonly groups: readonly string[];
  readonly layout: ClusterLayout;
}

/** A mean as people would see it. */
export interface PoweredMean {
  /** From -1 to 1. */
  readonly mean: number;
  /** @param tail error on each side. */
  interval(tail: number): DifferenceInterval;
}

/**
 * Prediction-powered mean (Angelopoulos et al. 2023, with the weight of PPI++) with bounds that hold for small error and rare
 * differences: the interval of the judged mean and that of the mean correction (labels minus weighted judge), both of
 * `differenceInterval`, put together as there with their correlation where it is positive. Whatever the judge's errors are, also
 * where they differ between variants, the interval is about what people would say. Null without a label.
 */
export function poweredMean(scores: PoweredScores): PoweredMean | null {
  const { judged, layout } = scores;
  const chosen = scores.labelled.flatMap((label, sample) => (label === null ? [] : [sample]));
  if (chosen.length === 0) return null;
  const chosenLayout = clusterLayout(
    chosen.map((sample) => scores.groups[sample]!),
    layout.weights && chosen.map((sample) => layout.weights![sample]!),
  );
  const labels = Float64Array.from(chosen, (sample) => scores.labelled[sample]!);
  const guesses = Float64Array.from(chosen, (sample) => judged[sample]!);
  const share = chosen.length / layout.samples;
  const weight = judgeWeight(labels, guesses, chosenLayout, share);
  const residual = labels.map((label, index) => (label - weight * guesses[index]!) / (1 + weight));
  const correlation = Math.max(0, correlate(guesses, residual, chosenLayout)) * Math.sqrt(share);
  const reach = (first: number, second: number): number => {
    const [a, b] = [weight * first, (1 + weight) * second];
    return Math.sqrt(a * a + b * b + 2 * correlation * a * b);
  };
  const total = weight * weightedMean(judged, layout) + (1 + weight) * weightedMean(residual, chosenLayout);
  return {
    mean: Math.max(-1, Math.min(1, total)),
    interval(tail) {
      const guessed = differenceInterval(judged, layout, tail);
      const corrected = differenceInterval(residual, chosenLayout, tail);
      return {
        difference: Math.max(-1, Math.min(1, total)),
        low: Math.max(
          -1,
          total - reach(guessed.difference - guessed.low, corrected.difference - corrected.low),
        ),
        high: Math.min(
          1,
          total + reach(guessed.high - guessed.difference, corrected.high - corrected.difference),
        ),
      };
    },
  };
}

/** The weight of the judge that makes the variance least, from 0 to 1. */
function judgeWeight(
  labels: Float64Array,
  guesses: Float64Array,
  layout: ClusterLayout,
  share: number,
): number {
  const spread = product(guesses, guesses, layout);
  if (spread === 0) return 1;
  return Math.max(0, Math.min(1, product(labels, guesses, layout) / (spread * (1 + share))));
}

function correlate(first: Float64Array, second: Float64Array, layout: ClusterLayout): number {
  const squares = product(first, first, layout) * product(second, second, layout);
  return squares <= 0 ? 0 : product(first, second, layout) / Math.sqrt(squares);
}

/** Sum over clusters of the products of their totals about the mean. */
function product(first: Float64Array, second: Float64Array, layout: ClusterLayout): number {
  const a = residuals(first, layout);
  const b = residuals(second, layout);
  return a.reduce((sum, value, cluster) => sum + value * b[cluster]!, 0);
}

function residuals(values: Float64Array, layout: ClusterLayout): Float64Array {
  const sums = clusterSums(values, layout);
  const mean = sums.reduce((sum, value) => sum + value, 0) / layout.samples;
  return sums.map((sum, cluster) => sum - mean * layout.sizes[cluster]!);
}
