import { columnSums, confusionMatrix, type Label, rowSums, sortedLabels, sum, trace } from './labels.ts';

/**
 * Matthews' correlation coefficient for any number of classes, in [-1, 1] (scikit-learn 1.9.1); 0 when either side
 * has one class only, null without any pair.
 */
export function matthewsCorrelation(
  actual: readonly Label[],
  predicted: readonly Label[],
  weights?: ArrayLike<number>,
): number | null {
  if (actual.length === 0) return null;
  const matrix = confusionMatrix(actual, predicted, undefined, weights);
  const wanted = rowSums(matrix);
  const found = columnSums(matrix);
  const samples = sum(wanted);
  const product = sum(wanted.map((count, index) => count * found[index]!));
  const squares = (counts: readonly number[]): number =>
    samples * samples - sum(counts.map((count) => count * count));
  const spread = squares(found) * squares(wanted);
  return spread === 0 ? 0 : (trace(matrix) * samples - product) / Math.sqrt(spread);
}

/**
 * Cohen's kappa of two raters (scikit-learn 1.9.1). Weights go by the distance of labels in their ascending order,
 * not by their values. Null when chance alone already agrees on everything.
 * @param counts how often each pair counts, once by default.
 */
export function cohenKappa(
  first: readonly Label[],
  second: readonly Label[],
  weights: 'linear' | 'quadratic' | null = null,
  labels: readonly Label[] = sortedLabels(first, second),
  counts?: ArrayLike<number>,
): number | null {
  const matrix = confusionMatrix(first, second, labels, counts);
  const rows = rowSums(matrix);
  const columns = columnSums(matrix);
  const total = sum(rows);
  if (total === 0) return null;
  let observed = 0;
  let expected = 0;
  for (const [row, counts] of matrix.entries())
    for (const [column, count] of counts.entries()) {
      const distance = Math.abs(row - column);
      const weight = weights === null ? Math.min(distance, 1) : distance ** (weights === 'linear' ? 1 : 2);
      observed += weight * count;
      expected += (weight * rows[row]! * columns[column]!) / total;
    }
  return expected === 0 ? null : 1 - observed / expected;
}

/**
 * Fleiss' kappa (statsmodels 0.15.0). Null when subjects have different numbers of ratings or fewer than two, or when
 * only one category was used.
 * @param table `[subject][category]`, number of raters who chose it.
 * @param method `randolph` takes all categories for equally likely by chance.
 */
export function fleissKappa(
  table: readonly (readonly number[])[],
  method: 'fleiss' | 'randolph' = 'fleiss',
): number | null {
  const ratings = rowSums(table);
  const raters = ratings[0] ?? 0;
  if (raters < 2 || ratings.some((count) => count !== raters)) return null;
  const total = sum(ratings);
  const categories = table[0]!.map((_, column) => sum(table.map((row) => row[column]!)) / total);
  const agreements = table.map(
    (row) => (sum(row.map((count) => count * count)) - raters) / (raters * (raters - 1)),
  );
  const observed = sum(agreements) / agreements.length;
  const chance = method === 'fleiss' ? sum(categories.map((share) => share * share)) : 1 / categories.length;
  return chance === 1 ? null : (observed - chance) / (1 - chance);
}

/** Level of measurement: how far two values are apart. */
export type MeasurementLevel = 'nominal' | 'ordinal' | 'interval' | 'ratio';

/**
 * Krippendorff's alpha (krippendorff 0.9.0). Null when fewer than two distinct values occur, or no unit has two
 * ratings.
 * @param ratings `[rater][unit]`, null where a rater gave none; numbers unless the level is nominal.
 */
export function krippendorffAlpha(
  ratings: readonly (readonly (Label | null)[])[],
  level: MeasurementLevel,
): number | null {
  const values = sortedLabels(ratings.flat().filter((value) => value !== null));
  const places = new Map(values.map((value, index) => [value, index]));
  const units = Array.from({ length: Math.max(0, ...ratings.map((row) => row.length)) }, (_, unit) => {
    const counts = values.map(() => 0);
    for (const row of ratings) {
      const value = row[unit] ?? null;
      if (value !== null) counts[places.get(value)!]! += 1;
    }
    return counts;
  });
  const pairable = units.filter((counts) => sum(counts) > 1);
  if (values.length < 2 || pairable.length === 0) return null;
  const observed = coincidences(pairable, values.length);
  const totals = rowSums(observed);
  const distance = distances(values, totals, level);
  const all = sum(totals);
  let disagreement = 0;
  let chance = 0;
  for (const [row, counts] of observed.entries())
    for (const [column, count] of counts.entries()) {
      const apart = distance(row, column);
      disagreement += count * apart;
      chance += ((totals[row]! * totals[column]! - (row === column ? totals[row]! : 0)) / (all - 1)) * apart;
    }
  return chance === 0 ? null : 1 - disagreement / chance;
}

function coincidences(units: readonly (readonly number[])[], values: number): number[][] {
  const matrix = Array.from({ length: values }, () => Array<number>(values).fill(0));
  for (const counts of units) {
    const others = sum(counts) - 1;
    for (let row = 0; row < values; row += 1)
      for (let column = 0; column < values; column += 1)
        matrix[row]![column]! +=
          (counts[row]! * counts[column]! - (row === column ? counts[row]! : 0)) / others;
  }
  return matrix;
}

/** Squared distance of two values, given by their places in ascending order. */
function distances(
  values: readonly Label[],
  totals: readonly number[],
  level: MeasurementLevel,
): (a: number, b: number) => number {
  switch (level) {
    case 'nominal':
      return (a, b) => (a === b ? 0 : 1);
    case 'ordinal':
      return (a, b) => {
        const [low, high] = a < b ? [a, b] : [b, a];
        return (sum(totals.slice(low, high + 1)) - (totals[low]! + totals[high]!) / 2) ** 2;
      };
    case 'interval':
      return (a, b) => (Number(values[a]) - Number(values[b])) ** 2;
    case 'ratio':
      return (a, b) => {
        const [x, y] = [Number(values[a]), Number(values[b])];
        return x + y === 0 ? 0 : ((x - y) / (x + y)) ** 2;
      };
  }
}
