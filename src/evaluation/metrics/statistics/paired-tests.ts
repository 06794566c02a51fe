import { normalUpperTail } from '../../statistics/quantiles.ts';
import { numpySum } from './numpy-sum.ts';

export interface TestResult {
  readonly statistic: number;
  readonly pvalue: number;
}

export type Alternative = 'two-sided' | 'greater' | 'less';

/**
 * McNemar's exact test (statsmodels 0.15.0): twice the chance of at most the smaller count among fair coins, at most 1.
 * @param gained pairs in which only the first is right. @param lost pairs in which only the second is.
 */
export function mcnemarExact(gained: number, lost: number): TestResult {
  const statistic = Math.min(gained, lost);
  return { statistic, pvalue: Math.min(1, 2 * fairCoinsAtMost(statistic, gained + lost)) };
}

/** McNemar's chi-squared test, continuity-corrected unless told otherwise; null where no pair differs. */
export function mcnemarChiSquared(gained: number, lost: number, correction = true): TestResult | null {
  if (gained + lost === 0) return null;
  const statistic = (Math.abs(gained - lost) - (correction ? 1 : 0)) ** 2 / (gained + lost);
  return { statistic, pvalue: 2 * normalUpperTail(Math.sqrt(statistic)) };
}

/** Largest number of pairs whose sign flips are enumerated. */
export const mostExactPairs = 22;

/**
 * Exact paired permutation test of the mean difference over all sign flips (scipy 1.17.1). Values within 100 machine
 * epsilons of the observed one count as equal to it; two-sided is twice the smaller side, at most 1. Null without a
 * pair or with more than `mostExactPairs`.
 */
export function pairedPermutation(
  first: readonly number[],
  second: readonly number[],
  alternative: Alternative = 'two-sided',
): TestResult | null {
  const count = first.length;
  if (count === 0 || count > mostExactPairs) return null;
  const differences = first.map((value, index) => value - second[index]!);
  const statistic = numpySum(differences) / count;
  const tolerance = Math.abs(100 * Number.EPSILON * statistic);
  const permutations = 2 ** count;
  let atLeast = 0;
  let atMost = 0;
  for (let flips = 0; flips < permutations; flips += 1) {
    // scipy adds the observed differences in NumPy's lanes and the flipped ones in a row; ties hang on the last bit.
    let sum = 0;
    for (let index = 0; index < count; index += 1)
      sum += (flips >> index) & 1 ? -differences[index]! : differences[index]!;
    const mean = sum / count;
    if (mean >= statistic - tolerance) atLeast += 1;
    if (mean <= statistic + tolerance) atMost += 1;
  }
  const sides = { greater: atLeast, less: atMost, 'two-sided': 2 * Math.min(atLeast, atMost) };
  return { statistic, pvalue: Math.min(1, sides[alternative] / permutations) };
}

/** Chance that of `coins` fair ones at most `heads` show heads. */
function fairCoinsAtMost(heads: number, coins: number): number {
  let logTerm = -coins * Math.LN2;
  let total = 0;
  for (let shown = 0; shown <= heads; shown += 1) {
    total += Math.exp(logTerm);
    logTerm += Math.log((coins - shown) / (shown + 1));
  }
  return total;
}
