import { z } from 'zod';

/** Parts of a prompt. */
export const inputPartNames = ['staticPrefix', 'fewShot', 'history', 'retrieved', 'query'] as const;

/** How input tokens divide into the parts of the prompt: a measured total, split by characters. */
export const inputPartsSchema = z.strictObject({
  /** Instructions and, where it is read whole, the corpus. */
  staticPrefix: z.number().int().nonnegative(),
  /** Worked examples. */
  fewShot: z.number().int().nonnegative(),
  /** Earlier turns. */
  history: z.number().int().nonnegative(),
  /** Passages found for the question. */
  retrieved: z.number().int().nonnegative(),
  query: z.number().int().nonnegative(),
});
export type InputParts = z.infer<typeof inputPartsSchema>;

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
  /** Parts of `inputTokens`, which they sum to. Absent where they are not known, as in runs made before they were kept. */
  inputParts: inputPartsSchema.optional(),
});
export type Usage = z.infer<typeof usageSchema>;

/** Usage of nothing; the neutral element of `addUsage`. */
export const noUsage: Omit<Usage, 'inputParts'> = Object.freeze({
  inputTokens: 0,
  cachedInputTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  embeddedTokens: 0,
  calls: 0,
  coreSeconds: 0,
});

/** Sum of usages, member by member; the parts of the input only where they are known of all of it. */
export function addUsage(...parts: readonly Partial<Usage>[]): Usage {
  const sum = { ...noUsage };
  for (const part of parts)
    for (const key of Object.keys(sum) as (keyof typeof noUsage)[]) sum[key] += part[key] ?? 0;
  const inputs = parts.filter(({ inputTokens = 0 }) => inputTokens > 0);
  const known = inputs.flatMap(({ inputParts }) => (inputParts ? [inputParts] : []));
  if (known.length === 0 || known.length < inputs.length) return sum;
  const inputParts = { ...known[0]! };
  for (const more of known.slice(1)) for (const name of inputPartNames) inputParts[name] += more[name];
  return { ...sum, inputParts };
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
