import { z } from 'zod';
import { failureClasses } from './classify-failure.ts';
import { attributionArms, remedyArms } from './sample-outcome.ts';

const count = z.number().int().nonnegative();
const intervalSchema = z.strictObject({ mean: z.number(), low: z.number(), high: z.number() });
/** Mean with its interval. */
export type Interval = z.infer<typeof intervalSchema>;

const armSchema = z.strictObject({
  /** `base` is the variant itself. */
  arm: z.enum(['base', ...attributionArms]),
  variant: z.string(),
  /** Null where the arm was not run. */
  run: z.string().nullable(),
  /** Mean of the metric over the matched samples; null where the arm was not run or nothing matched. */
  score: intervalSchema.nullable(),
  /** Answerable samples without a score in this arm. */
  unscored: count,
  /** Mean input tokens of the answers; null where the arm was not run. */
  inputTokens: z.number().nullable(),
  /** Why it was not run. */
  absent: z.string().nullable(),
});

/** One arm that changes something, against the variant itself and against the placebo. */
const remedySchema = z.strictObject({
  arm: z.enum(remedyArms),
  /** Mean of the remedy - mean of the variant. */
  net: intervalSchema,
  /** Samples that were wrong before and are right under the remedy, and the other way round. */
  helped: count,
  harmed: count,
  /** The same for the placebo; null without one. */
  helpedByPlacebo: count.nullable(),
  harmedByPlacebo: count.nullable(),
  wrongBefore: count,
  rightBefore: count,
  /** P(right under remedy | wrong before) - P(right under placebo | wrong before); null without a placebo or failure. */
  attributable: intervalSchema.nullable(),
  /** P(wrong under remedy | right before) - P(wrong under placebo | right before). */
  attributableHarm: intervalSchema.nullable(),
  /** What the remedy adds to the share of right answers by mending failures: attributable share x share of failures. */
  headroom: intervalSchema.nullable(),
});
export type RemedyReport = z.infer<typeof remedySchema>;

const classSchema = z.strictObject({
  failure: z.enum(failureClasses),
  count,
  /** Share of the failures. */
  share: intervalSchema.nullable(),
  /** Points of the share of right answers if all of the class were mended. */
  ceiling: z.number(),
  /** Points that an arm gains where the class is observed, over what `against` gains there; null where no arm tests it. */
  headroom: intervalSchema
    .extend({ arm: z.enum(attributionArms), against: z.enum(attributionArms) })
    .nullable(),
  remedy: z.string(),
  /** How often which reason was given. */
  reasons: z.record(z.string(), count),
});
export type ClassReport = z.infer<typeof classSchema>;

const verdict = z.enum(['right', 'wrong', 'none']);

/** What the placebo does that should not matter: shows the passages in another order, or asks once more. */
export const placebos = ['shuffled', 'again'] as const;
export type Placebo = (typeof placebos)[number];

/** What `eval attribute --json` prints. */
export const attributionReportSchema = z.strictObject({
  dataset: z.string(),
  split: z.string().nullable(),
  variant: z.string(),
  metric: z.string(),
  /** Lowest score that counts as right. */
  rightFrom: z.number(),
  confidence: z.number(),
  /** Chunks that search was asked for; null where they are not known (an external pipeline). */
  candidates: count.nullable(),
  /** Samples; those that can be answered; of these, those with a score in every arm, and their clusters. */
  samples: count,
  answerable: count,
  matched: count,
  clusters: count,
  /** Clusters of one size that these are worth (Kish). */
  effectiveClusters: z.number().nonnegative(),
  /** Null where there is no placebo. */
  placebo: z.enum(placebos).nullable(),
  arms: z.array(armSchema),
  remedies: z.array(remedySchema),
  failures: z.strictObject({ count, of: count, share: intervalSchema.nullable() }),
  classes: z.array(classSchema),
  /** Right answers whose evidence was not in the context, among those where that is known. */
  unsupported: z.strictObject({
    count,
    of: count,
    share: intervalSchema.nullable(),
    /** Of them, right without any context too. */
    rightWithoutContext: count,
  }),
  /** Questions that cannot be answered, by arm: how many were refused. */
  unanswerable: z.array(
    z.strictObject({
      arm: z.enum(['base', ...attributionArms]),
      refused: count,
      of: count,
      share: intervalSchema,
    }),
  ),
  /** Failures first matched, by sample. */
  failed: z.array(
    z.strictObject({
      sample: z.string(),
      failure: z.enum(failureClasses),
      reason: z.string(),
      arms: z.partialRecord(z.enum(attributionArms), verdict),
    }),
  ),
  notes: z.array(z.string()),
});
export type AttributionReport = z.infer<typeof attributionReportSchema>;
