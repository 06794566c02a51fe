/**
 * Population stability index of two histograms over the same bins: sum of (actual - expected) ln(actual / expected) of
 * the shares, each raised to `epsilon` at least and not normalised again. At least 0; above .25 is commonly called a
 * large shift. Null where either histogram is empty.
 */
export function populationStability(
  expectedCounts: readonly number[],
  actualCounts: readonly number[],
  epsilon = 1e-4,
): number | null {
  const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);
  const [expectedTotal, actualTotal] = [total(expectedCounts), total(actualCounts)];
  if (expectedTotal === 0 || actualTotal === 0) return null;
  return expectedCounts.reduce((index, count, bin) => {
    const expected = Math.max(count / expectedTotal, epsilon);
    const actual = Math.max((actualCounts[bin] ?? 0) / actualTotal, epsilon);
    return index + (actual - expected) * Math.log(actual / expected);
  }, 0);
}
