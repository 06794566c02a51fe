import { z } from 'zod';
import { datedPriceSchema, priceKinds, priceStates, retirementSchema } from '../models/index.ts';

const count = z.number().int().nonnegative();

const listSchema = z.object({
  name: z.string(),
  /** ISO day. */
  date: z.string(),
  origin: z.enum(['bundled', 'fetched']),
  ageDays: count,
  old: z.boolean(),
  models: count,
});

/** `prices list`. */
export const pricesListOutputSchema = z.object({
  list: listSchema,
  /** ISO day on which the states hold. */
  today: z.string(),
  prices: z.array(
    datedPriceSchema.extend({
      origin: z.enum(['entered', 'overlay', 'price-list']),
      state: z.enum(priceStates),
      used: z.boolean(),
      ageDays: count.nullable(),
    }),
  ),
  retirements: z.array(retirementSchema.extend({ inDays: z.number().int() })),
});

/** `prices set`. */
export const pricesSetOutputSchema = z.object({
  model: z.string(),
  price: z.record(z.string(), z.union([z.number(), z.string()])),
  dropped: z.array(z.string()),
});

/** `prices update`. */
export const pricesUpdateOutputSchema = z.object({
  list: z.object({ date: z.string(), source: z.string(), sha256: z.string() }),
  before: z.object({ date: z.string(), name: z.string() }),
  path: z.string(),
  leftOut: z.array(z.string()),
  difference: z.object({
    added: z.array(z.string()),
    removed: z.array(z.string()),
    large: z.array(
      z.object({
        model: z.string(),
        kind: z.enum(priceKinds),
        before: z.number(),
        after: z.number(),
        change: z.number().nullable(),
      }),
    ),
    small: count,
    same: count,
  }),
});

const amountSchema = z.union([
  z.object({
    value: z.number(),
    low: z.number(),
    high: z.number(),
    source: z.enum(['measured', 'price-list', 'entered', 'derived']),
    date: z.string().nullable(),
    basis: z.string(),
    n: z.number().optional(),
    id: z.string().optional(),
  }),
  z.object({ value: z.null(), reason: z.string() }),
]);

const tokensSchema = z.object({
  mean: amountSchema,
  spread: z.object({ p50: z.number(), p90: z.number(), p99: z.number(), most: z.number() }).nullable(),
});

const profileSchema = z.object(
  Object.fromEntries(
    [
      'staticPrefix',
      'fewShot',
      'history',
      'query',
      'retrieved',
      'output',
      'reasoning',
      'cachedShare',
      'retryFactor',
      'batchShare',
      'embeddedTokens',
      'reranks',
      'coreSeconds',
    ].map((part) => [part, amountSchema]),
  ),
);

/** `cost usage show`. */
export const costUsageShowOutputSchema = z.object({
  name: z.string(),
  rows: count,
  requests: amountSchema,
  period: z.object({ from: z.string(), to: z.string(), days: z.number() }).nullable(),
  /** Requests a month. */
  volume: amountSchema,
  tokens: z.object({
    input: tokensSchema,
    cached: tokensSchema,
    written: tokensSchema,
    output: tokensSchema,
    reasoning: tokensSchema,
  }),
  cachedShare: amountSchema,
  batchShare: amountSchema,
  embeddedTokens: amountSchema,
  reranks: amountSchema,
  models: z.array(
    z.object({
      provider: z.string().nullable(),
      model: z.string().nullable(),
      kind: z.enum(['generation', 'embedding']),
      batch: z.boolean(),
      requests: count.nullable(),
      inputTokens: count,
      cachedInputTokens: count.nullable(),
      outputTokens: count,
      reportedUsd: z.number().nullable(),
      pricedUsd: amountSchema,
    }),
  ),
  cost: z.object({ reportedUsd: amountSchema, pricedUsd: amountSchema }),
  notes: z.array(z.string()),
  /** The mean request, as the cost model takes it. */
  profile: profileSchema,
});

/** `cost import`. */
export const costImportOutputSchema = z.object({
  name: z.string(),
  file: z.string(),
  format: z.string(),
  records: count,
  added: count,
  replaced: count,
  repeated: count,
  withoutUsage: count,
  bad: count,
  firstBad: z.array(z.object({ place: z.string(), problem: z.string() })),
  otherFormats: z.array(z.string()),
  summary: costUsageShowOutputSchema,
});

/** `cost usage list`. */
export const costUsageListOutputSchema = z.object({
  usage: z.array(
    z.object({
      name: z.string(),
      rows: count,
      formats: z.array(z.string()),
      from: z.string().nullable(),
      to: z.string().nullable(),
      imports: z.array(z.object({ file: z.string(), importedAt: z.string(), added: count })),
    }),
  ),
});
