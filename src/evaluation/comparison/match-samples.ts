import { FulcrumError } from '../../core/index.ts';
import type { ScoreRow } from '../score-row.ts';
import type { ArmCounts } from './comparison.ts';

/** Rows of one metric arranged by variant and sample. */
export interface ScoreTable {
  readonly metric: string;
  /** In alphabetical order. */
  readonly variants: readonly string[];
  /** Every sample id, in alphabetical order, with its cluster and its weight. */
  readonly samples: readonly { readonly id: string; readonly group: string; readonly weight: number }[];
  /** The clusters in the order in which the rows name them. */
  readonly groups: readonly string[];
  readonly rows: ReadonlyMap<string, ReadonlyMap<string, ScoreRow>>;
}

/** The samples that every compared variant has a score for, and the values in that order. */
export interface MatchedScores {
  readonly samples: readonly string[];
  readonly groups: readonly string[];
  /** Null where all samples count the same. */
  readonly weights: readonly number[] | null;
  /** Clusters in the order of their arrival; those without a matched sample are among them. */
  readonly arrival: readonly string[];
  readonly values: ReadonlyMap<string, readonly number[]>;
  readonly arms: readonly ArmCounts[];
}

/**
 * Arranges the rows of one metric. Throws `run-mismatch` when there is none, when a sample has two rows for one
 * variant, or when its rows name different groups or weights.
 */
export function arrangeRows(rows: readonly ScoreRow[], metric: string): ScoreTable {
  const byVariant = new Map<string, Map<string, ScoreRow>>();
  const groups = new Map<string, string>();
  const weights = new Map<string, number>();
  const mismatch = (problem: string): FulcrumError => new FulcrumError('run-mismatch', { problem, metric });
  for (const row of rows) {
    if (row.metric !== metric) continue;
    const arm = byVariant.get(row.variant) ?? new Map<string, ScoreRow>();
    byVariant.set(row.variant, arm);
    if (arm.has(row.sample))
      throw mismatch(`variant "${row.variant}" has two scores for sample "${row.sample}".`);
    arm.set(row.sample, row);
    const group = row.group ?? row.sample;
    if ((groups.get(row.sample) ?? group) !== group)
      throw mismatch(`sample "${row.sample}" is in different groups for different variants.`);
    groups.set(row.sample, group);
    const weight = row.weight ?? 1;
    if ((weights.get(row.sample) ?? weight) !== weight)
      throw mismatch(`sample "${row.sample}" has different weights for different variants.`);
    weights.set(row.sample, weight);
  }
  if (byVariant.size === 0) throw mismatch(`no score of the metric "${metric}".`);
  return {
    metric,
    variants: [...byVariant.keys()].sort(),
    samples: [...groups.keys()]
      .sort()
      .map((id) => ({ id, group: groups.get(id)!, weight: weights.get(id)! })),
    groups: [...new Set(groups.values())],
    rows: byVariant,
  };
}

/** Keeps the samples that all of `variants` have a score for and counts what was left out, per variant. */
export function matchSamples(table: ScoreTable, variants: readonly string[]): MatchedScores {
  const valueAt = (variant: string, sample: string): number | null =>
    table.rows.get(variant)?.get(sample)?.value ?? null;
  const matched = table.samples.filter(({ id }) =>
    variants.every((variant) => valueAt(variant, id) !== null),
  );
  return {
    samples: matched.map(({ id }) => id),
    groups: matched.map(({ group }) => group),
    weights: matched.some(({ weight }) => weight !== matched[0]?.weight)
      ? matched.map(({ weight }) => weight)
      : null,
    arrival: table.groups,
    values: new Map(
      variants.map((variant) => [variant, matched.map(({ id }) => valueAt(variant, id) as number)]),
    ),
    arms: variants.map((variant) => countArm(table, variant, matched.length)),
  };
}

function countArm(table: ScoreTable, variant: string, matched: number): ArmCounts {
  const rows = [...(table.rows.get(variant)?.values() ?? [])];
  const unscored = rows.filter((row) => row.value === null);
  const reasons: Record<string, number> = {};
  for (const row of unscored)
    if (row.reason !== 'error')
      reasons[row.reason ?? 'not-stated'] = (reasons[row.reason ?? 'not-stated'] ?? 0) + 1;
  return {
    variant,
    samples: table.samples.length,
    scored: rows.length - unscored.length,
    errors: unscored.filter((row) => row.reason === 'error').length,
    undefined: reasons,
    missing: table.samples.length - rows.length,
    unmatched: rows.length - unscored.length - matched,
  };
}
