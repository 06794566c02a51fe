import { FulcrumError, sha256 } from '../../core/index.ts';
import type { TuningRow, TuningSplit } from './tuning-row.ts';

/** How rows are split. */
export interface RowSplitMethod {
  /** `group`: by a hash of the group; `time`: the newest to test; `given`: as the rows say already. */
  readonly by: 'group' | 'time' | 'given';
  /** Shares of validation and test in per cent of the groups; the rest is train. */
  readonly validation: number;
  readonly test: number;
  /** Another seed gives another split. */
  readonly seed: string;
}

/** What a split needs to know of a row. */
export type SplitRow = Pick<TuningRow, 'id' | 'group' | 'at' | 'split'>;

/**
 * The split of every row, by id. By group, a row's split depends on its group and the seed alone, so that rows that come later never move
 * those that are there. By time, whole groups are cut where the newest of their rows stands. Throws `tuning-split-impossible`.
 */
export function splitRows(rows: readonly SplitRow[], method: RowSplitMethod): Map<string, TuningSplit> {
  const splits =
    method.by === 'given' ? given(rows) : method.by === 'time' ? byTime(rows, method) : byGroup(rows, method);
  for (const needed of ['train', 'test'] as const)
    if (![...splits.values()].includes(needed))
      throw new FulcrumError('tuning-split-impossible', {
        problem: `${needed} would be empty: there are ${rows.length} rows in ${new Set(rows.map(groupOf)).size} groups`,
      });
  return splits;
}

function byGroup(
  rows: readonly SplitRow[],
  { validation, test, seed }: RowSplitMethod,
): Map<string, TuningSplit> {
  return new Map(
    rows.map((row) => {
      const place = positionOf(groupOf(row), seed);
      return [row.id, place < test ? 'test' : place < test + validation ? 'validation' : 'train'];
    }),
  );
}

/** Where a group stands between 0 and 100, as good as at random. */
function positionOf(group: string, seed: string): number {
  return (Number.parseInt(sha256(`${seed}\u0000${group}`).slice(0, 12), 16) / 2 ** 48) * 100;
}

function byTime(rows: readonly SplitRow[], { validation, test }: RowSplitMethod): Map<string, TuningSplit> {
  const newest = new Map<string, number>();
  const sizes = new Map<string, number>();
  for (const row of rows) {
    const time = Date.parse(row.at ?? '');
    if (Number.isNaN(time))
      throw new FulcrumError('tuning-split-impossible', {
        problem: `the row "${row.id}" has no time ("at")`,
      });
    const group = groupOf(row);
    newest.set(group, Math.max(newest.get(group) ?? Number.NEGATIVE_INFINITY, time));
    sizes.set(group, (sizes.get(group) ?? 0) + 1);
  }
  const order = [...newest].sort(([a, first], [b, second]) => first - second || (a < b ? -1 : 1));
  const splitOf = new Map<string, TuningSplit>();
  let before = 0;
  for (const [group] of order) {
    const middle = ((before + sizes.get(group)! / 2) / rows.length) * 100;
    splitOf.set(
      group,
      middle < 100 - test - validation ? 'train' : middle < 100 - test ? 'validation' : 'test',
    );
    before += sizes.get(group)!;
  }
  return new Map(rows.map((row) => [row.id, splitOf.get(groupOf(row))!]));
}

function given(rows: readonly SplitRow[]): Map<string, TuningSplit> {
  const without = rows.find(({ split }) => split === undefined);
  if (without)
    throw new FulcrumError('tuning-split-impossible', { problem: `the row "${without.id}" has no split` });
  const seen = new Map<string, TuningSplit>();
  for (const row of rows) {
    const group = groupOf(row);
    const other = seen.get(group);
    if (other !== undefined && other !== row.split)
      throw new FulcrumError('tuning-split-impossible', {
        problem: `the group "${row.group ?? row.id}" is both in ${other} and in ${row.split}`,
      });
    seen.set(group, row.split!);
  }
  return new Map(rows.map((row) => [row.id, row.split!]));
}

/** A row without a group is one of its own, whatever other groups are called. */
function groupOf(row: SplitRow): string {
  return row.group === undefined ? `row ${row.id}` : `group ${row.group}`;
}
