import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { normalLowerTail, normalUpper } from '../../statistics/quantiles.ts';
import { numpySum } from './numpy-sum.ts';

/** How the interval is read off the bootstrap distribution. */
export type BootstrapMethod = 'BCa' | 'percentile' | 'basic';

/** `greater` has a lower bound only, `less` an upper one; the open side is infinite. */
export interface BootstrapOptions {
  readonly confidence?: number;
  readonly alternative?: 'two-sided' | 'greater' | 'less';
}

/** Bounds; null where the distribution is degenerate, as BCa is when every resample is on one side. */
export interface BootstrapInterval {
  readonly low: number | null;
  readonly high: number | null;
}

/** A statistic of a sample. */
export type Statistic = (values: readonly number[]) => number;

export const mean: Statistic = (values) => numpySum(values) / values.length;

/** Middle value; the mean of the two middle ones of an even number. */
export const median: Statistic = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  return quantileOfSorted(sorted, 0.5)!;
};

/**
 * Interval of a statistic from its values on resamples (scipy 1.17.1, `bootstrap`). BCa corrects for bias by the share
 * of resamples below the statistic (ties half) and for skewness by the jackknife (Efron & Tibshirani 1993, 14.3);
 * quantiles interpolate linearly.
 */
export function bootstrapInterval(
  data: readonly number[],
  distribution: readonly number[],
  statistic: Statistic,
  method: BootstrapMethod,
  options: BootstrapOptions = {},
): BootstrapInterval {
  const alternative = options.alternative ?? 'two-sided';
  const error = 1 - (options.confidence ?? 0.95);
  const tail = alternative === 'two-sided' ? error / 2 : error;
  const sorted = [...distribution].sort((a, b) => a - b);
  const [lower, upper] = method === 'BCa' ? bcaTails(data, sorted, statistic, tail) : [tail, 1 - tail];
  let low = quantileOfSorted(sorted, lower);
  let high = quantileOfSorted(sorted, upper);
  if (method === 'basic') {
    const twice = 2 * statistic(data);
    [low, high] = [high === null ? null : twice - high, low === null ? null : twice - low];
  }
  if (alternative === 'less') low = Number.NEGATIVE_INFINITY;
  if (alternative === 'greater') high = Number.POSITIVE_INFINITY;
  return { low, high };
}

/** Standard deviation of the bootstrap distribution (n - 1); null for fewer than two resamples. */
export function bootstrapStandardError(distribution: readonly number[]): number | null {
  if (distribution.length < 2) return null;
  const centre = mean(distribution);
  const squares = distribution.reduce((total, value) => total + (value - centre) ** 2, 0);
  return Math.sqrt(squares / (distribution.length - 1));
}

/** Values of a statistic on resamples with replacement; the same seed gives the same values. */
export function resample(
  data: readonly number[],
  statistic: Statistic,
  resamples = 9999,
  seed = 1,
): number[] {
  const generator = xoroshiro128plus(seed);
  const drawn = [...data];
  return Array.from({ length: resamples }, () => {
    for (let index = 0; index < drawn.length; index += 1)
      drawn[index] = data[uniformInt(generator, 0, data.length - 1)]!;
    return statistic(drawn);
  });
}

function bcaTails(
  data: readonly number[],
  sorted: readonly number[],
  statistic: Statistic,
  tail: number,
): [number, number] {
  const observed = statistic(data);
  const below = sorted.filter((value) => value < observed).length;
  const upTo = sorted.filter((value) => value <= observed).length;
  const bias = -normalUpper((below + upTo) / (2 * sorted.length));
  const skew = acceleration(data, statistic);
  const critical = normalUpper(tail);
  const shifted = (z: number): number => normalLowerTail(bias + (bias + z) / (1 - skew * (bias + z)));
  return [shifted(-critical), shifted(critical)];
}

/** Skewness of the jackknife values over 6. */
function acceleration(data: readonly number[], statistic: Statistic): number {
  const values = data.map((_, left) => statistic(data.filter((_value, index) => index !== left)));
  const centre = mean(values);
  const gaps = values.map((value) => centre - value);
  const cubes = gaps.reduce((total, gap) => total + gap ** 3, 0);
  const squares = gaps.reduce((total, gap) => total + gap ** 2, 0);
  return cubes / (6 * squares ** 1.5);
}

function quantileOfSorted(sorted: readonly number[], share: number): number | null {
  if (sorted.length === 0 || Number.isNaN(share)) return null;
  const position = share * (sorted.length - 1);
  const floor = Math.floor(position);
  const low = sorted[floor]!;
  const high = sorted[Math.min(floor + 1, sorted.length - 1)]!;
  return low + (position - floor) * (high - low);
}
