import { FulcrumError } from '../core/index.ts';
import type { RuleBounds } from './rule-bounds.ts';

/** A margin that comes from money. */
export interface MoneyMargin {
  /** Net cost of 1,000 requests that does not matter, USD, above 0. */
  readonly marginUsdPer1000: number;
  /** What a wrong answer costs, USD, above 0. */
  readonly wrongUsd: number;
}

/** The margin in units of the metric: as many more wrong answers as the sum pays for. */
export function marginOfMoney({ marginUsdPer1000, wrongUsd }: MoneyMargin): number {
  for (const [name, value] of Object.entries({ marginUsdPer1000, wrongUsd }))
    if (!(value > 0 && Number.isFinite(value)))
      throw new FulcrumError('usage', { problem: `${name} must be above 0; it is ${value}.` });
  return marginUsdPer1000 / 1000 / wrongUsd;
}

/**
 * Bounds of differences net of cost: a variant that costs g more for a request must be better by g over the cost of a wrong
 * answer to be as good, and one that costs g less may be that much worse. Costs are taken as known.
 * @param perRequest USD for one request at the volume. Throws `decision-cost-unknown` for a variant without one.
 */
export function netBounds(
  bounds: RuleBounds,
  perRequest: ReadonlyMap<string, number | null>,
  wrongUsd: number,
): RuleBounds {
  const costOf = (variant: string): number => {
    const usd = perRequest.get(variant) ?? null;
    if (usd === null) throw new FulcrumError('decision-cost-unknown', { variant });
    return usd;
  };
  const worth = (variant: string, against: string): number => (costOf(against) - costOf(variant)) / wrongUsd;
  return {
    ...bounds,
    difference: (variant, against) => bounds.difference(variant, against) + worth(variant, against),
    differenceLow: (variant, against, tail) =>
      bounds.differenceLow(variant, against, tail) + worth(variant, against),
  };
}
