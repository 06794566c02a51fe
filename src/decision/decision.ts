import { z } from 'zod';
import { evidenceRowSchema, ladderStepSchema, lookAgainSchema, waterfallSchema } from './decision-parts.ts';

const count = z.number().int().nonnegative();
const amount = z.number().nonnegative().nullable();

/** What is said of one variant. */
export const variantDecisionSchema = z.strictObject({
  variant: z.string(),
  /** Diagnostic variants are shown, never recommended, and nobody is measured against them. */
  deployable: z.boolean(),
  /** Samples behind the mean: those that every deployable variant has a score for. */
  n: count,
  /** Null where nothing was scored. Where people labelled some of the answers, as they would see it. */
  mean: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  /** Mean measured cost of 1,000 requests; null when the cost of one answer is not known. */
  costPer1000Usd: amount,
  /** At the stated volume, fixed and hosting costs included where they are known. */
  monthlyUsd: amount,
  /** At ten times the stated volume. */
  monthlyUsdTenfold: amount,
  /** Per accepted answer, losses by wrong answers and refusals included; null where one of them is not known. */
  perAcceptedUsd: amount,
  /** Seconds within which 95 of 100 answers came; null where no times are known. */
  p95: z.strictObject({ n: count, seconds: amount, low: amount, high: amount }).nullable(),
  qualifies: z.boolean(),
});
export type VariantDecision = z.infer<typeof variantDecisionSchema>;

/** A value beyond which the advice is another. */
export const tippingSchema = z.strictObject({
  /** `volume`, `price:MODEL:KIND`, `loss:wrong`, `loss:refused`, or `quality:VARIANT`. */
  parameter: z.string(),
  now: z.number(),
  flipsAt: z.number(),
  direction: z.enum(['above', 'below']),
  /** The variant that is named then; null where none may qualify. */
  to: z.string().nullable(),
});

/** What more labels of a part of the samples are worth. */
export const labelValueSchema = z.strictObject({
  stratum: z.string(),
  share: z.number(),
  n: count,
  stopAt: count,
  usdPerMonth: z.number(),
  curve: z.array(z.strictObject({ labels: count, usdPerMonth: z.number() })),
});

/** What `decide --json` prints. */
export const decisionSchema = z.strictObject({
  /** Cheapest variant that qualifies, or null. */
  recommended: z.string().nullable(),
  reason: z.enum(['qualified', 'not-enough-evidence', 'none-good-enough']),
  metric: z.string(),
  /** Largest loss against another variant that does not matter; from money where `money` is set. */
  margin: z.number(),
  bar: z.number(),
  /** Requests a month. */
  volume: z.number(),
  /** Seconds within which 95 of 100 answers must come; null without a limit. */
  maxP95: z.number().nullable(),
  /** Where the margin comes from money: what net cost of 1,000 requests does not matter, and what a wrong answer costs. */
  money: z.strictObject({ marginUsdPer1000: z.number(), wrongUsd: z.number() }).nullable(),
  /** Samples that people labelled and scores were corrected by; null without labels. */
  labelled: count.nullable(),
  variants: z.array(variantDecisionSchema),
  /** The statements that the result rests on. */
  evidence: z.array(evidenceRowSchema),
  ladder: z.array(ladderStepSchema),
  waterfalls: z.array(waterfallSchema),
  /** What to do, one sentence each, the most useful first. */
  next: z.array(z.string()),
  /** Most valuable first; empty where the cost of a wrong answer is not known. */
  labels: z.array(labelValueSchema),
  risks: z.array(z.string()),
  notTested: z.array(z.string()),
  tipping: z.array(tippingSchema),
  lookAgain: lookAgainSchema,
  /** Hash of the seal that it was decided against; null without one. */
  seal: z.string().nullable(),
  /** Ids of the runs it was computed from; empty for scores from a file. */
  runs: z.array(z.string()),
});
export type Decision = z.infer<typeof decisionSchema>;
