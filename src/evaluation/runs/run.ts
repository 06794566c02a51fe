import { z } from 'zod';
import { costSchema, refusalReasonSchema, scoreSchema, usageSchema } from '../../core/index.ts';

/** The record of a run: one variant over the samples of one dataset. It says everything that is needed to redo it. */
export const runSchema = z.strictObject({
  id: z.string(),
  dataset: z.strictObject({ name: z.string(), hash: z.string() }),
  /** Only samples of this split; null for all. */
  split: z.string().nullable(),
  /** Only the first so many in the seeded order; null for all. */
  sampleLimit: z.number().int().positive().nullable(),
  variant: z.string(),
  kind: z.string(),
  deployable: z.boolean(),
  definition: z.record(z.string(), z.unknown()),
  definitionHash: z.string(),
  /** Names of the metrics that were scored. */
  metrics: z.array(z.string()),
  /** Number of samples that it covers. */
  samples: z.number().int().nonnegative(),
  /** Answers that were had to each sample. */
  repeats: z.number().int().positive().default(1),
  /** Index of the first of them in the cache; above 0 for a rerun, whose answers are further ones. */
  firstRepetition: z.number().int().nonnegative().default(0),
  /** `recorded`: imported from a file, without the texts of the answers. */
  origin: z.enum(['live', 'recorded']),
  /** Answers that were worked on at once; latencies hold under it. */
  concurrency: z.number().int().positive(),
  /** Version of Fulcrum and of Node that ran it. */
  version: z.string(),
  node: z.string(),
  startedAt: z.string(),
  /** Null while it is not finished. */
  finishedAt: z.string().nullable(),
});
export type Run = z.infer<typeof runSchema>;

/** Why there is no answer to a sample. */
export const sampleErrorSchema = z.strictObject({
  code: z.string(),
  message: z.string(),
  retryable: z.boolean(),
});

/** What a run keeps of one sample, beside the answer itself. */
export const sampleResultSchema = z.strictObject({
  sample: z.string(),
  /** Index of the answer among those to the same sample in this run, from 0. */
  repetition: z.number().int().nonnegative().default(0),
  /** Cluster for statistics: the sample's group, or the sample itself. */
  group: z.string(),
  tags: z.array(z.string()),
  /** sha256 of the text of the answer; null for an error. */
  output: z.string().nullable(),
  refusal: refusalReasonSchema.nullable(),
  confidence: z.number().min(0).max(1).nullable(),
  usage: usageSchema,
  cost: costSchema,
  seconds: z.number().nonnegative().nullable(),
  /** Score by metric; empty for an error. */
  scores: z.record(z.string(), scoreSchema),
  error: sampleErrorSchema.nullable(),
});
export type SampleResult = z.infer<typeof sampleResultSchema>;

/**
 * Mean of a metric over the samples that have a number, with a 95 % interval clustered by group. With several answers
 * to a sample its score is their mean, and a sample counts as scored when one of them has a number.
 */
export const metricSummarySchema = z.strictObject({
  /** Null when nothing was scored. */
  mean: z.number().nullable(),
  /** Null where nothing was scored, or an amount has one cluster only. */
  low: z.number().nullable(),
  high: z.number().nullable(),
  scored: z.number().int().nonnegative(),
  undefined: z.number().int().nonnegative(),
  errors: z.number().int().nonnegative(),
  /**
   * Unanswerable samples among those with a score by references: 1 where nothing was answered. Where no other sample has a
   * number they count as undefined, since nothing was held against a reference. Absent for 0.
   */
  noAnswer: z.number().int().positive().optional(),
  /**
   * With several answers to a sample: variance of a score between the answers to one sample (mean over the samples
   * with two or more), and between the means of samples beyond what that explains (at least 0). Null where too few.
   */
  variance: z
    .strictObject({
      within: z.number().nonnegative().nullable(),
      between: z.number().nonnegative().nullable(),
    })
    .optional(),
});
export type MetricSummary = z.infer<typeof metricSummarySchema>;

/** What `eval run --json` shows of a run. */
export const runReportSchema = z.strictObject({
  id: z.string(),
  variant: z.string(),
  /** Samples of the run, errors included. */
  n: z.number().int().nonnegative(),
  /** Answers to each sample. */
  repeats: z.number().int().positive(),
  metrics: z.record(z.string(), metricSummarySchema),
  /** Sum over the answers that were had; those that failed reported nothing. */
  usage: usageSchema,
  /** Sum over the answers that were had; null when the price of one is unknown. */
  costUsd: z.number().nonnegative().nullable(),
});
export type RunReport = z.infer<typeof runReportSchema>;
