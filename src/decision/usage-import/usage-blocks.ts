import { clusterBootstrap } from '../../evaluation/index.ts';
import type { UsageRow } from './usage-row.ts';

/** Blocks that rows are resampled in; more tell nothing new, and the interval takes their square in time. */
const mostBlocks = 300;
const resamples = 1000;

/** A ratio of two sums with its interval. */
export interface Ratio {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** Whether there were enough rows for an interval; without one `low` and `high` are the value. */
  readonly hasInterval: boolean;
}

/**
 * Sum of `upper` over sum of `lower` with a 95 % bootstrap interval. Rows in order of time are resampled in blocks of
 * neighbours, since requests that follow each other are alike. Null where `lower` sums to 0.
 */
export function ratioOf(
  rows: readonly UsageRow[],
  upper: (row: UsageRow) => number,
  lower: (row: UsageRow) => number,
): Ratio | null {
  const blocks = Math.min(rows.length, mostBlocks);
  const above = new Float64Array(blocks);
  const below = new Float64Array(blocks);
  for (const [index, row] of rows.entries()) {
    const block = Math.floor((index * blocks) / rows.length);
    above[block] = above[block]! + upper(row);
    below[block] = below[block]! + lower(row);
  }
  const ratio = (drawn: readonly number[]): number => {
    let [sum, of] = [0, 0];
    for (const block of drawn) {
      sum += above[block]!;
      of += below[block]!;
    }
    return sum / of;
  };
  const value = ratio(Array.from({ length: blocks }, (_, block) => block));
  if (!Number.isFinite(value)) return null;
  const interval = clusterBootstrap(ratio, blocks, 0.95, resamples);
  return {
    value,
    low: Math.min(interval?.low ?? value, value),
    high: Math.max(interval?.high ?? value, value),
    hasInterval: interval !== null,
  };
}
