import { kolmogorovUpperTail } from './kolmogorov-distribution.ts';
import type { Alternative, TestResult } from './paired-tests.ts';

/** Sample size up to which `auto` counts paths. */
const mostForExact = 10_000;

/**
 * Two-sample Kolmogorov-Smirnov test (scipy 1.17.1, `ks_2samp`): the largest gap between the two empirical
 * distributions and its chance under one distribution, by counting paths (`exact`) or by that of one sample of the
 * effective size (`asymp`); `auto` counts up to 10,000 values. Null without values on both sides.
 */
export function kolmogorovSmirnov(
  first: readonly number[],
  second: readonly number[],
  options: { method?: 'auto' | 'exact' | 'asymp'; alternative?: Alternative } = {},
): TestResult | null {
  if (first.length === 0 || second.length === 0) return null;
  const alternative = options.alternative ?? 'two-sided';
  const gap = largestGap(first, second, alternative);
  const [n, m] = [first.length, second.length];
  const divisor = greatestCommonDivisor(n, m);
  const multiple = (n / divisor) * m;
  const method = options.method ?? 'auto';
  const exact = method === 'auto' ? Math.max(n, m) <= mostForExact : method === 'exact';
  if (!exact || multiple / divisor >= 2 ** 31 - 1)
    return { statistic: gap, pvalue: asymptotic(n, m, gap, alternative) };
  const steps = Math.round(gap * multiple);
  const statistic = steps / multiple;
  if (steps === 0) return { statistic, pvalue: 1 };
  // scipy counts the paths of unequal samples in binary64 on one side, and gives up where their number overflows.
  if (alternative !== 'two-sided' && n !== m && pathsOverflow(n, m))
    return { statistic, pvalue: asymptotic(n, m, statistic, alternative) };
  return { statistic, pvalue: pathsBeyond(n, m, divisor, steps, alternative === 'two-sided') };
}

/** Whether the number of orders of n and m values, (n + m)! / (n! m!), is beyond binary64. */
function pathsOverflow(n: number, m: number): boolean {
  let log = 0;
  for (let factor = 1; factor <= m; factor += 1) log += Math.log((n + factor) / factor);
  return log > Math.log(Number.MAX_VALUE);
}

function largestGap(first: readonly number[], second: readonly number[], alternative: Alternative): number {
  const a = [...first].sort((x, y) => x - y);
  const b = [...second].sort((x, y) => x - y);
  let i = 0;
  let j = 0;
  let above = 0;
  let below = 0;
  while (i < a.length || j < b.length) {
    const value = Math.min(a[i] ?? Number.POSITIVE_INFINITY, b[j] ?? Number.POSITIVE_INFINITY);
    while (i < a.length && a[i]! <= value) i += 1;
    while (j < b.length && b[j]! <= value) j += 1;
    const difference = i / a.length - j / b.length;
    above = Math.max(above, difference);
    below = Math.max(below, -difference);
  }
  return { greater: above, less: below, 'two-sided': Math.max(above, below) }[alternative];
}

/**
 * Chance that a random order of n and m values ever shows a gap of `steps` over their least common multiple. Follows
 * the probability of being at (i, j), adding up what leaves the band, so that nothing cancels.
 */
function pathsBeyond(n: number, m: number, divisor: number, steps: number, bothSides: boolean): number {
  const [stepOfFirst, stepOfSecond] = [m / divisor, n / divisor];
  const outside = (i: number, j: number): boolean => {
    const gap = i * stepOfFirst - j * stepOfSecond;
    return (bothSides ? Math.abs(gap) : gap) >= steps;
  };
  let left = 0;
  let row = new Float64Array(m + 1);
  row[0] = 1;
  for (let i = 0; i <= n; i += 1) {
    const below = new Float64Array(m + 1);
    for (let j = 0; j <= m; j += 1) {
      const here = row[j]!;
      if (here === 0) continue;
      if (outside(i, j)) {
        left += here;
        continue;
      }
      const remaining = n + m - i - j;
      if (remaining === 0) continue;
      below[j]! += (here * (n - i)) / remaining;
      if (j < m) row[j + 1]! += (here * (m - j)) / remaining;
    }
    row = below;
  }
  return Math.min(1, left);
}

function asymptotic(n: number, m: number, gap: number, alternative: Alternative): number {
  const [large, small] = n > m ? [n, m] : [m, n];
  const effective = (large * small) / (large + small);
  if (alternative === 'two-sided') return kolmogorovUpperTail(roundHalfEven(effective), gap);
  const z = Math.sqrt(effective) * gap;
  const exponent =
    -2 * z * z - (2 * z * (large + 2 * small)) / Math.sqrt(large * small * (large + small)) / 3;
  return Math.min(1, Math.exp(exponent));
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
