import { type EffectiveSample, effectiveSample, lowerMean } from './bounded-mean.ts';
import { type ClusterLayout, clusterSums, weightedMean } from './cluster-layout.ts';
import { proportionUpper } from './quantiles.ts';

/** Mean paired difference with its two-sided interval, in units of the range (from -1 to 1). */
export interface DifferenceInterval {
  readonly difference: number;
  readonly low: number;
  readonly high: number;
}

/** One side of a paired difference: the mean of its gains, or of its losses. */
export interface Side {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Interval of a mean paired difference, clustered. The difference is split into gains and losses, whose means lie in
 * [0, 1] and have bounds that hold when they are rare (`effectiveSample`); these are put together by the method of
 * variance estimates recovery with the cluster-robust correlation of gains and losses (Zou & Donner 2008;
 * Newcombe 1998, method 10, has the same form). Where both are common it agrees with t on clusters - 1 degrees of
 * freedom; where no sample differs it is Clopper-Pearson on zero of the effective number of clusters. One cluster: [-1, 1].
 * @param differences one per sample, in [-1, 1].
 * @param tail error on each side.
 */
export function differenceInterval(
  differences: ArrayLike<number>,
  layout: ClusterLayout,
  tail: number,
): DifferenceInterval {
  const given = Float64Array.from(differences);
  const gains = given.map((value) => Math.max(value, 0));
  const losses = given.map((value) => Math.max(-value, 0));
  return combineSides(
    boundSide(gains, layout, tail),
    boundSide(losses, layout, tail),
    sideCorrelation(gains, losses, layout),
  );
}

/** The lower end of `differenceInterval`, for half the work. */
export function differenceLower(differences: ArrayLike<number>, layout: ClusterLayout, tail: number): number {
  const given = Float64Array.from(differences);
  const gains = given.map((value) => Math.max(value, 0));
  const losses = given.map((value) => Math.max(-value, 0));
  const gained = weightedMean(gains, layout);
  const low = lowerMean(gains, layout, tail);
  const lost = effectiveSample(losses, layout, tail);
  const high = proportionUpper(lost.mean * lost.trials, lost.trials, tail);
  return combineSides(
    { mean: gained, low: Math.min(low, gained), high: 1 },
    { mean: lost.mean, low: 0, high: Math.max(high, lost.mean) },
    sideCorrelation(gains, losses, layout),
  ).low;
}

function boundSide(values: Float64Array, layout: ClusterLayout, tail: number): Side {
  return sideOf(effectiveSample(values, layout, tail), tail, lowerMean(values, layout, tail));
}

function sideOf(sample: EffectiveSample, tail: number, low: number): Side {
  const high = proportionUpper(sample.mean * sample.trials, sample.trials, tail);
  return { mean: sample.mean, low: Math.min(low, sample.mean), high: Math.max(high, sample.mean) };
}

/** Bounds of gains - losses from the bounds of both and their correlation (at most 0). */
export function combineSides(gains: Side, losses: Side, correlation: number): DifferenceInterval {
  const difference = gains.mean - losses.mean;
  const reach = (a: number, b: number): number => Math.sqrt(a * a + b * b - 2 * correlation * a * b);
  return {
    difference,
    low: Math.max(-1, difference - reach(gains.mean - gains.low, losses.high - losses.mean)),
    high: Math.min(1, difference + reach(gains.high - gains.mean, losses.mean - losses.low)),
  };
}

/**
 * Correlation of the cluster totals of gains and losses about their means. A positive one is taken as 0:
 * it would shorten the interval on the word of a few clusters.
 */
function sideCorrelation(gains: Float64Array, losses: Float64Array, layout: ClusterLayout): number {
  const ups = residuals(gains, layout);
  const downs = residuals(losses, layout);
  const product = dot(ups, ups) * dot(downs, downs);
  return product === 0 ? 0 : Math.max(-1, Math.min(0, dot(ups, downs) / Math.sqrt(product)));
}

function residuals(values: Float64Array, layout: ClusterLayout): Float64Array {
  const sums = clusterSums(values, layout);
  const mean = sums.reduce((sum, value) => sum + value, 0) / layout.samples;
  return sums.map((sum, cluster) => sum - mean * layout.sizes[cluster]!);
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, index) => sum + value * b[index]!, 0);
}
