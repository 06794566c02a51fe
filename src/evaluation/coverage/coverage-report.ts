import { z } from 'zod';

const count = z.number().int().nonnegative();
const share = z.number().min(0).max(1);

const intervalSchema = z.object({
  mean: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
});

/** `dataset coverage`. */
export const coverageReportSchema = z.object({
  dataset: z.string(),
  hash: z.string(),
  split: z.string().nullable(),
  /** Test samples, and traffic rows that were read. */
  samples: count,
  /** `used`: rows that are placed in topics; of more, a random choice by whole blocks. */
  traffic: z.object({ origin: z.string(), rows: count, blank: count, blocks: count, used: count }),
  /** `embeddings` of the project's model, or `terms`: words hashed with TF-IDF weights. */
  features: z.enum(['embeddings', 'terms']),
  seed: z.number().int(),
  test: z.object({
    statistic: z.literal('energy-distance'),
    distance: z.number(),
    p: z.number(),
    permutations: count,
    /** Rows that took part; larger sides are sampled by whole blocks. */
    samples: count,
    rows: count,
    /** p below .05. Not differing is not proof of likeness. */
    differs: z.boolean(),
  }),
  topics: z.array(
    z.object({
      topic: count,
      words: z.array(z.string()),
      rows: count,
      trafficShare: share,
      samples: count,
      sampleShare: share,
      /** Questions nearest to its centre. */
      examples: z.array(z.string()),
    }),
  ),
  /** Topics of traffic without a test sample, the largest first, and their share of traffic. */
  uncovered: z.array(count),
  uncoveredShare: share,
  /** Traffic rows worth labelling next, in order. */
  labelNext: z.array(z.object({ row: count, topic: count, text: z.string() })),
  /** Weight of each test sample that gives topics the shares of traffic, 1 on average. */
  weights: z.array(z.object({ sample: z.string(), topic: count, weight: z.number() })),
  /** Samples that the weighted set is worth: (sum w)^2 / sum w^2. */
  effectiveN: z.number(),
  /** Share of traffic that the weighted figures speak for: topics with at least one sample. */
  coveredShare: share,
  runs: z.array(
    z.object({
      run: z.string(),
      variant: z.string(),
      metric: z.string(),
      scored: count,
      of: count,
      plain: intervalSchema,
      reweighted: intervalSchema,
      effectiveN: z.number(),
    }),
  ),
});
export type CoverageReport = z.infer<typeof coverageReportSchema>;
