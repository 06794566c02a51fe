import { z } from 'zod';
import { type Cost, noCost, type Usage } from '../core/index.ts';
import { type BaseList, openBaseList, type ProviderPlace } from './price-list/base-list.ts';
import { type DatedPrice, isoDay } from './price-list/dated-price.ts';
import { type EnteredPrice, enteredPriceSchema } from './price-list/entered-prices.ts';
import { defaultCoreHour } from './price-list/hosting-prices.ts';
import { priceOverlay, type TokenPrices, tokenPricesOf } from './price-list/price-overlay.ts';

/** Prices of one model or service as the config has them, in USD. */
export const modelPriceSchema = enteredPriceSchema;
export type ModelPrice = EnteredPrice;

/** `prices` of the config: by `provider/model`; they overrule overlay and price list. */
export const pricesConfigSchema = z.record(z.string(), modelPriceSchema);

export { defaultCoreHour };

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
  /** Cost of a usage. Tokens written to a cache are a part of the input that `Usage` does not tell apart. */
  price(usage: Usage, cacheWriteTokens?: number): Cost;
  /** Tokens that prompt and output may have together; null where the price list does not say. */
  readonly contextTokens: number | null;
}

export interface HostedPricingOptions {
  /** `provider/model`. */
  readonly id: string;
  /** Name of the model at its provider. */
  readonly model: string;
  /** How the price list finds the provider. */
  readonly provider: ProviderPlace;
  /** `prices` of the config. */
  readonly prices?: Readonly<Record<string, ModelPrice>> | undefined;
  /** Prices that Fulcrum notes itself; default `priceOverlay`. */
  readonly overlay?: readonly DatedPrice[] | undefined;
  /** Default: the bundled list. */
  readonly list?: BaseList | undefined;
  /** ISO day on which prices must hold; default today. */
  readonly today?: string | undefined;
}

/**
 * Prices of a hosted model, from the config, else the overlay, else the price list (of these two the one with the later
 * day); never from the network. A price whose first day lies ahead is not used. An unknown price gives `usd: null`.
 */
export async function createHostedPricing(options: HostedPricingOptions): Promise<HostedPricing> {
  const { id, model, provider, today = isoDay() } = options;
  const list = options.list ?? (await openBaseList());
  const contextTokens = list.contextOf(model, provider);
  const entered = options.prices?.[id];
  if (entered?.input !== undefined && (entered.validFrom ?? today) <= today) {
    const rates = { ...entered, input: entered.input, date: entered.date ?? null };
    return { contextTokens, price: (usage, written) => priceByRates(usage, written, rates, 'entered') };
  }
  const listed = list.priceOf({ input: 0, cachedInput: 0, output: 0 }, model, provider) !== null;
  const overlaid = tokenPricesOf(options.overlay ?? priceOverlay, id, today);
  if (overlaid && !(listed && list.date > overlaid.date))
    return { contextTokens, price: (usage, written) => priceByRates(usage, written, overlaid, 'overlay') };
  if (!listed) return { contextTokens, price: (usage) => (hasTokens(usage) ? unknownPrice(id) : noCost) };
  return {
    contextTokens,
    price: (usage, written = 0) => (hasTokens(usage) ? priceByList(usage, written, options, list) : noCost),
  };
}

/** Some prices step up with the length of one prompt, so a sum over calls is priced as its mean call. */
function priceByList(
  usage: Usage,
  written: number,
  { id, model, provider }: HostedPricingOptions,
  list: BaseList,
): Cost {
  const calls = Math.max(usage.calls, 1);
  const mean = {
    input: (usage.inputTokens + usage.embeddedTokens) / calls,
    cachedInput: usage.cachedInputTokens / calls,
    cacheWrite: written / calls,
    output: usage.outputTokens / calls,
  };
  const usd = list.priceOf(mean, model, provider);
  if (usd === null) return unknownPrice(id);
  return {
    usd: usd * calls,
    source: 'price-list',
    priceDate: list.date,
    basis: `list price of ${id} (${list.name})`,
  };
}

function hasTokens(usage: Usage): boolean {
  return usage.inputTokens + usage.outputTokens + usage.embeddedTokens > 0;
}

function unknownPrice(id: string): Cost {
  return { usd: null, source: 'price-list', priceDate: null, basis: `no price is known for ${id}` };
}

function priceByRates(
  usage: Usage,
  written = 0,
  rates: Omit<TokenPrices, 'date'> & { readonly date: string | null },
  source: 'entered' | 'overlay',
): Cost {
  const plain = usage.inputTokens - usage.cachedInputTokens - written + usage.embeddedTokens;
  const cached = usage.cachedInputTokens * (rates.cachedInput ?? rates.input);
  const kept = written * (rates.cacheWrite ?? rates.input);
  return {
    usd: (plain * rates.input + cached + kept + usage.outputTokens * rates.output) / 1e6,
    source,
    priceDate: rates.date,
    basis: source === 'entered' ? 'price entered in the config' : 'price noted by Fulcrum',
  };
}
