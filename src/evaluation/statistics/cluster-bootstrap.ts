import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { normalCdf, normalUpper } from './quantiles.ts';

/** A statistic of a sample in which cluster c occurs `copies[c]` times. */
export type ClusterStatistic = (copies: ArrayLike<number>) => number;

/** Fewest clusters for which a bootstrap interval is made. */
const fewestResampled = 5;

/**
 * Bias-corrected and accelerated bootstrap interval (Efron 1987) that resamples whole clusters, from a fixed seed; the
 * acceleration is the jackknife over clusters. Null under 5 clusters, and where a resample leaves the statistic undefined.
 * It is description: with few clusters or rare events it covers less than it says.
 */
export function clusterBootstrap(
  statistic: ClusterStatistic,
  clusters: number,
  confidence: number,
  resamples = 2000,
): { readonly low: number; readonly high: number } | null {
  if (clusters < fewestResampled) return null;
  const copies = new Float64Array(clusters).fill(1);
  const estimate = statistic(copies);
  const jackknife = Array.from({ length: clusters }, (_, left) => {
    copies[left] = 0;
    const value = statistic(copies);
    copies[left] = 1;
    return value;
  });
  const generator = xoroshiro128plus(1);
  const distribution = Array.from({ length: resamples }, () => {
    copies.fill(0);
    for (let draw = 0; draw < clusters; draw += 1) copies[uniformInt(generator, 0, clusters - 1)]! += 1;
    return statistic(copies);
  }).sort((a, b) => a - b);
  return acceleratedInterval(distribution, estimate, jackknife, confidence);
}

/** Ends of the BCa interval from a sorted bootstrap distribution; null where anything is not finite. */
function acceleratedInterval(
  distribution: readonly number[],
  estimate: number,
  jackknife: readonly number[],
  confidence: number,
): { low: number; high: number } | null {
  if (![estimate, ...jackknife, ...distribution].every(Number.isFinite)) return null;
  if (distribution[0] === distribution.at(-1)) return { low: estimate, high: estimate };
  const below = distribution.filter((value) => value < estimate).length;
  const notAbove = distribution.filter((value) => value <= estimate).length;
  const rank = (below + notAbove) / (2 * distribution.length);
  const bias = -normalUpper(Math.min(1 - 1e-9, Math.max(1e-9, rank)));
  const centre = jackknife.reduce((sum, value) => sum + value, 0) / jackknife.length;
  const cubes = jackknife.reduce((sum, value) => sum + (centre - value) ** 3, 0);
  const squares = jackknife.reduce((sum, value) => sum + (centre - value) ** 2, 0);
  const acceleration = squares === 0 ? 0 : cubes / (6 * squares ** 1.5);
  const at = (share: number): number => {
    const z = bias - normalUpper(share);
    return quantileOf(distribution, normalCdf(bias + z / (1 - acceleration * z)));
  };
  return { low: at((1 - confidence) / 2), high: at((1 + confidence) / 2) };
}

/** Quantile with linear interpolation between the order statistics. */
function quantileOf(sorted: readonly number[], share: number): number {
  const position = share * (sorted.length - 1);
  const below = Math.min(Math.floor(position), sorted.length - 2);
  return sorted[below]! + (position - below) * (sorted[below + 1]! - sorted[below]!);
}
