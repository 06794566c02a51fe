import { z } from 'zod';
import { scoreSchema } from '../core/index.ts';
import { mutationNames } from '../evaluation/index.ts';

// The JSON that `judge …` and `scorers list` print with --json.

const count = z.number().int().nonnegative();
const share = z.number().min(0).max(1);
const counts = z.record(z.string(), z.number().int().positive());
const meanSchema = z.object({
  mean: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  clusters: count,
});

/** `judge calibrate`. */
export const judgeCalibrateOutputSchema = z.object({
  metric: z.string(),
  /** A score from here on counts as good. */
  threshold: z.number(),
  agreement: z.array(
    z.object({
      /** Null for all variants together. */
      variant: z.string().nullable(),
      labels: count,
      sensitivity: meanSchema,
      specificity: meanSchema,
      kappa: z.number().nullable(),
      kappaInterval: z.object({ low: z.number(), high: z.number() }).nullable(),
      judgedRate: share.nullable(),
      judged: count,
      corrected: z.object({ rate: share, low: share, high: share }).nullable(),
      /** Why there is no corrected rate. */
      refused: z.string().nullable(),
    }),
  ),
  differences: z.array(
    z.object({
      a: z.string(),
      b: z.string(),
      difference: z.number(),
      low: z.number(),
      high: z.number(),
      weight: z.number(),
      samples: count,
      labels: count,
      clusters: count,
    }),
  ),
  notes: z.array(z.string()),
});

/** `judge noise`. */
export const judgeNoiseOutputSchema = z.object({
  run: z.string(),
  metric: z.string(),
  /** Null where no answer was judged twice. */
  noise: z
    .object({
      samples: count,
      repeats: count,
      flips: share,
      within: z.number().nonnegative(),
      floor: z.number().nonnegative(),
    })
    .nullable(),
});

/** `judge mutate`. */
export const judgeMutateOutputSchema = z.object({
  results: z.array(
    z.object({
      metric: z.string(),
      mutation: z.enum(mutationNames),
      n: count,
      missed: count,
      /** `missed / n`; null where n is 0. */
      share: share.nullable(),
      interval: z.object({ low: share, high: share }).nullable(),
      without: counts,
    }),
  ),
});

/** `judge pairwise`. */
export const judgePairwiseOutputSchema = z.object({
  a: z.string(),
  b: z.string(),
  n: count,
  wins: z.object({ a: count, b: count, tie: count }),
  orderDependent: count,
  identical: count,
  errors: counts,
  preference: meanSchema,
  samples: z.array(z.object({ sample: z.string(), score: scoreSchema })),
});

/** `judge show`: of a run, or with --sample of one of its samples. */
export const judgeShowOutputSchema = z.union([
  z.object({
    run: z.string(),
    metrics: z.array(
      z.object({
        metric: z.string(),
        scored: count,
        of: count,
        reasons: counts,
        spent: z.object({
          calls: count,
          inputTokens: count,
          outputTokens: count,
          usd: z.number().nonnegative(),
        }),
      }),
    ),
  }),
  z.object({ run: z.string(), sample: z.string(), scores: z.record(z.string(), scoreSchema) }),
]);

/** `judge overrule`. */
export const judgeOverruleOutputSchema = z.object({
  claim: z.string(),
  /** Hash of the text that it was held against. */
  evidence: z.string(),
  changed: z.boolean(),
});

/** `scorers list`. */
export const scorersListOutputSchema = z.object({
  scorers: z.array(
    z.object({
      name: z.string(),
      description: z.string(),
      direction: z.enum(['higher', 'lower']),
      needs: z.array(z.string()),
      /** Its config, `{"type": "own"}` for a function; null for a built-in one. */
      config: z.unknown(),
      /** Why it cannot work; null when it can. */
      problem: z.string().nullable(),
    }),
  ),
});
