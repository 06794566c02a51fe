import type { ConditionalPrice, ModelInfo, ModelPrice, Provider } from '@pydantic/genai-prices';
import { type DatedPrice, isoDay, type PriceKind } from './dated-price.ts';
import { priceList, type StoredPriceList } from './stored-list.ts';

/** How the list finds a provider: by its name there, or by the address of its API. */
export type ProviderPlace = { readonly providerId: string } | { readonly providerApiUrl: string };

/** Tokens of one request; cached and written ones are parts of the input. */
export interface RequestTokens {
  readonly input: number;
  readonly cachedInput: number;
  readonly cacheWrite?: number | undefined;
  readonly output: number;
}

/** The list of token prices by `@pydantic/genai-prices`: the bundled one, or a newer one that the project fetched. */
export interface BaseList {
  /** ISO day. */
  readonly date: string;
  /** Such as `genai-prices 0.1.8`. */
  readonly name: string;
  readonly origin: 'bundled' | 'fetched';
  readonly providers: readonly Provider[];
  /** USD of one request at today's prices; null for a model without a price. */
  priceOf(tokens: RequestTokens, model: string, place: ProviderPlace): number | null;
  /** Tokens that prompt and output may have together; null where the list does not say or lacks the model. */
  contextOf(model: string, place: ProviderPlace): number | null;
  /** Provider whose models have such a name, for a name without its provider. */
  providerOf(model: string): string | null;
}

/** Opens the list of a project. Nothing is read from the network. */
export async function openBaseList(stored: StoredPriceList | null = null): Promise<BaseList> {
  const library = await import('@pydantic/genai-prices');
  const bundled = (await library.waitForUpdate()) ?? [];
  const providers = stored?.providers ?? bundled;
  const calculate = (tokens: RequestTokens, model: string, place: ProviderPlace) => {
    const provider = findProvider(providers, place);
    if (!provider) return null;
    const usage = {
      input_tokens: tokens.input,
      cache_read_tokens: tokens.cachedInput,
      cache_write_tokens: tokens.cacheWrite ?? 0,
      output_tokens: tokens.output,
    };
    return library.calcPrice(usage, model, stored ? { provider: withFallbacks(provider, providers) } : place);
  };
  return {
    date: stored?.date ?? priceList.date,
    name: stored
      ? `genai-prices data, sha256 ${stored.sha256.slice(0, 12)}`
      : `genai-prices ${priceList.version}`,
    origin: stored ? 'fetched' : 'bundled',
    providers,
    priceOf: (tokens, model, place) => calculate(tokens, model, place)?.total_price ?? null,
    contextOf: (model, place) =>
      calculate({ input: 0, cachedInput: 0, output: 0 }, model, place)?.model.context_window ?? null,
    providerOf: (model) => library.findProvider({ modelId: model })?.id ?? null,
  };
}

function findProvider(providers: readonly Provider[], place: ProviderPlace): Provider | undefined {
  if ('providerId' in place) return providers.find(({ id }) => id === place.providerId.toLowerCase());
  return providers.find(({ api_pattern }) => new RegExp(`^(?:${api_pattern})`).test(place.providerApiUrl));
}

/** A provider that resells others is looked up in its own models first, then in theirs. */
function withFallbacks(provider: Provider, providers: readonly Provider[]): Provider {
  const { fallback_model_providers: others = [], ...own } = provider;
  const resold = others.flatMap((id) => providers.find((each) => each.id === id)?.models ?? []);
  return { ...own, models: [...provider.models, ...resold] };
}

/** Keys of the list that are token prices, and what they are here. */
const kindOfKey: Readonly<Record<string, PriceKind>> = {
  input_mtok: 'input',
  cache_read_mtok: 'cached-input',
  cache_write_mtok: 'cache-write',
  output_mtok: 'output',
};

/** Token prices of one model of the list as dated prices, the coming ones included. */
export function listedPrices(list: BaseList, provider: Provider, model: ModelInfo): DatedPrice[] {
  const url = provider.pricing_urls?.[0];
  const steps = stepsOf(model);
  return steps.flatMap(({ prices, from, note }, index) => {
    const until = steps[index + 1]?.from;
    return Object.entries(prices).flatMap(([key, price]): DatedPrice[] => {
      const kind = kindOfKey[key];
      const base = typeof price === 'number' ? price : price?.base;
      if (!kind || base === undefined) return [];
      const notes = [note, typeof price === 'number' ? undefined : tiersOf(price?.tiers ?? [])];
      const said = notes.filter((each) => each !== undefined).join('; ');
      return [
        {
          kind,
          provider: provider.id,
          model: `${provider.id}/${model.id}`,
          what: model.name ?? model.id,
          value: base,
          unit: 'million-tokens',
          currency: 'USD',
          source: { name: list.name, url: url !== undefined && URL.canParse(url) ? url : null },
          checked: list.date,
          confidence: 'published-data',
          ...(from === undefined ? {} : { validFrom: from }),
          ...(until === undefined ? {} : { validUntil: dayBefore(until) }),
          ...(said === '' ? {} : { note: said }),
        },
      ];
    });
  });
}

interface Step {
  readonly prices: ModelPrice;
  readonly from?: string;
  readonly note?: string;
}

/** Prices of a model in the order of their first days; prices by time of day carry a note. */
function stepsOf({ prices }: ModelInfo): Step[] {
  if (!Array.isArray(prices)) return [{ prices }];
  const dated = (prices as ConditionalPrice[]).map(({ constraint, prices: each }): Step => {
    if (constraint === undefined) return { prices: each };
    if ('start_date' in constraint) return { prices: each, from: constraint.start_date };
    return { prices: each, note: `from ${constraint.start_time} to ${constraint.end_time}` };
  });
  return dated.sort((a, b) => ((a.from ?? '') < (b.from ?? '') ? -1 : 1));
}

function tiersOf(tiers: readonly { readonly start: number; readonly price: number }[]): string {
  return tiers
    .map(({ start, price }) => `${price} in requests above ${start.toLocaleString('en-US')} input tokens`)
    .join(', ');
}

function dayBefore(day: string): string {
  return isoDay(new Date(Date.parse(day) - 86_400_000));
}
