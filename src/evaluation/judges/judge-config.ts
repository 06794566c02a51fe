import { z } from 'zod';
import { ragMetricNames } from '../claims/rag-metric-names.ts';
import { trulensMetricNames } from './trulens-metric-names.ts';

/** Name that stands for the support check, which needs no model. */
export const lexicalJudge = 'lexical';

/** Config `judges`: models that judge, by name. */
export const judgeConfigSchema = z.strictObject({
  /** `provider/model`; of another family than the variants that it judges. */
  model: z.string().min(1),
  temperature: z.number().min(0).max(2).default(0),
  maxOutputTokens: z.number().int().min(50).default(2000),
  /** A call that takes longer is an error of that sample. */
  timeoutSeconds: z.number().positive().default(120),
});
export type JudgeConfig = z.infer<typeof judgeConfigSchema>;

const judge = z.string().min(1);
const ragMetric = z.enum(ragMetricNames);

/** Config of one entry of `scorers` in which something judges; the name of the entry is its key. */
export const judgedScorerConfigSchema = z.discriminatedUnion('type', [
  /** Metrics from claims and what texts say of them. */
  z.strictObject({
    type: z.literal('rag'),
    judge: judge.default(lexicalJudge),
    metrics: z
      .array(ragMetric)
      .min(1)
      .default([...ragMetricNames]),
  }),
  /** The triad of TruLens: ratings from 0 to 3. */
  z.strictObject({
    type: z.literal('trulens'),
    judge,
    metrics: z
      .array(z.enum(trulensMetricNames))
      .min(1)
      .default([...trulensMetricNames]),
  }),
  /** Yes/no criteria. */
  z.strictObject({
    type: z.literal('rubric'),
    judge,
    criteria: z.array(z.string().min(1)).min(1).max(20),
    /** Lowest share of the criteria that passes. */
    pass: z.number().positive().max(1).default(1),
    value: z.enum(['pass', 'share']).default('pass'),
    showReference: z.boolean().default(true),
  }),
  /** The answer beside the reference, blind and in both orders. */
  z.strictObject({ type: z.literal('pairwise'), judge, criterion: z.string().min(1) }),
]);
export type JudgedScorerConfig = z.infer<typeof judgedScorerConfigSchema>;

const judgedTypes = new Set<unknown>(judgedScorerConfigSchema.options.map(({ shape }) => shape.type.value));

/** Whether something judges in an entry of `scorers`. */
export function isJudgedScorer(entry: unknown): entry is JudgedScorerConfig {
  return typeof entry === 'object' && entry !== null && judgedTypes.has((entry as { type?: unknown }).type);
}

/** The entries of `scorers` in which something judges. */
export function judgedEntries(
  entries: Readonly<Record<string, unknown>>,
): Record<string, JudgedScorerConfig> {
  return Object.fromEntries(
    Object.entries(entries).flatMap(([name, entry]) => (isJudgedScorer(entry) ? [[name, entry]] : [])),
  );
}
