import {
  type ClusterLayout,
  clusterLayout,
  differenceLower,
  lowerMean,
  type MatchedScores,
  type MetricRange,
  type ScoreTable,
  upperMean,
} from '../evaluation/index.ts';

/** One-sided bounds at an error that the caller sets; what the rule of a decision is made of. In units of the metric. */
export interface RuleBounds {
  meanLow(variant: string, tail: number): number;
  meanHigh(variant: string, tail: number): number;
  /** Of `variant` - `against`. */
  differenceLow(variant: string, against: string, tail: number): number;
  /** Estimates, never under their lower bounds, so that no bound is computed where it cannot help. */
  mean(variant: string): number;
  difference(variant: string, against: string): number;
}

/** Values of every variant on the same samples, an answer that ended in an error being as bad, and as good, as can be. */
export interface RuleScores {
  readonly layout: ClusterLayout;
  readonly samples: readonly string[];
  readonly groups: readonly string[];
  readonly range: MetricRange;
  readonly worst: ReadonlyMap<string, Float64Array>;
  readonly best: ReadonlyMap<string, Float64Array>;
  /** Errors by variant on the samples that count; 0 where there is none. */
  readonly errors: ReadonlyMap<string, number>;
}

/**
 * Scores for the rule, from 0 to 1. A sample counts when every variant has a score or an error for it and one of them a score: errors on
 * hard samples would flatter a variant that fails on them, so they may not drop out.
 */
export function ruleScores(
  table: ScoreTable,
  variants: readonly string[],
  range: MetricRange,
  matched: MatchedScores,
): RuleScores {
  const width = range.high - range.low;
  const unit = (value: number): number => (value - range.low) / width;
  const failed = (variant: string, id: string): boolean => {
    const row = table.rows.get(variant)?.get(id);
    return row !== undefined && row.value === null && row.reason === 'error';
  };
  const scored = new Set(matched.samples);
  const samples = table.samples.filter(({ id }) => {
    if (scored.has(id)) return true;
    const rows = variants.map((variant) => table.rows.get(variant)?.get(id));
    return (
      rows.every((row) => row && (row.value !== null || row.reason === 'error')) &&
      rows.some((row) => row?.value !== null)
    );
  });
  const column = (variant: string, missing: number): Float64Array =>
    Float64Array.from(samples, ({ id }) =>
      failed(variant, id) ? missing : unit(table.rows.get(variant)?.get(id)?.value ?? range.low),
    );
  const groups = samples.map(({ group }) => group);
  return {
    layout: clusterLayout(groups, matched.weights && samples.map(({ weight }) => weight)),
    samples: samples.map(({ id }) => id),
    groups,
    range,
    worst: new Map(variants.map((variant) => [variant, column(variant, 0)])),
    best: new Map(variants.map((variant) => [variant, column(variant, 1)])),
    errors: new Map(
      variants.map((variant) => [variant, samples.filter(({ id }) => failed(variant, id)).length]),
    ),
  };
}

/** Bounds of the scores as they are. */
export function boundsOfScores({ layout, range, worst, best }: RuleScores): RuleBounds {
  const width = range.high - range.low;
  const minus = (variant: string, against: string): Float64Array => {
    const other = best.get(against)!;
    return worst.get(variant)!.map((value, sample) => value - other[sample]!);
  };
  const mean = (values: Float64Array): number => {
    const { weights, samples } = layout;
    return values.reduce((sum, value, sample) => sum + (weights?.[sample] ?? 1) * value, 0) / samples;
  };
  return {
    meanLow: (variant, tail) => range.low + width * lowerMean(worst.get(variant)!, layout, tail),
    meanHigh: (variant, tail) => range.low + width * upperMean(best.get(variant)!, layout, tail),
    mean: (variant) => range.low + width * mean(worst.get(variant)!),
    difference: (variant, against) => width * mean(minus(variant, against)),
    differenceLow: (variant, against, tail) => width * differenceLower(minus(variant, against), layout, tail),
  };
}
