import type { BaseList } from './base-list.ts';
import { listedPrices } from './base-list.ts';
import {
  type DatedPrice,
  daysSince,
  isoDay,
  isUsable,
  type PriceKind,
  type PriceScope,
  type PriceState,
  priceState,
} from './dated-price.ts';
import { type EnteredPrice, enteredCoreHour, enteredPrices } from './entered-prices.ts';
import { isPriceOf, priceOverlay } from './price-overlay.ts';

/** A price, where it comes from, and whether it is used today. */
export interface PriceEntry extends DatedPrice {
  readonly origin: 'entered' | 'overlay' | 'price-list';
  readonly state: PriceState;
  /** Days since its source was read; null for an entered price without a day. */
  readonly ageDays: number | null;
}

/** What is asked for. A price with a scope answers only a question that names that scope. */
export interface PriceQuestion {
  readonly kind: PriceKind;
  /** `provider/model`, or the name that the config gives an entered price. */
  readonly model?: string | undefined;
  readonly provider?: string | undefined;
  /** Parameters of the base model in billions. */
  readonly billions?: number | undefined;
  readonly method?: PriceScope['method'];
  readonly accelerator?: string | undefined;
  readonly tier?: string | undefined;
}

/** All prices that a project can see. */
export interface PriceBook {
  readonly list: BaseList;
  /** What the project entered, then what Fulcrum notes; not the price list, which has thousands. */
  readonly noted: readonly PriceEntry[];
  /** Prices of a model, of all its sources: `provider/model`, or a part of its name that is looked for in all providers. */
  ofModel(model: string): PriceEntry[];
  /**
   * Prices that answer a question and may be used: the entered ones where there are some, else those with the latest day
   * for each provider. Empty where nothing usable is known.
   */
  find(question: PriceQuestion): PriceEntry[];
}

export interface PriceBookOptions {
  readonly list: BaseList;
  /** `prices` of the config. */
  readonly prices?: Readonly<Record<string, EnteredPrice>> | undefined;
  /** `coreHourUsd` of the config. */
  readonly coreHourUsd?: number | undefined;
  readonly overlay?: readonly DatedPrice[] | undefined;
  /** ISO day; default today. */
  readonly today?: string | undefined;
}

/** Most models of the price list that a part of a name shows. */
const mostModels = 40;

export function createPriceBook(options: PriceBookOptions): PriceBook {
  const { list, today = isoDay() } = options;
  const entry =
    (origin: PriceEntry['origin']) =>
    (price: DatedPrice): PriceEntry => ({
      ...price,
      origin,
      state: priceState(price, today),
      ageDays: price.checked === null ? null : daysSince(price.checked, today),
    });
  const noted = [
    ...enteredPrices(options.prices ?? {}).map(entry('entered')),
    ...(options.coreHourUsd === undefined ? [] : [entry('entered')(enteredCoreHour(options.coreHourUsd))]),
    ...(options.overlay ?? priceOverlay).map(entry('overlay')),
  ];
  const listed = (matches: (provider: string, model: string) => boolean): PriceEntry[] =>
    list.providers
      .flatMap((provider) =>
        provider.models.filter(({ id }) => matches(provider.id, id)).map((model) => ({ provider, model })),
      )
      .slice(0, mostModels)
      .flatMap(({ provider, model }) => listedPrices(list, provider, model))
      .map(entry('price-list'));
  return {
    list,
    noted,
    ofModel(model) {
      const asked = model.toLowerCase();
      const [head = '', ...rest] = asked.split('/');
      if (head === 'local') return noted.filter(({ kind }) => kind === 'core-hour');
      const name = rest.join('/');
      const of = (known: string): boolean => isPriceOf(known, asked) || isPriceOf(asked, known);
      const exact = listed((provider, id) => provider === head && (id === name || of(`${provider}/${id}`)));
      const found = noted.filter((price) => price.model !== null && of(price.model));
      if (exact.length + found.length > 0) return [...found, ...exact];
      return [
        ...noted.filter((price) => price.model?.toLowerCase().includes(asked)),
        ...listed((provider, id) => `${provider}/${id}`.includes(asked)),
      ];
    },
    find(question) {
      const own = question.model ? this.ofModel(question.model) : [];
      const candidates = [...own, ...noted.filter((price) => !own.includes(price))].filter(
        (price) => isUsable(price.state) && answers(price, question),
      );
      const entered = candidates.filter((price) => price.origin === 'entered');
      return entered.length > 0 ? entered : latestOfEach(candidates);
    },
  };
}

function answers(price: DatedPrice, question: PriceQuestion): boolean {
  const { scope = {} } = price;
  return (
    price.kind === question.kind &&
    (question.provider === undefined || price.provider === question.provider) &&
    (price.model === null || (question.model !== undefined && isPriceOf(price.model, question.model))) &&
    (scope.over === undefined || (question.billions !== undefined && question.billions > scope.over)) &&
    (scope.upTo === undefined || (question.billions !== undefined && question.billions <= scope.upTo)) &&
    (scope.method === undefined || scope.method === question.method) &&
    (scope.accelerator === undefined || scope.accelerator === question.accelerator) &&
    scope.tier === question.tier
  );
}

/** Of the prices of one provider for one model and unit, those that were read last: a later page replaces an older one. */
function latestOfEach(prices: readonly PriceEntry[]): PriceEntry[] {
  const groups = Map.groupBy(prices, (price) => `${price.provider} ${price.model} ${price.unit}`);
  return [...groups.values()].flatMap((group) => {
    const latest = group
      .map(({ checked }) => checked ?? '')
      .sort()
      .at(-1);
    return group.filter(({ checked }) => (checked ?? '') === latest);
  });
}
