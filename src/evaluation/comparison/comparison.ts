import { z } from 'zod';
import { spendings } from './look-plan.ts';

const count = z.number().int().nonnegative();

/** What can be said of two variants; of the first against the second. */
export const verdictSchema = z.enum(['better', 'worse', 'equivalent', 'inconclusive']);
export type Verdict = z.infer<typeof verdictSchema>;

/** Looks declared before the first one. */
export const lookPlanSchema = z.strictObject({
  looks: z.number().int().positive(),
  spending: z.enum(spendings),
});

/** Counts of one variant, so that nothing drops out of a mean unseen. */
export const armCountsSchema = z.strictObject({
  variant: z.string(),
  /** Samples of the whole comparison, whatever came of them. */
  samples: count,
  scored: count,
  errors: count,
  /** Samples without a number by definition, by reason. */
  undefined: z.record(z.string(), count),
  /** Samples that other variants have a row for and this one does not. */
  missing: count,
  /** Scored samples left out because another compared variant has no score for them. */
  unmatched: count,
});
export type ArmCounts = z.infer<typeof armCountsSchema>;

/** What `compare --json` prints (with `runs` added). All intervals hold at once. */
export const comparisonSchema = z.strictObject({
  metric: z.string(),
  /** Largest difference that does not matter, in units of the metric. */
  margin: z.number(),
  /** Confidence of all intervals together, over all looks. */
  confidence: z.number(),
  /** Which look at this comparison it is, from 1. */
  look: z.number().int().positive(),
  /** Looks declared before the first one; null where their number is open. */
  plan: lookPlanSchema.nullable(),
  /** Whether the intervals are confidence sequences, valid however often one looks. */
  sequential: z.boolean(),
  /** Confidence of all intervals of this look together. */
  confidenceOfLook: z.number(),
  /** Samples that every compared variant has a score for. */
  n: count,
  clusters: count,
  /** Clusters of one size that these are worth (Kish). */
  effectiveClusters: z.number().nonnegative(),
  /** Intervals that share the error. */
  statements: count,
  variants: z.array(
    z.strictObject({ variant: z.string(), n: count, mean: z.number(), low: z.number(), high: z.number() }),
  ),
  comparisons: z.array(
    z.strictObject({
      variant: z.string(),
      against: z.string(),
      /** Mean of `variant` - `against` over the matched samples. */
      difference: z.number(),
      low: z.number(),
      high: z.number(),
      verdict: verdictSchema,
      /** Samples and clusters on which the two differ. */
      differingSamples: count,
      differingClusters: count,
      /** For "inconclusive": samples that would settle it; null where none up to ten million, or not applicable. */
      samplesNeeded: count.nullable(),
      /** Smallest true difference that this many samples show with 80 % power; null where there is none. */
      smallestDetectable: z.number().nullable(),
    }),
  ),
  excluded: z.array(armCountsSchema),
  warnings: z.array(z.string()),
});
export type Comparison = z.infer<typeof comparisonSchema>;

const interval = z.strictObject({ low: z.number(), high: z.number() }).nullable();

/** What other methods say beside the verdicts. Nothing is decided by it. */
export const descriptionSchema = z.strictObject({
  variants: z.array(
    z.strictObject({
      variant: z.string(),
      /** Wilson's interval of this mean alone, on the effective sample; null unless all scores are 0 or 1. */
      wilson: interval,
    }),
  ),
  pairs: z.array(
    z.strictObject({
      variant: z.string(),
      against: z.string(),
      /** Two-sided p of the sign-flip test by cluster, for this pair alone. */
      p: z.number(),
      method: z.enum(['exact', 'mcnemar', 'sampled']),
      /** The same, adjusted for all pairs (Holm). */
      adjusted: z.number(),
      /** BCa bootstrap interval by cluster, for this pair alone; null under 5 and above 4,000 clusters. */
      bootstrap: interval,
      /** The two are equivalent at every margin above this: read off the interval of the comparison. */
      equivalentFrom: z.number(),
    }),
  ),
});
export type Description = z.infer<typeof descriptionSchema>;

/** What `compare --json` prints. */
export const compareOutputSchema = comparisonSchema.extend({
  runs: z.array(z.string()),
  description: descriptionSchema,
});
