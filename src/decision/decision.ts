import { z } from 'zod';

const count = z.number().int().nonnegative();
const amount = z.number().nonnegative().nullable();

/** What is said of one variant. */
export const variantDecisionSchema = z.strictObject({
  variant: z.string(),
  /** Diagnostic variants are shown, never recommended, and nobody is measured against them. */
  deployable: z.boolean(),
  /** Samples behind the mean: those that every deployable variant has a score for. */
  n: count,
  /** Null where nothing was scored. */
  mean: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  /** Mean measured cost of 1,000 requests; null when the cost of one answer is not known. */
  costPer1000Usd: amount,
  /** At the stated volume. */
  monthlyUsd: amount,
  qualifies: z.boolean(),
});
export type VariantDecision = z.infer<typeof variantDecisionSchema>;

/** What `decide --json` prints. */
export const decisionSchema = z.strictObject({
  /** Cheapest variant that qualifies, or null. */
  recommended: z.string().nullable(),
  reason: z.enum(['qualified', 'not-enough-evidence', 'none-good-enough']),
  metric: z.string(),
  margin: z.number(),
  bar: z.number(),
  /** Requests a month. */
  volume: z.number(),
  variants: z.array(variantDecisionSchema),
  /** What to do, one sentence each, the most useful first. */
  next: z.array(z.string()),
  /** Ids of the runs it was computed from; empty for scores from a file. */
  runs: z.array(z.string()),
});
export type Decision = z.infer<typeof decisionSchema>;
