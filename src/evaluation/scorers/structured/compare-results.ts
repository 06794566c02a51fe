import type { SqlValue } from '../../../database/index.ts';

export type SqlRows = readonly (readonly SqlValue[])[];

/** Partial assignments of columns that are tried before giving up; results in practice need a handful. */
const mostTries = 20_000;

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
  const wanted = columnsOf(gold, width);
  const found = columnsOf(predicted, width);
  if (options.ordered) return sameBag(wanted.map(join), found.map(join));
  return hasPermutation(wanted, found);
}

/** Columns of a result as keys of their values. */
function columnsOf(rows: SqlRows, width: number): string[][] {
  return Array.from({ length: width }, (_, column) => rows.map((row) => keyOf(row[column] ?? null)));
}

/**
 * Assigns found columns to the wanted ones one by one; after each, the rows cut to the columns assigned so far must be
 * equal bags, or that way is left.
 */
function hasPermutation(wanted: readonly string[][], found: readonly string[][]): boolean {
  let tries = 0;
  const used = new Set<number>();
  const assign = (column: number, left: readonly string[], right: readonly string[]): boolean => {
    if (column === wanted.length) return true;
    const leftRows = left.map((row, index) => `${row}\u0001${wanted[column]![index]}`);
    const seen = new Set<string>();
    for (const [candidate, values] of found.entries()) {
      const content = join(values);
      // Of equal columns one stands for all.
      if (used.has(candidate) || seen.has(content)) continue;
      seen.add(content);
      if (++tries > mostTries) throw new Error('too many columns of the results look alike to compare them');
      const rightRows = right.map((row, index) => `${row}\u0001${values[index]}`);
      if (!sameBag(leftRows, rightRows)) continue;
      used.add(candidate);
      if (assign(column + 1, leftRows, rightRows)) return true;
      used.delete(candidate);
    }
    return false;
  };
  const empty = (columns: readonly string[][]): string[] =>
    new Array<string>(columns[0]?.length ?? 0).fill('');
  return assign(0, empty(wanted), empty(found));
}

function join(values: readonly string[]): string {
  return values.join('\u0001');
}

function sameBag(left: readonly string[], right: readonly string[]): boolean {
  const counts = new Map<string, number>();
  for (const key of left) counts.set(key, (counts.get(key) ?? 0) + 1);
  for (const key of right) {
    const count = counts.get(key) ?? 0;
    if (count === 0) return false;
    counts.set(key, count - 1);
  }
  return left.length === right.length;
}

/** A text that only equal values have; separators inside a text are escaped. */
function keyOf(value: SqlValue): string {
  if (value === null) return 'null';
  if (typeof value === 'number') return `number ${Number(value.toPrecision(10)) + 0}`;
  if (typeof value === 'bigint') return `number ${value}`;
  if (typeof value === 'string') return `text ${JSON.stringify(value)}`;
  return `blob ${Buffer.from(value).toString('hex')}`;
}
