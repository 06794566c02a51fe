import { type DatedPrice, isUsable, priceState } from './dated-price.ts';
import { hostingPrices } from './hosting-prices.ts';
import { inferencePrices } from './inference-prices.ts';
import { servicePrices } from './service-prices.ts';
import { trainingPrices } from './training-prices.ts';

/** Prices that Fulcrum notes itself: what the price list does not have, or has late. */
export const priceOverlay: readonly DatedPrice[] = [
  ...inferencePrices,
  ...trainingPrices,
  ...hostingPrices,
  ...servicePrices,
];

/**
 * Whether a price noted for `noted` is that of `model` (both `provider/model`): the same name, a dated snapshot of it, or a
 * tuned model's own suffix (`ft:BASE-2026-01-31:team::id`).
 */
export function isPriceOf(noted: string, model: string): boolean {
  const [known, asked] = [noted.toLowerCase(), model.toLowerCase()];
  return asked.startsWith(known) && /^(-\d{4}-?\d{2}-?\d{2})?(:.*)?$/.test(asked.slice(known.length));
}

/** Token prices of one model, in USD per million tokens. */
export interface TokenPrices {
  readonly input: number;
  readonly cachedInput?: number | undefined;
  readonly cacheWrite?: number | undefined;
  readonly output: number;
  /** The oldest day of them. */
  readonly date: string;
}

/** Token prices that the overlay has for a model on a day; null where input, or output of a language model, is missing. */
export function tokenPricesOf(
  overlay: readonly DatedPrice[],
  model: string,
  today: string,
): TokenPrices | null {
  const usable = overlay.filter(
    (price) =>
      price.model !== null &&
      isPriceOf(price.model, model) &&
      price.unit === 'million-tokens' &&
      price.scope?.tier === undefined &&
      isUsable(priceState(price, today)),
  );
  const of = (kind: DatedPrice['kind']): DatedPrice | undefined =>
    usable.find((price) => price.kind === kind);
  const embedding = of('embedding');
  const input = embedding ?? of('input');
  const output = embedding ? undefined : of('output');
  if (!input || (!embedding && !output)) return null;
  const parts = [input, output, of('cached-input'), of('cache-write')].filter((part) => part !== undefined);
  return {
    input: input.value!,
    output: output?.value ?? 0,
    cachedInput: of('cached-input')?.value ?? undefined,
    cacheWrite: of('cache-write')?.value ?? undefined,
    date: parts.map(({ checked }) => checked ?? '').sort()[0]!,
  };
}
