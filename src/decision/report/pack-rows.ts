import type { ScoreRow } from '../../evaluation/index.ts';
import { isDiagnostic } from '../arm-roles.ts';

/** Value, reason for its absence, cost in USD, confidence. */
type PackedCell = readonly [
  value: number | null,
  reason: string | null,
  costUsd: number | null,
  confidence: number | null,
];

/** A variant with one cell for each sample: null without a row. */
export interface PackedVariant {
  readonly name: string;
  readonly deployable: boolean;
  /** Put together from stored results. */
  readonly composite: boolean;
  /** Kind of the variant; null where its rows have none. */
  readonly kind: string | null;
  readonly cells: readonly (PackedCell | null)[];
}

export interface PackedSample {
  readonly id: string;
  readonly group: string;
  readonly tags: readonly string[];
  readonly weight: number;
}

/** Scores of one metric by variant and sample. */
export interface PackedMetric {
  readonly metric: string;
  readonly variants: readonly PackedVariant[];
}

/** The samples of rows in the order in which the rows name them, which clusters keep. */
export function packSamples(rows: readonly ScoreRow[]): PackedSample[] {
  const samples = new Map<string, PackedSample>();
  for (const { sample: id, group, tags = [], weight = 1 } of rows)
    if (!samples.has(id)) samples.set(id, { id, group: group ?? id, tags, weight });
  return [...samples.values()];
}

/** Packs the rows of one metric by variant, in the order of `samples`. */
export function packMetric(
  metric: string,
  rows: readonly ScoreRow[],
  samples: readonly PackedSample[],
): PackedMetric {
  const byVariant = new Map<string, Map<string, ScoreRow>>();
  for (const row of rows) {
    if (row.metric !== metric) continue;
    const own = byVariant.get(row.variant) ?? new Map<string, ScoreRow>();
    byVariant.set(row.variant, own.set(row.sample, row));
  }
  return {
    metric,
    variants: [...byVariant].sort().map(([name, own]) => {
      const all = [...own.values()];
      return {
        name,
        deployable: !isDiagnostic(name, all),
        composite: all.some((row) => row.composite === true),
        kind: all.find((row) => row.kind)?.kind ?? null,
        cells: samples.map(({ id }) => cellOf(own.get(id))),
      };
    }),
  };
}

function cellOf(row: ScoreRow | undefined): PackedCell | null {
  return row ? [row.value, row.reason ?? null, row.costUsd ?? null, row.confidence ?? null] : null;
}

/** The rows that were packed. */
export function unpackMetric(
  { metric, variants }: PackedMetric,
  samples: readonly PackedSample[],
): ScoreRow[] {
  return samples.flatMap((sample, index) =>
    variants.flatMap(({ name, deployable, composite, kind, cells }): ScoreRow[] => {
      const cell = cells[index];
      if (!cell) return [];
      const [value, reason, costUsd, confidence] = cell;
      return [
        {
          sample: sample.id,
          variant: name,
          metric,
          group: sample.group,
          tags: [...sample.tags],
          weight: sample.weight,
          value,
          ...(reason === null ? {} : { reason }),
          costUsd,
          confidence,
          deployable,
          ...(composite ? { composite } : {}),
          ...(kind === null ? {} : { kind }),
        },
      ];
    }),
  );
}
