import type { Crossover } from './arm-cost.ts';
import type { CostFunction } from './cost-function.ts';
import { quantile } from './draw-figures.ts';
import { cheapestRegions, firstCheapest, type PricedArm } from './regions.ts';

/** An arm with its cost function in each drawn world. */
export interface DrawnArm extends PricedArm {
  readonly drawn: readonly (CostFunction | null)[];
}

/**
 * Where the cheaper of two arms changes, below `max` requests a month, with the 95 % interval of the first such volume over the
 * drawn worlds. The same for both orders of the arms.
 */
export function crossoverOf(one: DrawnArm, other: DrawnArm, max: number): Crossover {
  const regions = cheapestRegions([one, other], max);
  const below = regions[0]!.arm;
  const above = below === one.name ? other.name : one.name;
  const volumes = regions.slice(1).map(({ from }) => from);
  const firsts = firstCrossings(one, other, above, max);
  const never = firsts.reduce((count, first) => count + (first === Number.POSITIVE_INFINITY ? 1 : 0), 0);
  const first = volumes[0] ?? null;
  const low = quantile(firsts, 0.025);
  const high = quantile(firsts, 0.975);
  const bounded = (value: number): number | null => (Number.isFinite(value) ? Math.round(value) : null);
  return {
    below,
    above,
    volumes,
    first,
    low: first === null ? bounded(low) : Math.min(first, bounded(low) ?? first),
    high: first === null || bounded(high) === null ? null : Math.max(first, bounded(high) ?? first),
    settled: regions.at(-1)?.arm === above && volumes.length > 0 ? (regions.at(-1)?.from ?? null) : null,
    neverShare: firsts.length === 0 ? (first === null ? 1 : 0) : never / firsts.length,
  };
}

/** First volume in each world at which `above` is the cheaper, sorted; 0 where it always is, infinite where it never is. */
function firstCrossings(one: DrawnArm, other: DrawnArm, above: string, max: number): Float64Array {
  const found: number[] = [];
  for (const [draw, cost] of one.drawn.entries()) {
    const against = other.drawn[draw];
    if (!cost || !against) continue;
    const pair = [
      { name: one.name, cost },
      { name: other.name, cost: against },
    ];
    found.push(firstCheapest(pair, above, max));
  }
  return Float64Array.from(found).sort();
}
