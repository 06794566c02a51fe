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
