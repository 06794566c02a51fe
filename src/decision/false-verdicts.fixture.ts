import { compareVariants } from '../evaluation/index.ts';
import { qualification } from './decide.ts';
import { gatherEvidence } from './evidence.ts';
import { drawRows, trueMean, type World } from './simulated-scores.fixture.ts';

/** Shares of simulated data sets in which something untrue, or the planted truth, was stated. */
export interface Rates {
  /** Any verdict that is not true. */
  readonly falseVerdict: number;
  /** All intervals of a comparison hold the truth. */
  readonly coverage: number;
  /** The variant that is worse by the margin or more qualified. */
  readonly falseQualified: number;
  /** "worse" or "better" was said about the last variant against the first. */
  readonly shown: number;
  /** "equivalent" was said of the first two variants. */
  readonly equivalent: number;
}

/** Draws data sets with seeds 1, 2, … and counts what `compare` and `decide` say of them. */
export function simulate(world: World, repetitions: number, margin = 0.05): Rates {
  let falseVerdict = 0;
  let coverage = 0;
  let falseQualified = 0;
  let shown = 0;
  let equivalent = 0;
  const last = `v${world.variants - 1}`;
  const truth = (variant: string): number => trueMean(world) - (variant === last ? world.loss : 0);
  for (let seed = 1; seed <= repetitions; seed += 1) {
    const rows = drawRows(world, seed);
    const result = compareVariants({ rows, metric: 'correct', margin, planning: false });
    const untrue = result.comparisons.some(({ variant, against, verdict }) => {
      const difference = truth(variant) - truth(against);
      if (verdict === 'better') return difference <= 1e-9;
      if (verdict === 'worse') return difference >= -1e-9;
      return verdict === 'equivalent' && Math.abs(difference) >= margin - 1e-9;
    });
    const within = ({ low, high }: { low: number; high: number }, value: number): boolean =>
      low <= value + 1e-9 && high >= value - 1e-9;
    const covered =
      result.comparisons.every((pair) => within(pair, truth(pair.variant) - truth(pair.against))) &&
      result.variants.every((variant) => within(variant, truth(variant.variant)));
    // Where all are alike, qualifying is never false.
    const evidence = world.loss === 0 ? null : gatherEvidence(rows, 'correct', { confidence: 0.95, look: 1 });
    const planted = result.comparisons.find((pair) => pair.variant === 'v0' && pair.against === last);
    falseVerdict += untrue ? 1 : 0;
    coverage += covered ? 1 : 0;
    falseQualified +=
      evidence && qualification(evidence, { bar: -1, margin })?.qualified.includes(last) ? 1 : 0;
    shown += planted?.verdict === 'better' || planted?.verdict === 'worse' ? 1 : 0;
    equivalent += result.comparisons[0]?.verdict === 'equivalent' ? 1 : 0;
  }
  const share = (hits: number): number => hits / repetitions;
  return {
    falseVerdict: share(falseVerdict),
    coverage: share(coverage),
    falseQualified: share(falseQualified),
    shown: share(shown),
    equivalent: share(equivalent),
  };
}
