import type { ScoreRow } from '../score-row.ts';
import { arrangeRows, matchSamples } from './match-samples.ts';
import { orderFlips } from './order-flips.ts';

/** A sample on which two variants differ. */
export interface Flip {
  readonly sample: string;
  readonly group: string;
  readonly value: number;
  readonly againstValue: number;
}

/** The samples on which one variant does better, and those on which it does worse, the largest differences first. */
export interface Flips {
  readonly variant: string;
  readonly against: string;
  readonly gained: readonly Flip[];
  readonly lost: readonly Flip[];
  /** Samples on which both score the same. */
  readonly same: number;
  readonly clustersGained: number;
  readonly clustersLost: number;
}

/** Where `variant` and `against` differ, on the samples that all variants of the rows have a score for. */
export function findFlips(
  rows: readonly ScoreRow[],
  metric: string,
  variant: string,
  against: string,
): Flips {
  const table = arrangeRows(rows, metric);
  const matched = matchSamples(table, table.variants);
  const flips = matched.samples.map((sample, index) => ({
    sample,
    group: matched.groups[index]!,
    value: matched.values.get(variant)![index]!,
    againstValue: matched.values.get(against)![index]!,
  }));
  const { gained, lost } = orderFlips(flips, ({ value, againstValue }) => value - againstValue);
  return {
    variant,
    against,
    gained,
    lost,
    same: flips.length - gained.length - lost.length,
    clustersGained: new Set(gained.map(({ group }) => group)).size,
    clustersLost: new Set(lost.map(({ group }) => group)).size,
  };
}
