import { z } from 'zod';
import { armKinds } from './arm-inputs.ts';

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'a date is YYYY-MM-DD');

/** A number that is entered: alone, or with its interval, where it is from and the day it was looked up. */
export const figureEntrySchema = z.union([
  z.number().nonnegative(),
  z
    .strictObject({
      value: z.number().nonnegative(),
      /** Interval that it may lie in; what-ifs vary it there. */
      low: z.number().nonnegative().optional(),
      high: z.number().nonnegative().optional(),
      /** Where it is from. A price of 0 needs it. */
      basis: z.string().min(1).optional(),
      date: day.optional(),
      currency: z
        .literal('USD', { error: 'amounts are in USD; convert this one and say so in its "basis"' })
        .optional(),
    })
    .refine(({ value, low = value, high = value }) => low <= value && value <= high, {
      error: 'the value must lie between low and high',
    }),
]);
export type FigureEntry = z.infer<typeof figureEntrySchema>;

const figure = figureEntrySchema;
const shareSchema = figure.refine(
  (entry) => (typeof entry === 'number' ? entry : (entry.high ?? entry.value)) <= 1,
  { error: 'a share lies between 0 and 1' },
);

/** Prices of a hypothetical arm that overrule those of its model; USD per million tokens unless said otherwise. */
const unitPricesSchema = z.strictObject({
  input: figure.optional(),
  cachedInput: figure.optional(),
  cacheWrite: figure.optional(),
  output: figure.optional(),
  /** Part of the price that a batch saves, .5 at half price. */
  batchDiscount: shareSchema.optional(),
  embedding: figure.optional(),
  /** Per 1,000 searches. */
  rerank: figure.optional(),
  /** Per 1,000 queries. */
  storeQuery: figure.optional(),
  /** Per hour of one CPU core. */
  coreHour: figure.optional(),
});

/** How a model is served; without it, by the token and without a fee. */
const hostingSchema = z.discriminatedUnion('form', [
  z.strictObject({
    form: z.literal('per-token'),
    /** USD a month for the deployment. */
    monthlyFee: figure.optional(),
  }),
  z.strictObject({
    form: z.literal('per-hour'),
    /** USD for an hour of one machine. */
    machineHour: figure,
    /** Requests a second that one machine answers. */
    requestsPerSecond: figure,
    /** Prompt tokens a second that one machine reads; bounds long prompts. */
    prefillTokensPerSecond: figure.optional(),
    /** Traffic of the busiest time over the mean. */
    peakToMean: figure.default(3),
    /** Never fewer machines; 2 survives the loss of one. */
    minimumMachines: z.number().int().nonnegative().default(1),
    /** Machines beyond those that the peak needs. */
    spareMachines: z.number().int().nonnegative().default(0),
  }),
  z.strictObject({
    form: z.literal('scale-to-zero'),
    /** USD for a GPU-second. */
    gpuSecond: figure,
    gpuSecondsPerRequest: figure,
    /** GPU-seconds a request that cold starts add on average. */
    coldStartSeconds: figure.optional(),
  }),
]);

const labelsSchema = z.strictObject({
  count: figure,
  usdEach: figure,
  /** Labels bought anew for each retraining; all by default. */
  fresh: figure.optional(),
});
const trainingSchema = z.strictObject({
  /** USD for one run. */
  usdEach: figure,
  /** Runs on top of it, to find the settings. */
  sweep: figure.default(0),
});
const sampledSchema = z.strictObject({
  /** Share of the requests. */
  share: shareSchema,
  /** USD for one. */
  usdEach: figure,
});

/** How requests are sent, where production differs from what was measured. */
const requestsSchema = z.strictObject({
  /** Share of the prefix that is read from the cache; measured by default. */
  cachedShare: shareSchema.optional(),
  /** Model calls a request on top of those measured, 1 by default. */
  retryFactor: figure.optional(),
  /** Share that can wait for a batch. */
  batchShare: shareSchema.optional(),
  /** Tokens of earlier turns; measured by default. */
  history: figure.optional(),
});

/** An arm that was not measured. What is shared (gold set, labels, store, judge) is charged as its kind needs it. */
const hypotheticalArmSchema = z.strictObject({
  kind: z.enum(armKinds),
  /** Measured variant whose tokens and quality it takes; entries of its own overrule them. */
  like: z.string().optional(),
  /** Set of imported usage (`fulcrum cost import`) whose tokens it takes. */
  usage: z.string().optional(),
  /** `provider/model` whose listed prices it takes. */
  model: z.string().optional(),
  prices: unitPricesSchema.prefault({}),
  /** Tokens of a mean request; what is not named is nothing, or as in `like`. */
  tokens: z
    .strictObject({
      staticPrefix: figure.optional(),
      fewShot: figure.optional(),
      history: figure.optional(),
      query: figure.optional(),
      retrieved: figure.optional(),
      output: figure.optional(),
      reasoning: figure.optional(),
      embedded: figure.optional(),
    })
    .prefault({}),
  requests: requestsSchema.prefault({}),
  /** Rerank searches a request. */
  reranks: figure.optional(),
  /** USD per 1,000 requests, in place of tokens and prices. */
  costPer1000: figure.optional(),
  hosting: hostingSchema.default({ form: 'per-token' }),
  labels: labelsSchema.optional(),
  training: trainingSchema.optional(),
  /** Months until it is trained again. */
  retrainMonths: figure.optional(),
  /** Day on which its base model is withdrawn. */
  baseModelEnds: day.optional(),
  /** Shares of outcomes; wrong is what is left. */
  quality: z.strictObject({ correct: shareSchema, refused: shareSchema.default(0) }).optional(),
});
export type HypotheticalArmConfig = z.infer<typeof hypotheticalArmSchema>;

/** `decision.costs` of the config: what no measurement tells. Amounts are in USD. Whatever is absent is not charged. */
export const costsConfigSchema = z.strictObject({
  /** Months over which what is paid once is spread. */
  months: z.number().positive().default(12),
  /** USD lost by a wrong answer, and by a refusal. */
  losses: z.strictObject({ wrong: figure.optional(), refused: figure.optional() }).prefault({}),
  /** Gold set: evaluation needs it, so every arm is charged. `refresh`: items renewed in a month. */
  goldSet: z.strictObject({ count: figure, usdEach: figure, refresh: figure.optional() }).optional(),
  /** USD to evaluate one arm once. */
  evaluation: figure.optional(),
  /** Labels, training and cadence of tuned arms that have no entries of their own. */
  labels: labelsSchema.optional(),
  training: trainingSchema.optional(),
  retrainMonths: figure.optional(),
  /** Working days by arm, and USD for one. */
  engineering: z.strictObject({ usdDay: figure, days: z.record(z.string(), figure) }).optional(),
  /** Vector store of arms that retrieve: USD a month, and per 1,000 queries. */
  store: z.strictObject({ monthly: figure.optional(), per1000Queries: figure.optional() }).prefault({}),
  /** Corpus of arms that retrieve: its tokens, the share that changes in a month, and how long an embedding model is kept. */
  corpus: z
    .strictObject({
      tokens: figure,
      churn: shareSchema.default(0),
      embeddingModelMonths: figure.optional(),
      /** USD per million tokens embedded. */
      embeddingPrice: figure,
    })
    .optional(),
  /** Requests that a judge model reads, and that a person checks. */
  judge: sampledSchema.optional(),
  audit: sampledSchema.optional(),
  requests: requestsSchema.prefault({}),
  /** Arms that were not measured, by name. */
  arms: z.record(z.string(), hypotheticalArmSchema).default({}),
});
export type CostsConfig = z.infer<typeof costsConfigSchema>;
