import { type ClusterLayout, clusterSums } from './cluster-layout.ts';
import { normalUpper, proportionUpper, tUpper } from './quantiles.ts';

/** What the upper bound of a mean is computed from. */
export interface EffectiveSample {
  /** Mean over the samples, in [0, 1]. */
  readonly mean: number;
  /** Number of independent yes/no trials that would know the mean as precisely as this sample does. */
  readonly trials: number;
}

/** Clustered values in [0, 1] as the reduction sees them, whether they are all at hand or were summed up one by one. */
export interface ClusteredTotals {
  readonly samples: number;
  /** Kish's number of equally weighted samples; `samples` without weights. */
  readonly effectiveSamples: number;
  readonly clusters: number;
  /** As in `ClusterLayout`. */
  readonly typicalSize: number;
  /** As in `ClusterLayout`. */
  readonly degrees: number;
  /** Sum of the values. */
  readonly total: number;
  /** Samples in clusters whose sum is not 0. */
  readonly samplesInNonZero: number;
  /** Largest sum of a cluster. */
  readonly largestSum: number;
  /** Whether every value is 0 or 1. */
  readonly binary: boolean;
  /** Sum over clusters of ((sum - centre * size) / (enlarged - size))^2. */
  jackknifeSquares(centre: number, enlarged: number): number;
}

/**
 * Reduces clustered values in [0, 1] to an effective number of independent trials, for an upper bound at
 * one-sided error `tail` (Korn & Graubard 1998, with three changes).
 *
 * The variance is the jackknife over clusters of the ratio estimator, computed on the sample plus one imagined cluster of
 * typical size; for clusters of one size it is the linearised variance with C/(C-1), and a cluster that holds much of the sample
 * does not hide its own deviation. A sample with few non-zero clusters cannot show how large a rare cluster may be, so the
 * imagined one carries the worst case (all ones) with weight 1/(k+1) and the largest that was seen, as far as its size has room for it, with
 * weight k/(k+1), k being the number of non-zero clusters, counted in clusters of typical size. The degrees of freedom are those of
 * `degreesOfClusters`. For independent yes/no values this gives exactly
 * n trials (Clopper-Pearson); with no non-zero cluster it gives the effective number of clusters.
 */
export function effectiveTrials(totals: ClusteredTotals, tail: number): EffectiveSample {
  const { samples, effectiveSamples, clusters, typicalSize, total, binary } = totals;
  if (clusters < 2) return { mean: total / samples, trials: 0 };
  const nonZero = totals.samplesInNonZero / typicalSize;
  const largestSum = Math.min(totals.largestSum, typicalSize);
  const imagined = Math.sqrt((nonZero * largestSum ** 2 + typicalSize ** 2) / (nonZero + 1));
  const enlarged = samples + typicalSize;
  const centre = (total + imagined) / enlarged;
  const squares =
    totals.jackknifeSquares(centre, enlarged) + ((imagined - centre * typicalSize) / samples) ** 2;
  const variance = (clusters / (clusters + 1)) * squares;
  const trials = variance === 0 ? effectiveSamples : Math.max(0, (centre * (1 - centre)) / variance);
  const reference = binary ? tUpper(tail, Math.max(effectiveSamples - 1, 1)) : normalUpper(tail);
  const shrink = totals.degrees > 0 ? (reference / tUpper(tail, totals.degrees)) ** 2 : 0;
  return {
    mean: total / samples,
    trials: (binary ? Math.min(trials, effectiveSamples) : trials) * Math.min(1, shrink),
  };
}

/** `effectiveTrials` of values that are all at hand. */
export function effectiveSample(
  values: ArrayLike<number>,
  layout: ClusterLayout,
  tail: number,
): EffectiveSample {
  const { samples, effectiveSamples, count, sizes, typicalSize, degrees } = layout;
  const sums = clusterSums(values, layout);
  return effectiveTrials(
    {
      samples,
      effectiveSamples,
      clusters: count,
      typicalSize,
      degrees,
      total: sums.reduce((sum, value) => sum + value, 0),
      samplesInNonZero: sums.reduce((size, value, cluster) => size + (value === 0 ? 0 : sizes[cluster]!), 0),
      largestSum: sums.reduce((a, b) => Math.max(a, b), 0),
      binary: isBinary(values),
      jackknifeSquares: (centre, enlarged) =>
        sums.reduce(
          (sum, value, cluster) =>
            sum + ((value - centre * sizes[cluster]!) / (enlarged - sizes[cluster]!)) ** 2,
          0,
        ),
    },
    tail,
  );
}

/** Upper bound at one-sided error `tail` from an effective sample; 1 when nothing is known. */
export function upperOf({ mean, trials }: EffectiveSample, tail: number): number {
  return Math.max(mean, proportionUpper(mean * trials, trials, tail));
}

/** Upper bound of the mean of clustered values in [0, 1] at one-sided error `tail`; 1 when nothing is known. */
export function upperMean(values: ArrayLike<number>, layout: ClusterLayout, tail: number): number {
  return upperOf(effectiveSample(values, layout, tail), tail);
}

/** Lower bound: the upper bound of the complement, mirrored. */
export function lowerMean(values: ArrayLike<number>, layout: ClusterLayout, tail: number): number {
  return 1 - upperMean(complement(values), layout, tail);
}

function complement(values: ArrayLike<number>): Float64Array {
  const mirrored = new Float64Array(values.length);
  for (let index = 0; index < values.length; index += 1) mirrored[index] = 1 - values[index]!;
  return mirrored;
}

function isBinary(values: ArrayLike<number>): boolean {
  for (let index = 0; index < values.length; index += 1)
    if (values[index] !== 0 && values[index] !== 1) return false;
  return true;
}
