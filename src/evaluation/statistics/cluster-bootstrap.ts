import { bootstrapInterval, resample, type Statistic } from '../metrics/statistics/bootstrap.ts';

/** Fewest clusters for which a bootstrap interval is made. */
const fewestResampled = 5;
/** And most: the jackknife takes their square in time, and with so many the interval tells nothing new. */
const mostResampled = 4000;

/**
 * Bias-corrected and accelerated bootstrap interval that resamples whole clusters, from a fixed seed; the acceleration is the
 * jackknife over clusters. Null under 5 and above 4,000 clusters and where a resample leaves the statistic undefined. It is description: with few
 * clusters or rare events it covers less than it says.
 * @param statistic of a sample that is given as the numbers of its clusters, a cluster as often as it was drawn.
 */
export function clusterBootstrap(
  statistic: Statistic,
  clusters: number,
  confidence: number,
  resamples = 2000,
): { readonly low: number; readonly high: number } | null {
  if (clusters < fewestResampled || clusters > mostResampled) return null;
  const numbers = Array.from({ length: clusters }, (_, cluster) => cluster);
  const distribution = resample(numbers, statistic, resamples);
  if (!distribution.every(Number.isFinite)) return null;
  const observed = statistic(numbers);
  if (distribution.every((value) => value === observed)) return { low: observed, high: observed };
  const { low, high } = bootstrapInterval(numbers, distribution, statistic, 'BCa', { confidence });
  return low === null || high === null ? null : { low, high };
}
