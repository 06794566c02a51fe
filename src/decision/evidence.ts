import {
  type ArmCounts,
  arrangeRows,
  type BoundsOptions,
  clusterLayout,
  clustersSuffice,
  type MatchedScores,
  type MeanBounds,
  matchSamples,
  meanIntervalOf,
  pairsOf,
  type ScoreRow,
  type ScoreTable,
  type SimultaneousBounds,
  simultaneousBounds,
} from '../evaluation/index.ts';
import { isDiagnostic } from './arm-roles.ts';
import { costPer1000 } from './cost.ts';
import { boundsOfHuman, correctBounds, type HumanScores, humanScores } from './human-scores.ts';
import { boundsOfScores, type RuleBounds, ruleScores } from './rule-bounds.ts';

/** Mean of one variant over `n` samples. */
export type MeasuredMean = Omit<MeanBounds, 'trialsPerSample'> & { readonly n: number };

/** What a decision rests on: all bounds hold at once. */
export interface Evidence {
  /** The rows of the primary metric. */
  readonly table: ScoreTable;
  readonly deployable: readonly string[];
  readonly diagnostic: readonly string[];
  /** Variants that were put together from stored results and never run themselves. */
  readonly composite: readonly string[];
  /** Deployable variants that have no score at all; while there is one, nobody can be held against it. */
  readonly unmeasured: readonly string[];
  /** Null where the deployable variants have no sample in common. */
  readonly bounds: SimultaneousBounds | null;
  /** Bounds of every variant that has a score, diagnostic ones included. */
  readonly means: ReadonlyMap<string, MeasuredMean>;
  readonly arms: readonly ArmCounts[];
  readonly costs: ReadonlyMap<string, number | null>;
  /** Whether there are clusters enough for a verdict, and labels enough where scores are corrected by people. */
  readonly enough: boolean;
  /** What people say of some of the answers; null where nothing is corrected by it. */
  readonly human: HumanScores | null;
  /** One-sided bounds of the deployable variants for the rule; null where they have no sample in common. */
  readonly rule: RuleBounds | null;
  /** Answers that ended in an error, by deployable variant, among the samples of the rule. */
  readonly errors: ReadonlyMap<string, number>;
}

/**
 * Bounds of the means of all variants and of the differences of the deployable ones, from the samples that every deployable
 * variant has a score for. A diagnostic variant shares the error but takes no sample away from the others. Where there are rows of
 * the metric `human`, the bounds are about what people would say.
 */
export function gatherEvidence(
  rows: readonly ScoreRow[],
  metric: string,
  settings: Pick<BoundsOptions, 'confidence' | 'look' | 'plan'>,
): Evidence {
  const table = arrangeRows(rows, metric);
  const armRows = (variant: string): ScoreRow[] => [...(table.rows.get(variant)?.values() ?? [])];
  const isScored = (variant: string): boolean => armRows(variant).some((row) => row.value !== null);
  const diagnostic = table.variants.filter((variant) => isDiagnostic(variant, armRows(variant)));
  const deployable = table.variants.filter((variant) => !diagnostic.includes(variant));
  const measured = deployable.filter(isScored);
  const matched = matchSamples(table, measured);
  const composite = table.variants.filter((variant) =>
    armRows(variant).some((row) => row.composite === true),
  );
  const found = {
    table,
    deployable,
    diagnostic,
    composite,
    unmeasured: deployable.filter((variant) => !isScored(variant)),
  };
  const human = humanScores(rows, table, measured, matched);
  const judged =
    measured.length === 0 || matched.samples.length === 0
      ? null
      : simultaneousBounds(matched, pairsOf(measured), {
          ...settings,
          range: undefined,
          further: diagnostic.length,
        });
  const bounds = judged && human ? correctBounds(judged, matched, human) : judged;
  const scores = judged && ruleScores(table, measured, judged.range, matched);
  const labels = scores && human && humanScores(rows, table, measured, scores);
  const n = matched.samples.length;
  return {
    ...found,
    bounds,
    means: new Map([
      ...(bounds?.means ?? []).map((mean) => [mean.variant, { ...mean, n }] as const),
      ...diagnosticMeans(table, diagnostic, matched, bounds),
    ]),
    arms: [...matched.arms, ...matchSamples(table, [...found.unmeasured, ...diagnostic]).arms].sort((a, b) =>
      a.variant < b.variant ? -1 : 1,
    ),
    costs: new Map(table.variants.map((variant) => [variant, costPer1000(armRows(variant))])),
    enough: bounds !== null && clustersSuffice(bounds.layout) && (human?.enough ?? true),
    human,
    rule: scores && (labels ? boundsOfHuman(scores, labels) : boundsOfScores(scores)),
    errors: scores?.errors ?? new Map(),
  };
}

function diagnosticMeans(
  table: ScoreTable,
  diagnostic: readonly string[],
  matched: MatchedScores,
  bounds: SimultaneousBounds | null,
): [string, MeasuredMean][] {
  if (!bounds) return [];
  return diagnostic.flatMap((variant) => {
    const values: number[] = [];
    const groups: string[] = [];
    const weights: number[] = [];
    for (const [index, sample] of matched.samples.entries()) {
      const value = table.rows.get(variant)?.get(sample)?.value ?? null;
      if (value === null) continue;
      values.push(value);
      groups.push(matched.groups[index]!);
      weights.push(matched.weights?.[index] ?? 1);
    }
    const { mean, low, high } = meanIntervalOf(
      values,
      clusterLayout(groups, matched.weights && weights),
      bounds.tail,
      bounds.range,
    );
    if (mean === null || low === null || high === null) return [];
    return [[variant, { variant, mean, low, high, n: values.length }]];
  });
}

/** Bounds of `variant` - `against`, whichever way round they were computed; null where there are none. */
export function differenceOf(
  evidence: Evidence,
  variant: string,
  against: string,
): { difference: number; low: number; high: number } | null {
  for (const pair of evidence.bounds?.pairs ?? []) {
    if (pair.variant === variant && pair.against === against) return pair;
    if (pair.variant === against && pair.against === variant)
      return { difference: -pair.difference, low: -pair.high, high: -pair.low };
  }
  return null;
}
