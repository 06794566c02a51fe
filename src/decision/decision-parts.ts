import { z } from 'zod';

// Parts of what `decide --json` prints. Apart from the code that makes them, which a page without zod runs too.

const bound = z.number().nullable();

/** One statement that a decision rests on. */
export const evidenceRowSchema = z.strictObject({
  claim: z.string(),
  variant: z.string(),
  /** The variant it is set against; null for a statement about one. */
  against: z.string().nullable(),
  estimate: bound,
  /** Interval that holds together with all others. */
  low: bound,
  high: bound,
  /** One-sided bound of the rule, which must lie beyond `needed`. */
  bound: bound,
  needed: z.number(),
  n: z.number().int().nonnegative(),
  shown: z.boolean(),
});
export type EvidenceRow = z.infer<typeof evidenceRowSchema>;

/** One step of the evidence ladder. */
export const ladderStepSchema = z.strictObject({
  step: z.string(),
  /** What must be shown for it, in words. */
  condition: z.string(),
  /**
   * `shown`: the interval lies beyond what is needed; `refuted`: it lies under it; `open`: neither; `not-tested`: an arm is missing.
   */
  outcome: z.enum(['shown', 'refuted', 'open', 'not-tested']),
  /** The measured figure, such as "knowledge lift K = oracle - prompt"; null where it was not tested. */
  figure: z.string().nullable(),
  estimate: bound,
  low: bound,
  high: bound,
  /** What the figure must exceed. */
  needed: z.number(),
  n: z.number().int().nonnegative(),
  /** What speaks against the step, and whether it was seen; null where nobody looked. */
  stop: z.string(),
  stopped: z.boolean().nullable(),
  /** What is missing, or what the step rests on. */
  note: z.string(),
});
export type LadderStep = z.infer<typeof ladderStepSchema>;

/** Where the way from one mean to another is lost or gained. The steps sum to `to.mean - from.mean`. */
export const waterfallSchema = z.strictObject({
  title: z.string(),
  /** In which order the parts were taken; other orders give other parts unless it is averaged over them. */
  order: z.string(),
  from: z.strictObject({ variant: z.string(), mean: z.number() }),
  to: z.strictObject({ variant: z.string(), mean: z.number() }),
  steps: z.array(
    z.strictObject({
      name: z.string(),
      estimate: z.number(),
      low: z.number(),
      high: z.number(),
      n: z.number().int().nonnegative(),
    }),
  ),
});
export type Waterfall = z.infer<typeof waterfallSchema>;

/** When a decision is to be made again. */
export const lookAgainSchema = z.strictObject({
  /** ISO day by which to look again whatever happens; null where nobody said what day it is. */
  by: z.string().nullable(),
  /** What makes it earlier. */
  when: z.array(z.string()),
});
export type LookAgain = z.infer<typeof lookAgainSchema>;
