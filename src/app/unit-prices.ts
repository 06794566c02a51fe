import { type Amount, enteredFigure, listedFigure, type UnitPrices } from '../decision/index.ts';
import { defaultCoreHour, type PriceBook, type PriceEntry, type PriceKind } from '../models/index.ts';

const listedKinds = {
  input: 'input',
  cachedInput: 'cached-input',
  cacheWrite: 'cache-write',
  output: 'output',
} as const satisfies Partial<Record<keyof UnitPrices, PriceKind>>;

/** What prices are looked up with. */
export interface UnitPriceOptions {
  readonly book: PriceBook;
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
    return price ? [[name, price]] : [];
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

/** Prices at the provider that the model is named with; those of others where it has none. */
function ofProvider(prices: readonly PriceEntry[], model: string): readonly PriceEntry[] {
  const [provider] = model.split('/');
  const own = prices.filter((price) => price.provider === provider);
  return own.length > 0 ? own : prices;
}
