import { clusterLayout, clusterSums } from '../statistics/cluster-layout.ts';
import { tUpper } from '../statistics/quantiles.ts';

/**
 * Mean of amounts without an upper limit (seconds, tokens, USD) with a two-sided t interval, clusters - 1 degrees of
 * freedom, on the linearised ratio estimator with the C / (C - 1) correction. The lower end is at least 0; with one
 * cluster there is no interval.
 */
export function amountInterval(
  values: readonly number[],
  clusters: readonly string[],
  confidence: number,
): { mean: number; low: number | null; high: number | null } {
  const layout = clusterLayout(clusters);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const { count, sizes } = layout;
  if (count < 2) return { mean, low: null, high: null };
  const sums = clusterSums(values, layout);
  const squares = sums.reduce((sum, value, cluster) => sum + (value - mean * (sizes[cluster] ?? 0)) ** 2, 0);
  const deviation = Math.sqrt(((count / (count - 1)) * squares) / (values.length * values.length));
  const reach = tUpper((1 - confidence) / 2, count - 1) * deviation;
  return { mean, low: Math.max(0, mean - reach), high: mean + reach };
}
