import betaQuantile from '@stdlib/stats-base-dists-beta-quantile';
import gammaQuantile from '@stdlib/stats-base-dists-gamma-quantile';
import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import tQuantile from '@stdlib/stats-base-dists-t-quantile';

/** Value that a standard normal variable exceeds with probability `tail`, 0 < tail < 1. */
export function normalUpper(tail: number): number {
  return -normalQuantile(tail, 0, 1);
}

/** Value that Student's t with `degrees` > 0 degrees of freedom (fractions allowed) exceeds with probability `tail`. */
export function tUpper(tail: number, degrees: number): number {
  return -tQuantile(tail, degrees);
}

/**
 * Clopper-Pearson upper bound of a proportion: `hits` of `trials`, both of which may be fractions (an effective
 * sample), at one-sided error `tail`. 1 when every trial is a hit.
 */
export function proportionUpper(hits: number, trials: number, tail: number): number {
  if (!(trials - hits > 1e-12)) return 1;
  return betaQuantile(1 - tail, hits + 1, trials - hits);
}

/** Chance that a standard normal variable lies at or below `value`; 0 and 1 at the infinities. */
export function normalLowerTail(value: number): number {
  return normalCdf(value, 0, 1);
}

/** Chance that a standard normal variable exceeds `value`. */
export function normalUpperTail(value: number): number {
  return normalCdf(-value, 0, 1);
}

/** Value below which a beta variable lies with probability `tail`. */
export function betaLower(tail: number, alpha: number, beta: number): number {
  return betaQuantile(tail, alpha, beta);
}

/** Value that a beta variable exceeds with probability `tail`. */
export function betaUpper(tail: number, alpha: number, beta: number): number {
  return 1 - betaQuantile(tail, beta, alpha);
}

/** Value below which a gamma variable of the given shape and of rate 1 lies with probability `tail`. */
export function gammaLower(tail: number, shape: number): number {
  return gammaQuantile(tail, shape, 1);
}
