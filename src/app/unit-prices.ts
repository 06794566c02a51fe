import { type Amount, enteredFigure, listedFigure, type UnitPrices } from '../decision/index.ts';
import {
  type BaseList,
  defaultCoreHour,
  type PriceBook,
  type PriceEntry,
  type PriceKind,
  type RequestTokens,
} from '../models/index.ts';

const listedKinds = {
  input: 'input',
  cachedInput: 'cached-input',
  cacheWrite: 'cache-write',
  output: 'output',
} as const satisfies Partial<Record<keyof UnitPrices, PriceKind>>;

/** What prices are looked up with. */
export interface UnitPriceOptions {
  readonly book: PriceBook;
  readonly list: BaseList;
  /** Input tokens of a mean call; some prices step up with the length of a prompt. */
  readonly inputTokens?: number | undefined;
  /** `embedding` of the config. */
  readonly embedding: string | false;
  /** `coreHourUsd` of the config. */
  readonly coreHourUsd?: number | undefined;
}

/** Prices of a model, of embedding and of local work, as far as they are known. A local model has no price by the token. */
export function unitPricesOf(model: string | null, options: UnitPriceOptions): UnitPrices {
  const { book, embedding, coreHourUsd } = options;
  const shared: UnitPrices = {
    ...embeddingPrice(book, embedding),
    coreHour:
      coreHourUsd === undefined
        ? listedFigure(defaultCoreHour.usd, defaultCoreHour.date, 'core-hour', 'price:core-hour')
        : enteredFigure(coreHourUsd, 'coreHourUsd of the config', { id: 'price:core-hour' }),
  };
  if (model === null || model.startsWith('local/')) return shared;
  const found = Object.entries(listedKinds).flatMap(([name, kind]) => {
    const price = priceFigure(book, kind, model);
    return price ? [[name, steppedPrice(price, name, model, options)]] : [];
  });
  const [batch] = ofProvider(book.find({ kind: 'factor', model, tier: 'batch' }), model);
  return {
    ...shared,
    ...(Object.fromEntries(found) as UnitPrices),
    ...(batch && batch.value !== null && batch.value <= 1
      ? { batchDiscount: listedFigure(1 - batch.value, batch.checked, batch.what) }
      : {}),
  };
}

function embeddingPrice(book: PriceBook, embedding: string | false): UnitPrices {
  if (embedding === false) return {};
  if (embedding.startsWith('local/'))
    return { embedding: enteredFigure(0, 'embedded on this machine, in the core-seconds') };
  const price = priceFigure(book, 'embedding', embedding) ?? priceFigure(book, 'input', embedding);
  return price ? { embedding: price } : {};
}

/** The price of a model, with the range that its source gives. */
function priceFigure(book: PriceBook, kind: PriceKind, model: string): Amount | null {
  const [price] = ofProvider(book.find({ kind, model }), model);
  if (!price || price.value === null) return null;
  const { value, low = value, high = value, checked, origin, what, source } = price;
  return {
    value,
    low: Math.min(low, value),
    high: Math.max(high, value),
    source: origin === 'entered' ? 'entered' : 'price-list',
    date: checked,
    basis: `${what} (${source.name})`,
    id: `price:${model}:${kind}`,
  };
}

/** A listed price as it is for prompts of so many tokens; as it was where the list has no step, or another source has the price. */
function steppedPrice(
  price: Amount,
  name: string,
  model: string,
  { list, inputTokens }: UnitPriceOptions,
): Amount {
  if (
    price.value === null ||
    price.source !== 'price-list' ||
    !inputTokens ||
    !price.basis.includes(list.name)
  )
    return price;
  const [providerId = '', ...rest] = model.split('/');
  const usd = (tokens: Partial<RequestTokens>): number | null =>
    list.priceOf({ input: 0, cachedInput: 0, output: 0, ...tokens }, rest.join('/'), { providerId });
  const all = usd({ input: inputTokens });
  const outputs = 1000;
  const paid = {
    input: all,
    cachedInput: usd({ input: inputTokens, cachedInput: inputTokens }),
    cacheWrite: usd({ input: inputTokens, cacheWrite: inputTokens }),
    output: usd({ input: inputTokens, output: outputs }),
  }[name as keyof typeof listedKinds];
  if (paid === null || all === null) return price;
  const value = name === 'output' ? ((paid - all) / outputs) * 1e6 : (paid / inputTokens) * 1e6;
  if (Math.abs(value - price.value) <= price.value * 1e-6) return price;
  const basis = `${price.basis}, in prompts of ${Math.round(inputTokens).toLocaleString('en-US')} tokens`;
  return { ...price, value, low: value, high: value, basis, id: `${price.id}:long` };
}

/** Prices at the provider that the model is named with; those of others where it has none. */
function ofProvider(prices: readonly PriceEntry[], model: string): readonly PriceEntry[] {
  const [provider] = model.split('/');
  const own = prices.filter((price) => price.provider === provider);
  return own.length > 0 ? own : prices;
}
