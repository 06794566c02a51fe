import { wilsonInterval } from '../metrics/statistics/proportion-intervals.ts';
import { type ClusterLayout, clusterSums, weightedMean } from './cluster-layout.ts';

/**
 * Wilson's score interval of a share of yes/no values, on the sample divided by its design effect (never under 1). Null for
 * values that are not all 0 or 1, and under two clusters. Without clusters it is Wilson's own.
 */
export function clusterWilson(
  values: ArrayLike<number>,
  layout: ClusterLayout,
  confidence: number,
): { readonly low: number; readonly high: number } | null {
  if (layout.count < 2 || Array.from(values).some((value) => value !== 0 && value !== 1)) return null;
  const trials = independentTrials(values, layout);
  return wilsonInterval(weightedMean(values, layout) * trials, trials, 1 - confidence);
}

/** Independent yes/no values that these are worth: the sample (Kish, where weighted) divided by its design effect, never under 1. */
export function independentTrials(values: ArrayLike<number>, layout: ClusterLayout): number {
  if (layout.samples === 0) return 0;
  return layout.effectiveSamples / Math.max(1, designEffect(values, weightedMean(values, layout), layout));
}

/** Variance of the mean by clusters over that of as many independent samples; the typical cluster size where all are alike. */
function designEffect(values: ArrayLike<number>, share: number, layout: ClusterLayout): number {
  const { samples, effectiveSamples, count, sizes, effectiveCount } = layout;
  if (share === 0 || share === 1 || count < 2) return effectiveSamples / effectiveCount;
  if (count === samples) return 1;
  const squares = clusterSums(values, layout).reduce(
    (sum, value, cluster) => sum + (value - share * sizes[cluster]!) ** 2,
    0,
  );
  const variance = ((count / (count - 1)) * squares) / (samples * samples);
  return (variance * effectiveSamples) / (share * (1 - share));
}
