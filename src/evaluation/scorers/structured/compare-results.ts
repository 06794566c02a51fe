import type { SqlValue } from '../../../database/index.ts';

export type SqlRows = readonly (readonly SqlValue[])[];

/** Cells looked at before giving up; results in practice need a few times their own. */
const mostCells = 50_000_000;

/**
 * Whether two results are the same, as the Spider test suite has it: equal bags of rows (duplicates count) under some
 * order of the columns, whose names do not matter; with `ordered`, equal rows in the same order. Numbers are compared by
 * value at 10 significant digits (1 = 1.0), texts by code units; null equals null. Two results without a row are the
 * same when they have equally many columns. Throws where so many columns look alike that it cannot be decided.
 */
export function sameResult(
  gold: SqlRows,
  predicted: SqlRows,
  options: { readonly ordered: boolean; readonly columns: readonly [number, number] },
): boolean {
  const [width, other] = options.columns;
  if (width !== other || gold.length !== predicted.length) return false;
  const numbers = new Map<string, number>();
  const wanted = columnsOf(gold, width, numbers);
  const found = columnsOf(predicted, width, numbers);
  // Rows in the same order are equal under some order of the columns just where the columns are, in some order.
  if (options.ordered) return sameTexts(wanted.map(String), found.map(String));
  return hasPermutation(wanted, found, numbers.size);
}

/** Columns of a result; equal values, and only they, have the same number in both results. */
function columnsOf(rows: SqlRows, width: number, numbers: Map<string, number>): Int32Array[] {
  return Array.from({ length: width }, (_, column) =>
    Int32Array.from(rows, (row) => numberOf(numbers, keyOf(row[column] ?? null))),
  );
}

function numberOf<Key>(numbers: Map<Key, number>, key: Key): number {
  const known = numbers.get(key);
  if (known !== undefined) return known;
  numbers.set(key, numbers.size);
  return numbers.size - 1;
}

/**
 * Assigns found columns to the wanted ones one by one; after each, the rows cut to the columns assigned so far must be
 * equal bags, or that way is left.
 */
function hasPermutation(
  wanted: readonly Int32Array[],
  found: readonly Int32Array[],
  distinctValues: number,
): boolean {
  const contents = found.map(String);
  const used = new Set<number>();
  const rows = wanted[0]?.length ?? 0;
  let cells = 0;
  const assign = (column: number, left: Int32Array, right: Int32Array): boolean => {
    const values = wanted[column];
    if (!values) return true;
    const numbers = new Map<number, number>();
    const cut = left.map((prefix, row) => numberOf(numbers, prefix * distinctValues + values[row]!));
    const tried = new Set<string>();
    for (const [candidate, content] of contents.entries()) {
      // Of equal columns one stands for all.
      if (used.has(candidate) || tried.has(content)) continue;
      tried.add(content);
      cells += rows;
      if (cells > mostCells) throw new Error('too many columns of the results look alike to compare them');
      const matching = cutAlike(cut, right, found[candidate]!, numbers, distinctValues);
      if (!matching) continue;
      used.add(candidate);
      if (assign(column + 1, cut, matching)) return true;
      used.delete(candidate);
    }
    return false;
  };
  return assign(0, new Int32Array(rows), new Int32Array(rows));
}

/** Rows of the found result cut by one more column, numbered as the wanted ones; null where the bags differ. */
function cutAlike(
  wanted: Int32Array,
  before: Int32Array,
  values: Int32Array,
  numbers: ReadonlyMap<number, number>,
  distinctValues: number,
): Int32Array | null {
  const left = new Int32Array(numbers.size);
  for (const row of wanted) left[row]!++;
  const cut = new Int32Array(before.length);
  for (const [row, prefix] of before.entries()) {
    const number = numbers.get(prefix * distinctValues + values[row]!);
    if (number === undefined || left[number] === 0) return null;
    left[number]!--;
    cut[row] = number;
  }
  return cut;
}

function sameTexts(left: readonly string[], right: readonly string[]): boolean {
  const [one, other] = [[...left].sort(), [...right].sort()];
  return one.every((text, index) => text === other[index]);
}

/** A text that only equal values have. */
function keyOf(value: SqlValue): string {
  if (value === null) return 'null';
  if (typeof value === 'number') return `number ${Number(value.toPrecision(10)) + 0}`;
  if (typeof value === 'bigint') return `number ${value}`;
  if (typeof value === 'string') return `text ${value}`;
  return `blob ${Buffer.from(value).toString('hex')}`;
}
