import {
  clusterLayout,
  compareVariants,
  differenceInterval,
  type LookPlan,
  meanIntervalOf,
} from '../evaluation/index.ts';
import { drawRows, trueMean, type World } from './simulated-scores.fixture.ts';

/** How somebody looks at a comparison that grows. */
export type Looking = 'naive' | 'open' | 'sequential' | LookPlan;

/** Shares of simulated data sets in which something was said at one of the looks, and when it was first said. */
export interface LookRates {
  /** Any verdict at any look that is not true. */
  readonly falseVerdict: number;
  /** The planted loss of the last variant was found at some look. */
  readonly found: number;
  /** Mean share of the samples that had been drawn when the looking ended. */
  readonly spent: number;
}

/** Looks at every tenth of the clusters of each data set and stops at the first verdict on the first and last variant. */
export function simulateLooks(world: World, repetitions: number, looking: Looking, margin = 0.05): LookRates {
  const looks = 10;
  const last = `v${world.variants - 1}`;
  const truth = (variant: string): number => trueMean(world) - (variant === last ? world.loss : 0);
  let falseVerdict = 0;
  let found = 0;
  let spent = 0;
  for (let seed = 1; seed <= repetitions; seed += 1) {
    const rows = drawRows(world, seed);
    let untrue = false;
    let shown = false;
    let look = 1;
    for (; look <= looks && !untrue && !shown; look += 1) {
      const upTo = (world.clusters * look) / looks;
      const result = compareVariants({
        rows: rows.filter(({ group }) => Number(group?.slice(1)) < upTo),
        metric: 'correct',
        margin,
        planning: false,
        look: looking === 'naive' || looking === 'sequential' ? 1 : look,
        plan: typeof looking === 'object' ? looking : null,
        sequential: looking === 'sequential',
      });
      untrue = result.comparisons.some(({ variant, against, verdict }) => {
        const difference = truth(variant) - truth(against);
        if (verdict === 'better') return difference <= 1e-9;
        if (verdict === 'worse') return difference >= -1e-9;
        return verdict === 'equivalent' && Math.abs(difference) >= margin - 1e-9;
      });
      shown = result.comparisons.some(
        ({ variant, against, verdict }) =>
          variant === 'v0' && against === last && (verdict === 'better' || verdict === 'worse'),
      );
    }
    falseVerdict += untrue ? 1 : 0;
    found += shown && !untrue ? 1 : 0;
    spent += (look - 1) / looks;
  }
  return {
    falseVerdict: falseVerdict / repetitions,
    found: found / repetitions,
    spent: spent / repetitions,
  };
}

/** Single 95 % intervals of a mean and of a difference: shares of data sets in which they hold the truth, and mean widths. */
export function simulateCoverage(
  world: World,
  repetitions: number,
): { mean: number; difference: number; meanWidth: number; differenceWidth: number } {
  let mean = 0;
  let difference = 0;
  let meanWidth = 0;
  let differenceWidth = 0;
  const holds = (low: number, high: number, value: number): number =>
    low <= value + 1e-9 && high >= value - 1e-9 ? 1 : 0;
  for (let seed = 1; seed <= repetitions; seed += 1) {
    const rows = drawRows(world, seed);
    const own = rows.filter(({ variant }) => variant === 'v0');
    const others = new Map(
      rows.filter(({ variant }) => variant === 'v1').map((row) => [row.sample, row.value]),
    );
    const layout = clusterLayout(own.map(({ group }) => group ?? ''));
    const values = own.map(({ value }) => value ?? 0);
    const differences = own.map(({ sample, value }) => (value ?? 0) - (others.get(sample) ?? 0));
    const bounds = meanIntervalOf(values, layout, 0.025, { low: 0, high: 1 });
    const paired = differenceInterval(differences, layout, 0.025);
    mean += holds(bounds.low ?? 0, bounds.high ?? 1, trueMean(world));
    difference += holds(paired.low, paired.high, 0);
    meanWidth += (bounds.high ?? 1) - (bounds.low ?? 0);
    differenceWidth += paired.high - paired.low;
  }
  return {
    mean: mean / repetitions,
    difference: difference / repetitions,
    meanWidth: meanWidth / repetitions,
    differenceWidth: differenceWidth / repetitions,
  };
}
