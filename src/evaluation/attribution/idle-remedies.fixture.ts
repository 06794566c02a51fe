import { judgeArms } from './attributable-shares.ts';
import { drawOutcomes, type PlantedWorld } from './planted-outcomes.fixture.ts';

/** Nothing but noise and hopeless samples: no arm does anything. */
const idle: PlantedWorld = {
  clusters: 150,
  clusterSize: 1,
  missed: 0,
  distracted: 0,
  hopeless: 0.4,
  noise: 0.15,
  alike: 0,
};

/** Worlds in which a remedy does nothing, by name. */
export const idleWorlds: Readonly<Record<string, PlantedWorld>> = {
  independent: idle,
  '60 clusters': { ...idle, clusters: 60, clusterSize: 5, alike: 0.6 },
  '30 clusters': { ...idle, clusters: 30, clusterSize: 5, alike: 0.6 },
  'little noise': { ...idle, noise: 0.02 },
  'few failures': { ...idle, hopeless: 0.05, noise: 0.05 },
};

/** What is said of a remedy that does nothing, over data sets with seeds 1, 2, … */
export interface IdleRates {
  /** Share in which attributable share, harm and headroom all hold 0. */
  readonly covered: number;
  /** Mean share of failures that it seems to mend. */
  readonly mended: number;
}

/** Draws the arms from the same chances as the base: `gold` does nothing in these worlds. */
export function simulateIdle(world: PlantedWorld, repetitions: number): IdleRates {
  let covered = 0;
  let mended = 0;
  const holds = (interval: { low: number; high: number } | null | undefined): boolean =>
    !interval || (interval.low <= 0 && interval.high >= 0);
  for (let seed = 1; seed <= repetitions; seed++) {
    const [remedy] = judgeArms(drawOutcomes(world, seed), ['gold', 'placebo'], 0.95).remedies;
    const all = [remedy?.attributable, remedy?.attributableHarm, remedy?.headroom];
    covered += all.every(holds) ? 1 : 0;
    mended += (remedy?.helped ?? 0) / Math.max(1, remedy?.wrongBefore ?? 0);
  }
  return { covered: covered / repetitions, mended: mended / repetitions };
}
