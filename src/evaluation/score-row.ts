import { z } from 'zod';

/**
 * One score of one sample by one variant: what comparisons and decisions are computed from, and the contract of
 * `compare --scores FILE` and `decide --scores FILE` (JSONL, one row a line, from anywhere).
 */
export const scoreRowSchema = z.object({
  sample: z.string().min(1),
  variant: z.string().min(1),
  metric: z.string().min(1),
  /** Higher is better; null when the sample could not be scored. */
  value: z.number().nullable(),
  /** Why `value` is null: `error` or the reason of an undefined score. */
  reason: z.string().optional(),
  /** Which error, where `reason` is `error`: the fault of a judge (`judge-timeout`) or the code of the failure. */
  cause: z.string().optional(),
  /** Samples of one group are not independent. Default: the sample itself. */
  group: z.string().min(1).optional(),
  /** What this answer cost; null when unknown. */
  costUsd: z.number().nonnegative().nullable().optional(),
  /** Names of slices that the sample is in. */
  tags: z.array(z.string()).optional(),
  /** How much the sample counts, above 0, the same for all variants. Default 1. */
  weight: z.number().positive().optional(),
  /** The variant's own confidence in this answer, from 0 to 1. */
  confidence: z.number().min(0).max(1).nullable().optional(),
  /** Kind of the variant, such as `prompt`, `rag` or `tuned`: its place on the ladder of a decision. */
  kind: z.string().optional(),
  /** The question and the answer, shown side by side. */
  input: z.string().optional(),
  output: z.string().optional(),
  /** False for diagnostic variants, which are never recommended. Default true. */
  deployable: z.boolean().optional(),
  /** True where it was put together from stored results of other variants and never run itself. Default false. */
  composite: z.boolean().optional(),
});
export type ScoreRow = z.infer<typeof scoreRowSchema>;
