import { type ClusteredTotals, effectiveTrials, upperOf } from './bounded-mean.ts';
import { degreesOfClusters } from './cluster-layout.ts';
import { tUpper } from './quantiles.ts';

/** Clusters of one size, summed up. */
interface SizeClass {
  clusters: number;
  /** Sum over clusters of their sum, and of its square. */
  sums: number;
  squaredSums: number;
  /** Clusters whose sum, and whose shortfall (size - sum), is not 0. */
  nonZeroSums: number;
  nonZeroShortfalls: number;
}

/** What intervals of a mean are computed from; it grows with the number of different cluster sizes only. */
export interface ClusterMoments {
  readonly samples: number;
  readonly clusters: number;
  readonly total: number;
  readonly smallest: number;
  readonly greatest: number;
  /** Largest sum of a cluster, and of its shortfall. */
  readonly largestSum: number;
  readonly largestShortfall: number;
  /** Whether every value was 0 or 1. */
  readonly binary: boolean;
  readonly bySize: ReadonlyMap<number, Readonly<SizeClass>>;
}

/** Takes values in one at a time, the values of one cluster after each other. */
export interface MomentsCollector {
  add(value: number, cluster: string): void;
  /** The moments of what was added; call it once, at the end. */
  finish(): ClusterMoments;
}

export function collectMoments(): MomentsCollector {
  const bySize = new Map<number, SizeClass>();
  const moments = {
    samples: 0,
    clusters: 0,
    total: 0,
    smallest: Number.POSITIVE_INFINITY,
    greatest: Number.NEGATIVE_INFINITY,
    largestSum: 0,
    largestShortfall: 0,
    binary: true,
    bySize,
  };
  let open: string | null = null;
  let size = 0;
  let sum = 0;
  const close = (): void => {
    if (size === 0) return;
    const shortfall = size - sum;
    moments.clusters++;
    moments.largestSum = Math.max(moments.largestSum, sum);
    moments.largestShortfall = Math.max(moments.largestShortfall, shortfall);
    const none = { clusters: 0, sums: 0, squaredSums: 0, nonZeroSums: 0, nonZeroShortfalls: 0 };
    const sized = bySize.get(size) ?? none;
    bySize.set(size, {
      clusters: sized.clusters + 1,
      sums: sized.sums + sum,
      squaredSums: sized.squaredSums + sum * sum,
      nonZeroSums: sized.nonZeroSums + (sum === 0 ? 0 : 1),
      nonZeroShortfalls: sized.nonZeroShortfalls + (shortfall === 0 ? 0 : 1),
    });
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
  return {
    mean: moments.total / moments.samples,
    low: 1 - upperOf(effectiveTrials(totalsOf(moments, true), tail), tail),
    high: upperOf(effectiveTrials(totalsOf(moments, false), tail), tail),
  };
}

/** Totals of the values, or of 1 - value (`mirrored`). */
function totalsOf(moments: ClusterMoments, mirrored: boolean): ClusteredTotals {
  const { samples, total, bySize } = moments;
  const classes = [...bySize];
  const over = (value: (size: number, sized: Readonly<SizeClass>) => number): number =>
    classes.reduce((sum, [size, sized]) => sum + value(size, sized), 0);
  return {
    samples,
    effectiveSamples: samples,
    clusters: moments.clusters,
    typicalSize: powerSum(moments, 2) / samples,
    degrees: degreesOfClusters(samples, powerSum(moments, 2), powerSum(moments, 4)),
    total: mirrored ? samples - total : total,
    samplesInNonZero: over((size, sized) => size * (mirrored ? sized.nonZeroShortfalls : sized.nonZeroSums)),
    largestSum: mirrored ? moments.largestShortfall : moments.largestSum,
    binary: moments.binary,
    jackknifeSquares: (centre, enlarged) =>
      over(
        (size, sized) =>
          residualSquares(sized, size, mirrored ? 1 - centre : centre) / (enlarged - size) ** 2,
      ),
  };
}

/** Sum of a power of the cluster sizes. */
function powerSum({ bySize }: ClusterMoments, power: number): number {
  let sum = 0;
  for (const [size, { clusters }] of bySize) sum += clusters * size ** power;
  return sum;
}

/** Sum over the clusters of a size of (sum - centre * size)^2. */
function residualSquares(
  { clusters, sums, squaredSums }: Readonly<SizeClass>,
  size: number,
  centre: number,
): number {
  const expected = centre * size;
  return Math.max(0, squaredSums - 2 * expected * sums + clusters * expected * expected);
}

/**
 * Mean of amounts without an upper limit (seconds, tokens, USD) with a two-sided t interval: the jackknife variance of the ratio
 * estimator over clusters, with `degreesOfClusters`. The lower end is at least 0; with one cluster, or next to
 * all samples in one, there is no interval.
 * @param shift what was taken off each value before it was added, so that large equal values do not cancel badly.
 */
export function amountFromMoments(
  moments: ClusterMoments,
  confidence: number,
  shift: number,
): { mean: number; low: number | null; high: number | null } {
  const { samples, clusters, total, bySize } = moments;
  const centre = total / samples;
  const mean = centre + shift;
  if (clusters < 2) return { mean, low: null, high: null };
  let squares = 0;
  for (const [size, sized] of bySize) squares += residualSquares(sized, size, centre) / (samples - size) ** 2;
  const deviation = Math.sqrt(((clusters - 1) / clusters) * squares);
  const degrees = degreesOfClusters(samples, powerSum(moments, 2), powerSum(moments, 4));
  const reach = tUpper((1 - confidence) / 2, degrees) * deviation;
  // With next to no degrees of freedom t has no bound.
  if (!Number.isFinite(reach)) return { mean, low: null, high: null };
  return { mean, low: Math.max(0, mean - reach), high: mean + reach };
}
