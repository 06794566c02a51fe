import { sum } from './labels.ts';

/**
 * Area under the ROC curve: the chance that a positive scores above a negative, ties half (scikit-learn 1.9.1).
 * Null where only one class occurs.
 */
export function areaUnderRoc(positive: readonly boolean[], scores: readonly number[]): number | null {
  let positives = 0;
  let area = 0;
  const all = positive.filter(Boolean).length;
  const negatives = positive.length - all;
  if (all === 0 || negatives === 0) return null;
  for (const { hits, misses } of thresholds(positive, scores)) {
    area += misses * (positives + hits / 2);
    positives += hits;
  }
  return area / (all * negatives);
}

/**
 * Average precision: precision at each threshold, weighted by the recall gained there, not interpolated
 * (scikit-learn 1.9.1). Null without a positive.
 */
export function averagePrecision(positive: readonly boolean[], scores: readonly number[]): number | null {
  const all = positive.filter(Boolean).length;
  if (all === 0) return null;
  let hits = 0;
  let seen = 0;
  let total = 0;
  for (const step of thresholds(positive, scores)) {
    hits += step.hits;
    seen += step.hits + step.misses;
    total += (step.hits / all) * (hits / seen);
  }
  return total;
}

/** Mean squared difference of probability and outcome, in [0, 1]; null without any. */
export function brierScore(positive: readonly boolean[], probabilities: readonly number[]): number | null {
  if (positive.length === 0) return null;
  return (
    sum(positive.map((outcome, index) => (probabilities[index]! - Number(outcome)) ** 2)) / positive.length
  );
}

/** Gap between what was forecast and what happened, over bins of the probability. */
export interface CalibrationError {
  /** Mean over samples of the gap of their bin. */
  readonly ece: number;
  /** Largest gap of a bin. */
  readonly mce: number;
}

/**
 * Expected and maximum calibration error; null without any sample.
 * @param strategy `width`: bin b of B holds (b/B, (b+1)/B], 0 in the first. `mass`: samples in order of probability
 * (then of their place), the first `n mod B` bins one larger. Empty bins do not count.
 */
export function calibrationError(
  positive: readonly boolean[],
  probabilities: readonly number[],
  options: { bins?: number; strategy?: 'width' | 'mass' } = {},
): CalibrationError | null {
  const count = positive.length;
  if (count === 0) return null;
  const bins = options.bins ?? 10;
  const places = options.strategy === 'mass' ? byMass(probabilities, bins) : byWidth(probabilities, bins);
  const sizes = Array<number>(bins).fill(0);
  const outcomes = Array<number>(bins).fill(0);
  const forecasts = Array<number>(bins).fill(0);
  for (const [index, bin] of places.entries()) {
    sizes[bin]! += 1;
    outcomes[bin]! += Number(positive[index]);
    forecasts[bin]! += probabilities[index]!;
  }
  const gaps = sizes.map((size, bin) =>
    size === 0 ? 0 : Math.abs(outcomes[bin]! / size - forecasts[bin]! / size),
  );
  return {
    ece: sum(gaps.map((gap, bin) => (gap * sizes[bin]!) / count)),
    mce: gaps.reduce((a, b) => Math.max(a, b), 0),
  };
}

function byWidth(probabilities: readonly number[], bins: number): number[] {
  return probabilities.map((value) => Math.min(bins - 1, Math.max(0, Math.ceil(value * bins) - 1)));
}

function byMass(probabilities: readonly number[], bins: number): number[] {
  const order = probabilities.map((_, index) => index);
  order.sort((a, b) => probabilities[a]! - probabilities[b]! || a - b);
  const base = Math.floor(order.length / bins);
  const larger = order.length % bins;
  const places: number[] = Array(order.length).fill(0);
  for (const [rank, index] of order.entries()) {
    const inLarger = larger * (base + 1);
    places[index] =
      rank < inLarger ? Math.floor(rank / (base + 1)) : larger + Math.floor((rank - inLarger) / base);
  }
  return places;
}

/** Positives and negatives at each distinct score, highest first. */
function thresholds(
  positive: readonly boolean[],
  scores: readonly number[],
): { hits: number; misses: number }[] {
  const order = scores.map((_, index) => index).sort((a, b) => scores[b]! - scores[a]!);
  const steps: { score: number; hits: number; misses: number }[] = [];
  for (const index of order) {
    const score = scores[index]!;
    let step = steps.at(-1);
    if (!step || step.score !== score) {
      step = { score, hits: 0, misses: 0 };
      steps.push(step);
    }
    if (positive[index]) step.hits += 1;
    else step.misses += 1;
  }
  return steps;
}
