import { type BaseList, listedPrices } from './base-list.ts';
import { isoDay, isUsable, type PriceKind, priceState } from './dated-price.ts';

/** A change that is large enough to decide anew. */
export const largeChange = 0.2;

export interface PriceChange {
  /** `provider/model`. */
  readonly model: string;
  readonly kind: PriceKind;
  /** USD per million tokens. */
  readonly before: number;
  readonly after: number;
  /** `after / before - 1`; null where it was free before. */
  readonly change: number | null;
}

/** What a new list changes, at the prices that hold on a day. */
export interface ListDifference {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Changes of more than 20 %, the largest first. */
  readonly large: readonly PriceChange[];
  /** Changes of at most 20 %. */
  readonly small: number;
  readonly same: number;
}

export function compareLists(before: BaseList, after: BaseList, today = isoDay()): ListDifference {
  const [old, now] = [pricesByModel(before, today), pricesByModel(after, today)];
  const changes = [...now.entries()].flatMap(([model, prices]) =>
    [...prices].flatMap(([kind, value]): PriceChange[] => {
      const was = old.get(model)?.get(kind);
      if (was === undefined) return [];
      return [{ model, kind, before: was, after: value, change: was === 0 ? null : value / was - 1 }];
    }),
  );
  const changed = changes.filter((each) => each.after !== each.before);
  // Prices are decimal fractions: a fifth computed in binary may come out a hair above it.
  const isLarge = ({ change }: PriceChange): boolean =>
    change === null || Math.abs(change) > largeChange + 1e-9;
  const size = ({ change }: PriceChange): number => Math.abs(change ?? Number.POSITIVE_INFINITY);
  const large = changed.filter(isLarge).sort((a, b) => (size(b) > size(a) ? 1 : -1));
  return {
    added: [...now.keys()].filter((model) => !old.has(model)),
    removed: [...old.keys()].filter((model) => !now.has(model)),
    large,
    small: changed.length - large.length,
    same: changes.length - changed.length,
  };
}

function pricesByModel(list: BaseList, today: string): Map<string, Map<PriceKind, number>> {
  const models = new Map<string, Map<PriceKind, number>>();
  for (const provider of list.providers)
    for (const model of provider.models) {
      const kinds = new Map<PriceKind, number>();
      // A later step overwrites an earlier one that still holds.
      for (const price of listedPrices(list, provider, model))
        if (isUsable(priceState(price, today)) && price.value !== null) kinds.set(price.kind, price.value);
      models.set(`${provider.id}/${model.id}`, kinds);
    }
  return models;
}
