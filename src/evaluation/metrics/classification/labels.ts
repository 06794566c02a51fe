/** A class: a name, or a number such as a grade. */
export type Label = string | number | boolean;

/** Distinct labels in ascending order: numbers by value, strings by code point, as NumPy sorts them. */
export function sortedLabels(...lists: readonly (readonly Label[])[]): Label[] {
  return [...new Set(lists.flat())].sort(compareLabels);
}

function compareLabels(a: Label, b: Label): number {
  if (typeof a === 'string' && typeof b === 'string') return compareCodePoints(a, b);
  return Number(a) - Number(b);
}

/** Order by code point, which differs from JavaScript's own above U+FFFF. */
export function compareCodePoints(a: string, b: string): number {
  if (a === b) return 0;
  const left = [...a];
  const right = [...b];
  for (let index = 0; index < left.length && index < right.length; index += 1) {
    const difference = left[index]!.codePointAt(0)! - right[index]!.codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/**
 * Counts `[row of the first][column of the second]` over the given labels; pairs with another label are left out.
 * @param weights how often each pair counts, once by default.
 */
export function confusionMatrix(
  first: readonly Label[],
  second: readonly Label[],
  labels: readonly Label[] = sortedLabels(first, second),
  weights?: ArrayLike<number>,
): number[][] {
  const places = new Map(labels.map((label, index) => [label, index]));
  const matrix = labels.map(() => labels.map(() => 0));
  for (const [index, label] of first.entries()) {
    const row = places.get(label);
    const column = places.get(second[index]!);
    if (row !== undefined && column !== undefined) matrix[row]![column]! += weights ? weights[index]! : 1;
  }
  return matrix;
}

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Sums of the rows of a matrix. */
export const rowSums = (matrix: readonly (readonly number[])[]): number[] => matrix.map(sum);

/** Sums of the columns of a square matrix. */
export const columnSums = (matrix: readonly (readonly number[])[]): number[] =>
  matrix.map((_, column) => matrix.reduce((total, row) => total + row[column]!, 0));

/** Sum of the diagonal of a square matrix. */
export const trace = (matrix: readonly (readonly number[])[]): number =>
  matrix.reduce((total, row, index) => total + row[index]!, 0);
