import { z } from 'zod';
import { tunedSettingsSchema, tuningDimensions } from './retrieval-dimensions.ts';

const count = z.number().int().nonnegative();

const gainSchema = z.strictObject({ difference: z.number(), low: z.number(), high: z.number() });
/** A mean paired difference with its interval, clustered by group. */
export type TuningGain = z.infer<typeof gainSchema>;

const worthSchema = z.strictObject({
  dimension: z.enum(tuningDimensions),
  /**
   * What opening this dimension adds to those before it, on outer folds that had no part in the choice. The intervals of all
   * dimensions hold at once with .95.
   */
  worth: gainSchema,
  /** `no-difference`: inside the margin on both sides. */
  word: z.enum(['gains', 'loses', 'no-difference', 'not-settled']),
  /** Whether the inner folds opened it for the final choice. */
  opened: z.boolean(),
  /** Questions that would settle it; null where it is settled, or above ten million. */
  neededQuestions: count.nullable(),
});
export type DimensionWorth = z.infer<typeof worthSchema>;

/** What `tune retrieval --json` prints. */
export const tuningReportSchema = z.strictObject({
  dataset: z.string(),
  objective: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('span-recall'), budgetTokens: count }),
    z.strictObject({ kind: z.literal('document-ndcg'), k: count }),
  ]),
  /** Questions that were tuned on, none of them from the test split, and their groups. */
  questions: count,
  groups: count,
  /** Largest difference that does not matter. */
  margin: z.number(),
  present: tunedSettingsSchema,
  /** What the rule chose; the present settings where there are too few questions. */
  chosen: tunedSettingsSchema,
  outcome: z.enum(['changed', 'kept', 'too-few-questions', 'lost-on-test']),
  /** In the order in which they were searched. */
  dimensions: z.array(worthSchema),
  tried: z.array(
    z.strictObject({
      name: z.string(),
      settings: tunedSettingsSchema,
      mean: z.number(),
      /** Recall of documents at 10, where documents are the objective. */
      recall10: z.number().nullable(),
      /** Against the present settings on all questions; the intervals of all hold at once with .95. Null for the present ones. */
      gain: gainSchema.nullable(),
      chosen: z.boolean(),
    }),
  ),
  /** Null with fewer than two groups. */
  outer: z
    .strictObject({
      folds: count,
      /** Mean of what was chosen without a fold, scored on it. */
      mean: z.number(),
      present: z.number(),
      gain: gainSchema,
      /** Best mean on the questions that were chosen from. */
      best: z.number(),
      /** `best` - `mean`. */
      optimism: z.number(),
      /** What each fold chose. */
      chosen: z.array(tunedSettingsSchema),
    })
    .nullable(),
  /** Null where the present settings were kept, there is no test split, or none was wanted. */
  test: z
    .strictObject({ questions: count, mean: z.number(), present: z.number(), gain: gainSchema })
    .nullable(),
  /** What it would take, where there are too few questions; `questions` is null above ten million. */
  needed: z.strictObject({ groups: count, questions: count.nullable() }).nullable(),
  notes: z.array(z.string()),
});
export type TuningReport = z.infer<typeof tuningReportSchema>;
