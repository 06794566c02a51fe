import { z } from 'zod';
import { FulcrumError } from '../../core/index.ts';
import type { SampleResult } from '../runs/run.ts';
import type { RunStore } from '../runs/run-store.ts';
import { scoreRows, variantNames } from '../runs/score-rows.ts';
import type { ScoreRow } from '../score-row.ts';
import type { Scorer } from '../scorers/scorer.ts';
import { findScorer } from '../scorers/scorers.ts';
import { clusterLayout } from '../statistics/cluster-layout.ts';
import { differenceInterval } from '../statistics/difference-interval.ts';
import { meanIntervalOf } from '../statistics/mean-interval.ts';
import { inferRange } from '../statistics/metric-range.ts';
import { requireConfidence } from '../statistics/require-confidence.ts';
import { type CascadeSample, type CrossFitted, crossFit } from './cross-fit.ts';

const interval = z.strictObject({ mean: z.number(), low: z.number(), high: z.number() });

/** One cascade of two variants, judged from their stored results. */
export const composedCascadeSchema = z.strictObject({
  /** Name of its score rows. */
  name: z.string(),
  first: z.string(),
  other: z.string(),
  /** Samples with a value, and their clusters. */
  n: z.number().int().nonnegative(),
  clusters: z.number().int().nonnegative(),
  /** Mean of the metric with cross-fitted thresholds. */
  quality: interval,
  /** Mean difference to each variant by itself. */
  againstFirst: interval,
  againstOther: interval,
  /** Share of samples for which the second variant is asked. */
  escalated: interval,
  /** First, and the second's share of escalations on top; null when a cost is not known. */
  costPer1000Usd: z.number().nonnegative().nullable(),
  /** Threshold from all samples: the config that would run it. */
  below: z.number(),
  /** Thresholds of the folds. */
  thresholds: z.array(z.number()),
  /** Mean at `below` on the samples it was fitted on: too good, for comparison only. */
  inSample: z.number(),
});
export type ComposedCascade = z.infer<typeof composedCascadeSchema>;

/** What `eval cascades --json` prints. */
export const cascadesReportSchema = z.strictObject({
  metric: z.string(),
  confidence: z.number(),
  folds: z.number().int(),
  tolerance: z.number(),
  cascades: z.array(composedCascadeSchema),
  /** Pairs without a cascade, and why. */
  skipped: z.array(z.strictObject({ first: z.string(), other: z.string(), reason: z.string() })),
});
export type CascadesReport = z.infer<typeof cascadesReportSchema>;

export interface ComposeOptions {
  readonly store: RunStore;
  readonly scorers: readonly Scorer[];
  /** 5 by default. */
  readonly folds?: number | undefined;
  /** Loss of mean value that is given up for fewer escalations, 0 by default. */
  readonly tolerance?: number | undefined;
  /** Confidence of the intervals of the report together; .95 by default. */
  readonly confidence?: number | undefined;
}

/** A run as the composition sees it. */
interface Part {
  readonly name: string;
  readonly rows: ReadonlyMap<string, ScoreRow>;
  readonly results: ReadonlyMap<string, SampleResult>;
  /** Mean cost of an answer; null when one is not known. */
  readonly meanCost: number | null;
  /** Whether samples were answered more than once, so that there is no one answer to go on from. */
  readonly repeated: boolean;
}

/** Statements made of one cascade: quality, two differences, escalations. */
const statementsPerCascade = 4;

/**
 * Every cascade of two of these runs, the cheaper first (as named where a cost is unknown), with thresholds that are
 * cross-fitted by group; and the score rows of each, for comparisons and decisions. A pair whose first answers without
 * a confidence has no cascade. Diagnostic runs take no part. Throws what `scoreRows` throws, and `usage` for a metric in
 * which lower is better.
 */
export async function composeCascades(
  runIds: readonly string[],
  metric: string,
  options: ComposeOptions,
): Promise<{ report: CascadesReport; rows: ScoreRow[] }> {
  const { folds = 5, tolerance = 0, confidence = 0.95 } = options;
  requireConfidence(confidence);
  if (findScorer(options.scorers, metric).direction !== 'higher')
    throw new FulcrumError('usage', {
      problem: `"${metric}" is better when lower; cascades need a metric that is better when higher.`,
    });
  const parts = await readParts(runIds, metric, options);
  const pairs = parts.flatMap((part, index) =>
    parts.slice(index + 1).map((other) => cheaperFirst(part, other)),
  );
  const fitted: { first: Part; other: Part; samples: CascadeSample[]; result: CrossFitted }[] = [];
  const skipped: CascadesReport['skipped'] = [];
  for (const [first, other] of pairs) {
    const samples = samplesOf(first, other);
    const reason = obstacle(first, other, samples);
    const result = reason === null ? crossFit(samples, { folds, tolerance }) : null;
    if (result) fitted.push({ first, other, samples, result });
    else skipped.push({ first: first.name, other: other.name, reason: reason ?? 'fewer than two groups' });
  }
  const tail = (1 - confidence) / Math.max(1, fitted.length * statementsPerCascade) / 2;
  return {
    report: {
      metric,
      confidence,
      folds,
      tolerance,
      cascades: fitted.map((each) => describe(each, tail)),
      skipped,
    },
    rows: fitted.flatMap(({ first, other, result }) => rowsOf(first, other, result, metric)),
  };
}

async function readParts(
  runIds: readonly string[],
  metric: string,
  { store, scorers }: ComposeOptions,
): Promise<Part[]> {
  const rows = Map.groupBy(await scoreRows(runIds, metric, { store, scorers }), (row) => row.variant);
  const runs = await Promise.all([...new Set(runIds)].map((id) => store.get(id)));
  const parts: Part[] = [];
  const names = variantNames(runs);
  for (const [index, run] of runs.entries()) {
    if (!run.deployable) continue;
    const name = names[index]!;
    const results = await store.results(run.id);
    const costs = results.flatMap(({ error, cost }) => (error === null ? [cost.usd] : []));
    parts.push({
      name,
      rows: new Map((rows.get(name) ?? []).map((row) => [row.sample, row])),
      results: new Map(results.map((result) => [result.sample, result])),
      repeated: new Set(results.map(({ sample }) => sample)).size < results.length,
      meanCost:
        costs.length === 0 || costs.includes(null)
          ? null
          : costs.reduce<number>((sum, usd) => sum + (usd ?? 0), 0) / costs.length,
    });
  }
  return parts;
}

function cheaperFirst(a: Part, b: Part): [Part, Part] {
  return a.meanCost !== null && b.meanCost !== null && b.meanCost < a.meanCost ? [b, a] : [a, b];
}

/** The samples of both runs, as a cascade would meet them. */
function samplesOf(first: Part, other: Part): CascadeSample[] {
  return [...first.results.values()].flatMap(({ sample, group, refusal, confidence, error }) => {
    if (!other.results.has(sample)) return [];
    const value = first.rows.get(sample)?.value ?? null;
    return [
      {
        sample,
        group,
        first: { value, refused: refusal !== null, confidence, failed: error !== null },
        other: { value: other.rows.get(sample)?.value ?? null },
      },
    ];
  });
}

function obstacle(first: Part, other: Part, samples: readonly CascadeSample[]): string | null {
  for (const { name, repeated } of [first, other])
    if (repeated) return `${name} was asked several times; take runs without repeats`;
  const scored = samples.filter(({ first: { value }, other }) => value !== null && other.value !== null);
  if (scored.length === 0) return 'no sample is scored for both';
  const open = samples.filter(
    ({ sample, first: { refused } }) => !refused && !first.results.get(sample)?.error,
  );
  const silent = open.filter(({ first: { confidence } }) => confidence === null).length;
  if (silent > 0) return `${silent} of ${open.length} answers of ${first.name} have no confidence`;
  return null;
}

function describe(
  {
    first,
    other,
    samples,
    result,
  }: { first: Part; other: Part; samples: readonly CascadeSample[]; result: CrossFitted },
  tail: number,
): ComposedCascade {
  const values: number[] = [];
  const groups: string[] = [];
  const escalated: number[] = [];
  const overFirst: number[] = [];
  const overOther: number[] = [];
  for (const [index, choice] of result.choices.entries()) {
    const sample = samples[index];
    if (!sample || sample.first.value === null || sample.other.value === null || choice.value === null)
      continue;
    values.push(choice.value);
    groups.push(choice.group);
    escalated.push(choice.escalated ? 1 : 0);
    overFirst.push(choice.value - sample.first.value);
    overOther.push(choice.value - sample.other.value);
  }
  const layout = clusterLayout(groups);
  const range = inferRange(samples.flatMap((sample) => [sample.first.value ?? 0, sample.other.value ?? 0]));
  const width = range.high - range.low;
  const meanOf = (of: readonly number[], within: { low: number; high: number }) => {
    const { mean, low, high } = meanIntervalOf(of, layout, tail, within);
    return { mean: mean ?? 0, low: low ?? within.low, high: high ?? within.high };
  };
  const differenceOf = (of: readonly number[]) => {
    const { difference, low, high } = differenceInterval(
      of.map((value) => value / width),
      layout,
      tail,
    );
    return { mean: difference * width, low: low * width, high: high * width };
  };
  return {
    name: composedName(first, other),
    first: first.name,
    other: other.name,
    n: values.length,
    clusters: layout.count,
    quality: meanOf(values, range),
    againstFirst: differenceOf(overFirst),
    againstOther: differenceOf(overOther),
    escalated: meanOf(escalated, { low: 0, high: 1 }),
    costPer1000Usd: costPer1000(rowsOf(first, other, result, '')),
    below: result.below,
    thresholds: [...result.thresholds],
    inSample: result.inSample,
  };
}

function costPer1000(rows: readonly ScoreRow[]): number | null {
  const costs = rows.flatMap(({ value, costUsd }) => (value === null ? [] : [costUsd ?? null]));
  if (costs.length === 0 || costs.includes(null)) return null;
  return (costs.reduce<number>((sum, usd) => sum + (usd ?? 0), 0) / costs.length) * 1000;
}

function composedName(first: Part, other: Part): string {
  return `${first.name}>${other.name} (composite)`;
}

/** The score rows of a composite: the value of the answer that counts, and the cost of all that were asked for it. */
function rowsOf(first: Part, other: Part, { choices }: CrossFitted, metric: string): ScoreRow[] {
  return choices.map(({ sample, group, escalated, value }): ScoreRow => {
    const asked = escalated ? [first.rows.get(sample), other.rows.get(sample)] : [first.rows.get(sample)];
    const costs = asked.map((row) => row?.costUsd ?? null);
    const reason = asked.at(-1)?.reason;
    return {
      sample,
      variant: composedName(first, other),
      metric,
      group,
      tags: first.rows.get(sample)?.tags,
      value,
      ...(value === null && reason !== undefined ? { reason } : {}),
      costUsd: costs.includes(null) ? null : costs.reduce<number>((sum, usd) => sum + (usd ?? 0), 0),
      deployable: true,
      composite: true,
    };
  });
}
