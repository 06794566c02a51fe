import { z } from 'zod';
import { halfLifeSchema } from '../half-life/half-life.ts';
import { approaches, planAnswersSchema } from './plan-answers.ts';
import { settling } from './standing.ts';

const count = z.number().int().nonnegative();
const approach = z.enum(approaches);
const reasons = z.array(z.strictObject({ requirement: z.string(), reason: z.string() }));

/** One approach with all that speaks for and against it; a hypothesis, nothing is measured yet. */
export const hypothesisSchema = z.strictObject({
  approach,
  /** From 1; the cheapest that no answer rules out comes first, those that are ruled out last. */
  rank: z.number().int().positive(),
  ruledOut: z.boolean(),
  meets: reasons,
  /** What would have to be measured. */
  open: reasons,
  fails: reasons,
});
export type Hypothesis = z.infer<typeof hypothesisSchema>;

/** The cheapest measurement that would tell the first hypothesis from the next. */
export const experimentSchema = z.strictObject({
  settles: z.enum([...settling, 'quality']),
  question: z.string(),
  between: z.tuple([approach, approach.nullable()]),
  /** Variants to run; `oracle` is given the gold evidence and is for diagnosis only. */
  arms: z.array(z.string()),
  /** Samples that show a difference of the margin, or that there is none as large. */
  samples: count.nullable(),
  /** Smallest difference that the samples at hand could show; null where there are too few for any verdict. */
  detectable: z.number().nullable(),
  /** Gold answers that are still to be written. */
  labelsMissing: count.nullable(),
  labelHours: z.number().nonnegative().nullable(),
  /** Calls, and tokens by rule of thumb; no measurement. */
  calls: count,
  inputTokens: count,
  outputTokens: count,
  /** Null where no model was named or its price is not known. */
  usd: z.number().nonnegative().nullable(),
  ifYes: z.string(),
  ifNo: z.string(),
  /** Commands to type, in order. */
  commands: z.array(z.string()),
});
export type Experiment = z.infer<typeof experimentSchema>;

/** What `plan --json` prints. */
export const planSchema = z.strictObject({
  answers: planAnswersSchema,
  hypotheses: z.array(hypothesisSchema),
  /** Choices that fight their purpose. */
  conflicts: z.array(z.strictObject({ approach, message: z.string() })),
  /** Null where every approach is ruled out. */
  experiment: experimentSchema.nullable(),
  /** Answers that, changed alone, would put another approach first. */
  wouldChange: z.array(z.strictObject({ answer: z.string(), value: z.string(), first: approach.nullable() })),
  /** Questions that were not answered. */
  unanswered: z.array(z.string()),
  /** Null where it was not measured. */
  halfLife: halfLifeSchema.nullable(),
  notes: z.array(z.string()),
});
export type Plan = z.infer<typeof planSchema>;
