import { z } from 'zod';
import {
  errorScore,
  FulcrumError,
  type OnProgress,
  readJsonLines,
  type Score,
  scoreSchema,
} from '../../core/index.ts';
import { prepareScorers } from '../scorers/prepare-scorers.ts';
import type { CorpusFigure, Scorer } from '../scorers/scorer.ts';
import { readOutputRow, toScoredSample } from './output-row.ts';
import { resampledWeights } from './resampled-weights.ts';
import { createRowMetric, type MetricResult } from './row-metric.ts';

const count = z.number().int().nonnegative();
const bound = z.number().nullable();

/** What `fulcrum score` prints. */
export const scoreOutputSchema = z.strictObject({
  /** Rows of the file. */
  n: count,
  metrics: z.record(
    z.string(),
    z.strictObject({
      /** Mean over the rows with a number, or the one value over all of them (`of` is `corpus`). */
      mean: bound,
      /** 95 % interval, clustered by group; of a value over all rows from resamples, null below 30 clusters. */
      low: bound,
      high: bound,
      of: z.enum(['sample', 'corpus']),
      scored: count,
      undefined: z.record(z.string(), count),
      errors: count,
      signature: z.string().optional(),
    }),
  ),
  samples: z.array(z.strictObject({ id: z.string(), scores: z.record(z.string(), scoreSchema) })).optional(),
});
export type ScoreOutput = z.infer<typeof scoreOutputSchema>;

export interface ScoreOptions {
  readonly metrics: readonly string[];
  /** Scorers beside the built-in ones, whose names `metrics` may hold. */
  readonly scorers?: readonly Scorer[];
  /** Hands out the scores of each row. */
  readonly onSample?: (id: string, scores: Readonly<Record<string, Score>>) => void;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/**
 * Scores outputs that anything made, from a JSONL file, row by row; texts are not kept. Throws `metric-unknown`,
 * `scorer-invalid`, `file-not-found`, `file-not-text`, or `output-invalid` with the line that is wrong or repeats an id.
 */
export async function scoreOutputs(path: string, options: ScoreOptions): Promise<ScoreOutput> {
  const { scorers = [] } = options;
  await prepareScorers(scorers.filter(({ name }) => options.metrics.includes(name)));
  const metrics = [...new Set(options.metrics)].map((name) => createRowMetric(name, scorers));
  const resampling = metrics.some(({ of }) => of === 'corpus');
  const seen = new Set<string>();
  for await (const { number, value } of outputLines(path)) {
    options.signal?.throwIfAborted();
    const row = readOutputRow(value, path, number);
    if (seen.has(row.id)) throw invalid(path, number, `the id "${row.id}" was used before.`);
    seen.add(row.id);
    const scores: Record<string, Score> = {};
    if (typeof row.error === 'string') for (const metric of metrics) metric.fail(errorScore(row.error));
    else {
      const judged = toScoredSample(row);
      const weights = resampling ? resampledWeights(row.group ?? `row ${row.id}`) : noWeights;
      for (const metric of metrics) {
        const score = await metric.add(judged, row.group, weights);
        if (score !== null) scores[metric.name] = score;
      }
    }
    options.onSample?.(row.id, scores);
    if (seen.size % rowsPerReport === 0)
      options.onProgress?.({ phase: 'scoring', done: seen.size, total: null, unit: 'rows' });
  }
  if (seen.size === 0) throw invalid(path, 1, 'the file holds no row.');
  return {
    n: seen.size,
    metrics: Object.fromEntries(
      metrics.flatMap((metric) => [[metric.name, metric.result()], ...metric.figures().map(asMetric)]),
    ),
  };
}

/** A figure of all rows beside the metric that it belongs to; it has no interval. */
function asMetric({ name, value, samples }: CorpusFigure): [string, MetricResult] {
  const none = { low: null, high: null, undefined: {}, errors: 0 };
  return [name, { mean: value, of: 'corpus', scored: samples, ...none }];
}

const noWeights = new Uint8Array(0);

/** Rows between two reports of progress. */
const rowsPerReport = 1000;

async function* outputLines(path: string): AsyncGenerator<{ number: number; value: unknown }> {
  try {
    yield* readJsonLines(path);
  } catch (error) {
    if (error instanceof FulcrumError && error.code === 'record-invalid')
      throw invalid(path, Number(error.data.line), String(error.data.problem), error);
    throw error;
  }
}

function invalid(path: string, line: number, problem: string, cause?: unknown): FulcrumError {
  return new FulcrumError('output-invalid', { path, line, problem }, { cause });
}
