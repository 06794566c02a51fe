import type { ClusterLayout } from './cluster-layout.ts';
import { meanIntervalOf } from './mean-interval.ts';

/**
 * Two-sided interval of a chance-corrected agreement, 1 - observed / chance disagreement (Cohen's kappa, Krippendorff's alpha):
 * the clustered bounds of the observed disagreement, over the chance disagreement, which is taken as it was seen. It has a width where
 * nobody disagrees, which the jackknife has not. Null without an item or where chance alone agrees on everything.
 * @param disagreements share of the pairs of ratings of an item that differ, in [0, 1].
 * @param tail error on each side.
 */
export function agreementInterval(
  disagreements: readonly number[],
  layout: ClusterLayout,
  chance: number,
  tail: number,
): { readonly low: number; readonly high: number } | null {
  const { low, high } = meanIntervalOf(disagreements, layout, tail, { low: 0, high: 1 });
  if (low === null || high === null || !(chance > 0)) return null;
  return { low: Math.max(-1, 1 - high / chance), high: Math.min(1, 1 - low / chance) };
}
