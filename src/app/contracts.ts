import { z } from 'zod';
import {
  answerNoticeSchema,
  citationSchema,
  claimSchema,
  refusalSchema,
  requestContextRecordSchema,
  usageSchema,
} from '../core/index.ts';
import { runReportSchema } from '../evaluation/index.ts';

// The JSON that commands print with --json, for scripts that call them. Stable from version 0.1 on.

const count = z.number().int().nonnegative();
const share = z.number().min(0).max(1);

/** Any command that fails. */
export const errorOutputSchema = z.strictObject({
  error: z.strictObject({ code: z.string(), message: z.string(), hint: z.string() }),
});

/** `sync`: figures count documents, but for `chunks` (in the index) and `embedded` (vectors made by this call). */
export const syncOutputSchema = z.object({
  added: count,
  changed: count,
  unchanged: count,
  removed: count,
  renamed: count,
  /** Left out since they were deleted for good. */
  suppressed: count,
  failed: z.array(z.object({ uri: z.string(), code: z.string(), message: z.string() })),
  chunks: count,
  embedded: count,
  /** Version of the index that it made; null when nothing changed, and where several tenants were synced. */
  version: count.nullable(),
  seconds: z.number().nonnegative(),
});

/** `search`. */
export const searchOutputSchema = z.object({
  query: z.string(),
  indexVersion: z.string(),
  indexVersionNumber: count.nullable(),
  embeddedShare: share,
  hits: z.array(
    z.object({
      documentId: z.string(),
      uri: z.string(),
      titlePath: z.array(z.string()),
      start: count,
      end: count,
      text: z.string(),
      score: z.number(),
      arms: z.object({ keyword: z.number().optional(), vector: z.number().optional() }),
    }),
  ),
});

/** `ask`. */
export const askOutputSchema = z.object({
  answer: z.string(),
  citations: z.array(citationSchema),
  claims: z.array(claimSchema),
  notices: z.array(answerNoticeSchema),
  removedCitations: count,
  refusal: refusalSchema.nullable(),
  supportedPrecision: z.record(
    z.enum(['begin', 'haluEval', 'all']),
    z.object({ n: count, share: z.number(), low: z.number(), high: z.number() }),
  ),
  /** One for each provider of request-time context; absent where there is none. */
  requestContexts: z.array(requestContextRecordSchema).optional(),
  variant: z.string(),
  /** What the index held when the answer was made: number and name of its version; null before the first sync. */
  index: z.object({ version: count, name: z.string() }).nullable(),
  usage: usageSchema,
  costUsd: z.number().nonnegative().nullable(),
  seconds: z.number().nonnegative(),
});

const retrievalMetricsSchema = z.object({
  'ndcg@10': z.number(),
  'recall@10': z.number(),
  'hit@1': z.number(),
  'hit@5': z.number(),
  'mrr@10': z.number(),
});

/** `eval retrieval` (with the default `--k 10`). */
export const evalRetrievalOutputSchema = z.object({
  dataset: z.string(),
  n: count,
  arms: z.object({
    keyword: retrievalMetricsSchema,
    vector: retrievalMetricsSchema.optional(),
    hybrid: retrievalMetricsSchema.optional(),
  }),
});

/** `eval run`. */
export const evalRunOutputSchema = z.object({
  runs: z.array(runReportSchema),
  /** Variants that could not answer here, with the reason. */
  skipped: z.array(z.object({ variant: z.string(), reason: z.string() })).default([]),
});

export {
  costReportSchema as costOutputSchema,
  decisionSchema as decideOutputSchema,
} from '../decision/index.ts';
export {
  attributionReportSchema as evalAttributeOutputSchema,
  cascadesReportSchema as evalCascadesOutputSchema,
  compareOutputSchema,
  gateSchema as evalGateOutputSchema,
  metricsListOutputSchema,
  scoreOutputSchema,
  verifyOutputSchema,
} from '../evaluation/index.ts';
export {
  datasetCheckOutputSchema,
  datasetCoverageOutputSchema,
  datasetExportOutputSchema,
  datasetImportOutputSchema,
  datasetLooksOutputSchema,
  datasetPowerOutputSchema,
  datasetRemoveOutputSchema,
  datasetSplitOutputSchema,
  variantsRemoveOutputSchema,
} from './dataset-contracts.ts';
export {
  datasetFactsClearedOutputSchema,
  datasetFactsOutputSchema,
  datasetGenerateOutputSchema,
  datasetHideGoldOutputSchema,
  datasetLabelOutputSchema,
  datasetReviewAppliedOutputSchema,
  datasetReviewOutputSchema,
  datasetReviewResultsOutputSchema,
} from './ground-truth-contracts.ts';
export {
  judgeCalibrateOutputSchema,
  judgeMutateOutputSchema,
  judgeNoiseOutputSchema,
  judgeOverruleOutputSchema,
  judgePairwiseOutputSchema,
  judgeShowOutputSchema,
  scorersListOutputSchema,
} from './judge-contracts.ts';
