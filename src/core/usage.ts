import { z } from 'zod';

/** What a request consumed. Token counts are those the model or provider reported, in its own tokens. */
export const usageSchema = z.strictObject({
  /** All input tokens, cached ones included. */
  inputTokens: z.number().int().nonnegative(),
  /** The part of `inputTokens` that was read from a prompt cache. */
  cachedInputTokens: z.number().int().nonnegative(),
  /** All output tokens, reasoning included. */
  outputTokens: z.number().int().nonnegative(),
  /** The part of `outputTokens` that was spent on reasoning. */
  reasoningTokens: z.number().int().nonnegative(),
  /** Tokens embedded (queries, sentences, documents). */
  embeddedTokens: z.number().int().nonnegative(),
  /** Calls to a language model, retries included. */
  calls: z.number().int().nonnegative(),
  /** CPU-seconds of local models and local search, measured. */
  coreSeconds: z.number().nonnegative(),
});
export type Usage = z.infer<typeof usageSchema>;

/** Usage of nothing; the neutral element of `addUsage`. */
export const noUsage: Usage = Object.freeze({
  inputTokens: 0,
  cachedInputTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  embeddedTokens: 0,
  calls: 0,
  coreSeconds: 0,
});

/** Sum of usages, member by member. */
export function addUsage(...parts: readonly Partial<Usage>[]): Usage {
  const sum = { ...noUsage };
  for (const part of parts) for (const key of Object.keys(sum) as (keyof Usage)[]) sum[key] += part[key] ?? 0;
  return sum;
}

/** Where a price comes from. `core-hours` prices local work by measured CPU time. */
export const priceSourceSchema = z.enum([
  'price-list',
  'overlay',
  'entered',
  'core-hours',
  'reported',
  'none',
]);

/** Money for a usage. `usd: null` means unknown, which is never the same as 0. */
export const costSchema = z.strictObject({
  usd: z.number().nonnegative().nullable(),
  source: priceSourceSchema,
  /** Date of the price (ISO, day), or null where there is none. */
  priceDate: z.string().nullable(),
  /** One line that says how the figure came about, for reports. */
  basis: z.string(),
});
export type Cost = z.infer<typeof costSchema>;

/** Cost of something that cannot cost anything. */
export const noCost: Cost = Object.freeze({
  usd: 0,
  source: 'none',
  priceDate: null,
  basis: 'no priced work',
});

/** Sum of costs; unknown as soon as one part is unknown. The oldest price date is kept. */
export function addCost(...parts: readonly Cost[]): Cost {
  const priced = parts.filter((part) => part.source !== 'none');
  const first = priced[0];
  if (!first) return noCost;
  const dates = priced
    .map((part) => part.priceDate)
    .filter((date) => date !== null)
    .sort();
  return {
    usd: priced.some((part) => part.usd === null)
      ? null
      : priced.reduce((sum, part) => sum + (part.usd ?? 0), 0),
    source: priced.every((part) => part.source === first.source) ? first.source : 'price-list',
    priceDate: dates[0] ?? null,
    basis: [...new Set(priced.map((part) => part.basis))].join('; '),
  };
}
