import { z } from 'zod';
import { type Cost, noCost, type Usage } from '../core/index.ts';
import { type DatedPrice, priceOverlay } from './price-overlay.ts';

const dollars = z.number().nonnegative();

/** Price of one model, in USD per million tokens. */
export const modelPriceSchema = z.strictObject({
  input: dollars,
  /** Input tokens read from the provider's cache; default: the price of input. */
  cachedInput: dollars.optional(),
  /** Reasoning included; default 0, for embedding models. */
  output: dollars.default(0),
  /** Day on which the price was looked up. */
  date: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/, 'a date is YYYY-MM-DD')
    .optional(),
});
export type ModelPrice = z.infer<typeof modelPriceSchema>;

/** `prices` of the config: by `provider/model`; they overrule overlay and price list. */
export const pricesConfigSchema = z.record(z.string(), modelPriceSchema);

/** Price of one hour of one CPU core that local work is charged with, unless the config says otherwise. */
export const defaultCoreHour = Object.freeze({ usd: 0.04, date: '2026-11-24' });

/** Release of `@pydantic/genai-prices` that is installed, and its day. The list itself carries no dates. */
export const priceList = Object.freeze({ version: '0.1.8', date: '2026-09-23' });

/** Prices local work by its measured CPU time. */
export function priceCoreSeconds(coreSeconds: number, coreHourUsd?: number): Cost {
  const hour = coreHourUsd ?? defaultCoreHour.usd;
  return {
    usd: (coreSeconds / 3600) * hour,
    source: 'core-hours',
    priceDate: coreHourUsd === undefined ? defaultCoreHour.date : null,
    basis: `local: measured core-seconds at $${hour} a core-hour`,
  };
}

/** What is known of a hosted model before it is called. */
export interface HostedPricing {
  price(usage: Usage): Cost;
  /** Tokens that prompt and output may have together; null where the price list does not say. */
  readonly contextTokens: number | null;
}

export interface HostedPricingOptions {
  /** `provider/model`. */
  readonly id: string;
  /** Name of the model at its provider. */
  readonly model: string;
  /** How the price list finds the provider: by its name, or by the address of its API. */
  readonly provider: { readonly providerId: string } | { readonly providerApiUrl: string };
  /** `prices` of the config. */
  readonly prices?: Readonly<Record<string, ModelPrice>> | undefined;
  /** Prices that Fulcrum notes itself; default `priceOverlay`. */
  readonly overlay?: Readonly<Record<string, DatedPrice>> | undefined;
}

/**
 * Prices of a hosted model, from the config, else the overlay, else the bundled price list; never from the
 * network. An unknown price gives `usd: null`.
 */
export async function createHostedPricing(options: HostedPricingOptions): Promise<HostedPricing> {
  const { calcPrice } = await import('@pydantic/genai-prices');
  const { id, model, provider } = options;
  const listed = calcPrice({ input_tokens: 0, output_tokens: 0 }, model, provider);
  const contextTokens = listed?.model.context_window ?? null;
  const entered = options.prices?.[id];
  if (entered) return { contextTokens, price: (usage) => priceByRates(usage, entered, 'entered') };
  const overlaid = (options.overlay ?? priceOverlay)[id];
  if (overlaid) return { contextTokens, price: (usage) => priceByRates(usage, overlaid, 'overlay') };
  if (!listed) return { contextTokens, price: (usage) => (hasTokens(usage) ? unknownPrice(id) : noCost) };
  return {
    contextTokens,
    price(usage) {
      if (!hasTokens(usage)) return noCost;
      // Some prices step up with the length of one prompt, so a sum over calls is priced as its mean call.
      const calls = Math.max(usage.calls, 1);
      const mean = {
        input_tokens: (usage.inputTokens + usage.embeddedTokens) / calls,
        cache_read_tokens: usage.cachedInputTokens / calls,
        output_tokens: usage.outputTokens / calls,
      };
      const found = calcPrice(mean, model, provider);
      if (!found) return unknownPrice(id);
      return {
        usd: found.total_price * calls,
        source: 'price-list',
        priceDate: priceList.date,
        basis: `list price of ${id} (genai-prices ${priceList.version})`,
      };
    },
  };
}

function hasTokens(usage: Usage): boolean {
  return usage.inputTokens + usage.outputTokens + usage.embeddedTokens > 0;
}

function unknownPrice(id: string): Cost {
  return { usd: null, source: 'price-list', priceDate: null, basis: `no price is known for ${id}` };
}

function priceByRates(usage: Usage, price: ModelPrice, source: 'entered' | 'overlay'): Cost {
  const uncached = usage.inputTokens - usage.cachedInputTokens + usage.embeddedTokens;
  const cached = usage.cachedInputTokens * (price.cachedInput ?? price.input);
  return {
    usd: (uncached * price.input + cached + usage.outputTokens * price.output) / 1e6,
    source,
    priceDate: price.date ?? null,
    basis: source === 'entered' ? 'price entered in the config' : 'price noted by Fulcrum',
  };
}
