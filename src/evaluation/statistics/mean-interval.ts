import { lowerMean, upperMean } from './bounded-mean.ts';
import { type ClusterLayout, clusterLayout, weightedMean } from './cluster-layout.ts';
import { inferRange, type MetricRange, scaleToUnit } from './metric-range.ts';

/** A mean with its two-sided interval. All three are null where there is no value. */
export interface MeanInterval {
  readonly mean: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** Number of clusters behind it. */
  readonly clusters: number;
}

/**
 * Mean over samples with a cluster-aware two-sided interval that stays inside the range of the metric and never
 * has width 0. Independent yes/no values give the Clopper-Pearson interval; in general Clopper-Pearson on the effective number of
 * trials (`effectiveSample`). With one cluster nothing is known and the interval is the whole range.
 * @param clusters one cluster name per value; values of one cluster are not independent.
 * @param confidence for example .95.
 * @param range of the metric; inferred when absent (`inferRange`).
 */
export function meanInterval(
  values: readonly number[],
  clusters: readonly string[],
  confidence: number,
  range: MetricRange = inferRange(values),
): MeanInterval {
  return meanIntervalOf(values, clusterLayout(clusters), (1 - confidence) / 2, range);
}

/** `meanInterval` for a layout that is already there and an error of `tail` on each side. */
export function meanIntervalOf(
  values: readonly number[],
  layout: ClusterLayout,
  tail: number,
  range: MetricRange,
): MeanInterval {
  if (values.length === 0) return { mean: null, low: null, high: null, clusters: 0 };
  const unit = scaleToUnit(values, range);
  const width = range.high - range.low;
  return {
    mean: weightedMean(values, layout),
    low: range.low + width * lowerMean(unit, layout, tail),
    high: range.low + width * upperMean(unit, layout, tail),
    clusters: layout.count,
  };
}
