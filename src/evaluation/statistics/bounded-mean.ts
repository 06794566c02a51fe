import { type ClusterLayout, clusterSums } from './cluster-layout.ts';
import { normalUpper, proportionUpper, tUpper } from './quantiles.ts';

/** What the upper bound of a mean is computed from. */
export interface EffectiveSample {
  /** Mean over the samples, in [0, 1]. */
  readonly mean: number;
  /** Number of independent yes/no trials that would know the mean as precisely as this sample does. */
  readonly trials: number;
  /** Clusters with a value other than 0. */
  readonly nonZeroClusters: number;
}

/**
 * Reduces clustered values in [0, 1] to an effective number of independent trials, for an upper bound at
 * one-sided error `tail` (Korn & Graubard 1998, with two changes).
 *
 * The variance is the linearised ratio estimator with the C/(C-1) correction, computed on the sample plus one
 * imagined cluster of typical size. A sample with few non-zero clusters cannot show how large a rare cluster
 * may be, so the imagined one carries the worst case (all ones) with weight 1/(k+1) and the largest that was seen with
 * weight k/(k+1), k being the number of non-zero clusters. For independent yes/no values this gives exactly n trials
 * (Clopper-Pearson); with no non-zero cluster it gives the effective number of clusters.
 */
export function effectiveSample(
  values: ArrayLike<number>,
  layout: ClusterLayout,
  tail: number,
): EffectiveSample {
  const { samples, count, sizes, typicalSize } = layout;
  const sums = clusterSums(values, layout);
  const total = sums.reduce((sum, value) => sum + value, 0);
  const nonZeroClusters = sums.reduce((found, value) => found + (value === 0 ? 0 : 1), 0);
  if (count < 2) return { mean: total / samples, trials: 0, nonZeroClusters };

  const largest = sums.reduce((a, b) => Math.max(a, b), 0);
  const imagined = Math.sqrt(
    (nonZeroClusters * largest * largest + typicalSize * typicalSize) / (nonZeroClusters + 1),
  );
  const enlarged = samples + typicalSize;
  const centre = (total + imagined) / enlarged;
  const squares = sums.reduce(
    (sum, value, cluster) => sum + (value - centre * sizes[cluster]!) ** 2,
    (imagined - centre * typicalSize) ** 2,
  );
  const variance = ((count + 1) / count) * (squares / (enlarged * enlarged));
  const binary = isBinary(values);
  const trials = variance === 0 ? samples : Math.max(0, (centre * (1 - centre)) / variance);
  const reference = binary ? tUpper(tail, Math.max(samples - 1, 1)) : normalUpper(tail);
  const shrink = (reference / tUpper(tail, layout.effectiveCount - 1)) ** 2;
  return {
    mean: total / samples,
    trials: (binary ? Math.min(trials, samples) : trials) * Math.min(1, shrink),
    nonZeroClusters,
  };
}

/** Upper bound of the mean of clustered values in [0, 1] at one-sided error `tail`; 1 when nothing is known. */
export function upperMean(values: ArrayLike<number>, layout: ClusterLayout, tail: number): number {
  const sample = effectiveSample(values, layout, tail);
  return Math.max(sample.mean, proportionUpper(sample.mean * sample.trials, sample.trials, tail));
}

/** Lower bound: the upper bound of the complement, mirrored. */
export function lowerMean(values: ArrayLike<number>, layout: ClusterLayout, tail: number): number {
  return 1 - upperMean(complement(values), layout, tail);
}

function complement(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values, (value) => 1 - value);
}

function isBinary(values: ArrayLike<number>): boolean {
  for (let index = 0; index < values.length; index += 1)
    if (values[index] !== 0 && values[index] !== 1) return false;
  return true;
}
