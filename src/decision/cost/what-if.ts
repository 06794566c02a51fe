import { FulcrumError } from '../../core/index.ts';
import type { ArmCost, Crossover, Region } from './arm-cost.ts';
import type { ArmInputs, Losses } from './arm-inputs.ts';
import { checkArm, checkLosses, checkVolume } from './check-arm.ts';
import { type CostMeasure, compileArm, costFunction, drawnFunctions } from './compile-arm.ts';
import { costAtVolume } from './cost-at-volume.ts';
import { crossoverOf, type DrawnArm } from './crossover.ts';
import { type DrawOptions, drawFigures } from './draw-figures.ts';
import { cheapestAt, cheapestRegions } from './regions.ts';
import { type TippingValue, tippingValues } from './tipping-values.ts';

export interface WhatIfOptions extends DrawOptions {
  readonly arms: readonly ArmInputs[];
  /** Requests a month; the first is the one that tipping values are for. */
  readonly volumes: readonly number[];
  readonly losses: Losses;
  /** What the cheapest arm is sought by, `request` by default. */
  readonly measure?: CostMeasure | undefined;
  /** Largest volume that regions are looked at for; by default 100 million or, if more, 100 times the largest volume. */
  readonly max?: number | undefined;
  /** ISO day, which no price may lie after. */
  readonly today: string;
}

/** What arms cost, and where which is the cheapest. */
export interface WhatIf {
  readonly measure: CostMeasure;
  readonly max: number;
  /** Of each volume all arms, in the order given. */
  readonly costs: readonly ArmCost[];
  /** Among the arms whose cost is known. */
  readonly regions: readonly Region[];
  /** Of each two arms whose cost is known. */
  readonly crossovers: readonly Crossover[];
  readonly tipping: readonly TippingValue[];
  /** Share of the drawn worlds in which an arm is the cheapest, at each volume; 0 is left out. */
  readonly chances: readonly { readonly volume: number; readonly arm: string; readonly share: number }[];
  /** Arms that are in no region because their cost is not known by the measure, with the reason. */
  readonly unknown: readonly { readonly arm: string; readonly reason: string }[];
}

/** Least that the largest volume looked at is by default. */
const defaultMax = 100_000_000;

/**
 * Costs of arms at volumes with intervals, the volumes at which each is the cheapest, crossovers and tipping values. Pure: nothing
 * is read, and the same inputs give the same figures. Throws `cost-invalid` for figures that cannot be, and for two arms of one name.
 */
export function whatIf(options: WhatIfOptions): WhatIf {
  const { arms, volumes, losses, measure = 'request', today } = options;
  for (const arm of arms) checkArm(arm, today);
  checkLosses(losses, today);
  for (const volume of volumes) checkVolume(volume);
  refuseSameNames(arms);
  const max = options.max ?? Math.max(defaultMax, ...volumes.map((volume) => Math.ceil(volume * 100)));
  const draws = drawFigures(arms, options);
  const plans = arms.map(compileArm);
  const costs = volumes.flatMap((volume) => plans.map((plan) => costAtVolume(plan, volume, draws, losses)));
  const known: DrawnArm[] = [];
  const unknown: { arm: string; reason: string }[] = [];
  for (const plan of plans) {
    const cost = costFunction(plan, measure, losses);
    const name = plan.arm.name;
    if (cost) known.push({ name, cost, drawn: drawnFunctions(plan, draws, measure, losses) });
    else unknown.push({ arm: name, reason: plan.unknown ?? reasonOf(costAtVolume(plan, 1, draws, losses)) });
  }
  const priced = known.sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    measure,
    max,
    costs,
    regions: cheapestRegions(priced, max),
    crossovers: priced.flatMap((one, index) =>
      priced.slice(index + 1).map((other) => crossoverOf(one, other, max)),
    ),
    chances: volumes.flatMap((volume) => chancesAt(priced, volume, draws.count)),
    tipping: tippingValues({ plans, volume: volumes[0] ?? 0, measure, losses, max }),
    unknown,
  };
}

/** How often each arm is the cheapest; worlds in which an arm has no cost count for the others. */
function chancesAt(
  arms: readonly DrawnArm[],
  volume: number,
  draws: number,
): { volume: number; arm: string; share: number }[] {
  const wins = new Map<string, number>();
  for (let draw = 0; draw < draws; draw++) {
    const world = arms.flatMap(({ name, drawn }) => {
      const cost = drawn[draw];
      return cost ? [{ name, cost }] : [];
    });
    if (world.length === 0) continue;
    const { name } = cheapestAt(world, volume);
    wins.set(name, (wins.get(name) ?? 0) + 1);
  }
  return [...wins]
    .map(([arm, count]) => ({ volume, arm, share: count / draws }))
    .sort((a, b) => b.share - a.share);
}

function reasonOf({ perAccepted }: ArmCost): string {
  return perAccepted.value === null ? perAccepted.reason : 'not known';
}

function refuseSameNames(arms: readonly ArmInputs[]): void {
  const names = arms.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new FulcrumError('cost-invalid', { figure: twice, problem: 'two arms have this name' });
}
