import { z } from 'zod';

const count = z.number().int().nonnegative();
const share = z.number().min(0).max(1);

/** What a test sample was found in. */
export const leakSideSchema = z.enum(['train', 'few-shot', 'corpus']);
export type LeakSide = z.infer<typeof leakSideSchema>;

/** How a leak was found; a pair is listed once, under the first of these that finds it. */
export const leakMethodSchema = z.enum(['exact', '5-gram', '13-gram', 'embedding', 'contained']);
export type LeakMethod = z.infer<typeof leakMethodSchema>;

/** A test sample and the row, or the document of the corpus, that gives it away. */
export const leakSchema = z.object({
  sample: z.string(),
  side: leakSideSchema,
  /** Name of the file or dataset; for the corpus the id of the document. */
  origin: z.string(),
  /** Line of JSON Lines, else number of the row or sample, from 1; null for a document. */
  row: count.nullable(),
  method: leakMethodSchema,
  /** Jaccard, share of 13-grams or cosine, by method; 1 for exact and contained. */
  similarity: z.number(),
});
export type Leak = z.infer<typeof leakSchema>;

const bandSchema = z.object({
  band: z.enum(['far', 'middle', 'near']),
  /** Similarity to the nearest training row: at least `from`, below `to` (near: up to 1). */
  from: share,
  to: share,
  n: count,
  /** Share of samples whose label is that of the nearest training row; null where there is none. */
  accuracy: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
});

/** What a program that only looks up the nearest training row would score. */
export const memoriserSchema = z.object({
  n: count,
  /** Test samples and training rows without a label, which play no part. */
  unlabelled: z.object({ samples: count, rows: count }),
  accuracy: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  bands: z.array(bandSchema),
});
export type Memoriser = z.infer<typeof memoriserSchema>;

/** `dataset check`. */
export const leakageReportSchema = z.object({
  dataset: z.string(),
  hash: z.string(),
  split: z.string().nullable(),
  /** Test samples that were looked at. */
  samples: count,
  against: z.array(z.object({ side: leakSideSchema, origin: z.string(), rows: count })),
  methods: z.array(
    z.object({
      method: leakMethodSchema,
      threshold: z.number().nullable(),
      /** Why it was not done; null where it was. */
      skipped: z.string().nullable(),
      /** Test samples with a pair under this method. */
      samples: count,
      pairs: count,
    }),
  ),
  leaks: z.array(leakSchema),
  /** Nearest training or few-shot row of each test sample, by 5-grams; null where there is none at all. */
  nearest: z.array(
    z.object({
      sample: z.string(),
      origin: z.string().nullable(),
      row: count.nullable(),
      similarity: share,
      band: z.enum(['far', 'middle', 'near']),
    }),
  ),
  /** Share of test samples whose nearest row is at least so similar. */
  nearestAtLeast: z.record(z.string(), share),
  memoriser: z.union([memoriserSchema, z.object({ skipped: z.string() })]),
  /** Scores of runs by band: a variant that is good only where rows are near has learnt them by heart. */
  runs: z.array(
    z.object({
      run: z.string(),
      variant: z.string(),
      metric: z.string(),
      bands: z.array(
        z.object({
          band: z.enum(['far', 'middle', 'near']),
          scored: count,
          of: count,
          mean: z.number().nullable(),
          low: z.number().nullable(),
          high: z.number().nullable(),
        }),
      ),
    }),
  ),
  leakedSamples: count,
  leakedShare: share,
  maxLeak: share,
  passed: z.boolean(),
});
export type LeakageReport = z.infer<typeof leakageReportSchema>;
