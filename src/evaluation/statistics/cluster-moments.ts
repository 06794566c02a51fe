import { normalUpper, proportionUpper, tUpper } from './quantiles.ts';

/** Sums over clusters that intervals of a mean are computed from; their size does not grow with the samples. */
export interface ClusterMoments {
  readonly samples: number;
  readonly clusters: number;
  readonly total: number;
  readonly smallest: number;
  readonly greatest: number;
  /** Sum over clusters of size^2, of sum * size and of sum^2. */
  readonly squaredSizes: number;
  readonly products: number;
  readonly squaredSums: number;
  /** Largest sum of a cluster, and of its shortfall (size - sum). */
  readonly largestSum: number;
  readonly largestShortfall: number;
  /** Clusters whose sum, and whose shortfall, is not 0. */
  readonly nonZeroSums: number;
  readonly nonZeroShortfalls: number;
  /** Whether every value was 0 or 1. */
  readonly binary: boolean;
}

/** Takes values in one at a time, the values of one cluster after each other. */
export interface MomentsCollector {
  add(value: number, cluster: string): void;
  /** The moments of what was added; call it once, at the end. */
  finish(): ClusterMoments;
}

export function collectMoments(): MomentsCollector {
  const moments = {
    samples: 0,
    clusters: 0,
    total: 0,
    smallest: Number.POSITIVE_INFINITY,
    greatest: Number.NEGATIVE_INFINITY,
    squaredSizes: 0,
    products: 0,
    squaredSums: 0,
    largestSum: 0,
    largestShortfall: 0,
    nonZeroSums: 0,
    nonZeroShortfalls: 0,
    binary: true,
  };
  let open: string | null = null;
  let size = 0;
  let sum = 0;
  const close = (): void => {
    if (size === 0) return;
    moments.clusters++;
    moments.squaredSizes += size * size;
    moments.products += sum * size;
    moments.squaredSums += sum * sum;
    moments.largestSum = Math.max(moments.largestSum, sum);
    moments.largestShortfall = Math.max(moments.largestShortfall, size - sum);
    if (sum !== 0) moments.nonZeroSums++;
    if (size - sum !== 0) moments.nonZeroShortfalls++;
    size = 0;
    sum = 0;
  };
  return {
    add(value, cluster) {
      if (cluster !== open) close();
      open = cluster;
      size++;
      sum += value;
      moments.samples++;
      moments.total += value;
      moments.smallest = Math.min(moments.smallest, value);
      moments.greatest = Math.max(moments.greatest, value);
      moments.binary &&= value === 0 || value === 1;
    },
    finish() {
      close();
      return moments;
    },
  };
}

/**
 * `meanInterval` for values in [0, 1], from their moments: the same bounds to rounding. With one cluster the
 * interval is [0, 1].
 */
export function momentsInterval(
  moments: ClusterMoments,
  confidence: number,
): { mean: number; low: number; high: number } {
  const tail = (1 - confidence) / 2;
  const shortfall: ClusterMoments = {
    ...moments,
    total: moments.samples - moments.total,
    products: moments.squaredSizes - moments.products,
    squaredSums: moments.squaredSizes - 2 * moments.products + moments.squaredSums,
    largestSum: moments.largestShortfall,
    nonZeroSums: moments.nonZeroShortfalls,
  };
  return {
    mean: moments.total / moments.samples,
    low: 1 - upperBound(shortfall, tail),
    high: upperBound(moments, tail),
  };
}

/** `upperMean` of `bounded-mean.ts`, whose comment explains it, from moments. */
function upperBound(moments: ClusterMoments, tail: number): number {
  const { samples, clusters, total, squaredSizes, products, squaredSums, binary } = moments;
  const mean = total / samples;
  if (clusters < 2) return Math.max(mean, proportionUpper(0, 0, tail));
  const typicalSize = squaredSizes / samples;
  const effectiveCount = samples / typicalSize;
  const { nonZeroSums, largestSum } = moments;
  const imagined = Math.sqrt(
    (nonZeroSums * largestSum * largestSum + typicalSize * typicalSize) / (nonZeroSums + 1),
  );
  const enlarged = samples + typicalSize;
  const centre = (total + imagined) / enlarged;
  const spread = squaredSums - 2 * centre * products + centre * centre * squaredSizes;
  const squares = Math.max(0, spread) + (imagined - centre * typicalSize) ** 2;
  const variance = ((clusters + 1) / clusters) * (squares / (enlarged * enlarged));
  const trials = variance === 0 ? samples : Math.max(0, (centre * (1 - centre)) / variance);
  const reference = binary ? tUpper(tail, Math.max(samples - 1, 1)) : normalUpper(tail);
  const shrink = (reference / tUpper(tail, effectiveCount - 1)) ** 2;
  const worth = (binary ? Math.min(trials, samples) : trials) * Math.min(1, shrink);
  return Math.max(mean, proportionUpper(mean * worth, worth, tail));
}

/**
 * Mean of amounts without an upper limit (seconds, tokens, USD) with a two-sided t interval, clusters - 1 degrees of
 * freedom, on the linearised ratio estimator with the C / (C - 1) correction. The lower end is at least 0; with one
 * cluster there is no interval.
 * @param shift what was taken off each value before it was added, so that large equal values do not cancel badly.
 */
export function amountFromMoments(
  moments: ClusterMoments,
  confidence: number,
  shift: number,
): { mean: number; low: number | null; high: number | null } {
  const { samples, clusters, total, squaredSizes, products, squaredSums } = moments;
  const centre = total / samples;
  const mean = centre + shift;
  if (clusters < 2) return { mean, low: null, high: null };
  const squares = Math.max(0, squaredSums - 2 * centre * products + centre * centre * squaredSizes);
  const deviation = Math.sqrt(((clusters / (clusters - 1)) * squares) / (samples * samples));
  const reach = tUpper((1 - confidence) / 2, clusters - 1) * deviation;
  return { mean, low: Math.max(0, mean - reach), high: mean + reach };
}
