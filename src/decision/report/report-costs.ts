import type { Region } from '../cost/arm-cost.ts';
import { compileArm, costFunction, drawnFunctions } from '../cost/compile-arm.ts';
import { usdAt } from '../cost/cost-function.ts';
import { centralInterval, drawFigures } from '../cost/draw-figures.ts';
import { unknownFigure } from '../cost/figure.ts';
import { cheapestRegions } from '../cost/regions.ts';
import { type WhatIf, whatIf } from '../cost/what-if.ts';
import type { ExplainedDecision } from '../decide.ts';
import { armsOf, type Costing, tenfold } from '../decision-costs.ts';

/** What a month costs at so many requests, with a 95 % interval. */
export interface CostPoint {
  readonly requests: number;
  readonly usd: number;
  readonly low: number;
  readonly high: number;
}

/** Costs of the deployable variants of a decision. */
export interface ReportCosts {
  /** At the volume and at ten times of it; crossovers of each two. */
  readonly found: WhatIf;
  /** Over volume, of the variants whose cost is known. */
  readonly lines: readonly { readonly variant: string; readonly points: readonly CostPoint[] }[];
  /** Where which is the cheapest of those that qualify; of all deployable ones where none does. */
  readonly regions: readonly Region[];
  readonly among: 'qualified' | 'deployable';
}

/** Worlds that intervals are drawn from; few, since a page computes them again at each move of a slider. */
const draws = 300;

/** Orders of magnitude on each side of the volume that lines are drawn for, and points of each. */
const decades = 2;
const pointsPerDecade = 24;

/** Costs for the page. Pure: the same decision and costing give the same figures. Throws `cost-invalid`. */
export function reportCosts(
  { decision, evidence }: ExplainedDecision,
  costing: Costing = nothingKnown,
): ReportCosts {
  const { volume } = decision;
  const deployable = decision.variants.filter((variant) => variant.deployable);
  const per1000 = new Map([...evidence.costs].filter(([name]) => isOne(deployable, name)));
  const arms = armsOf(per1000, costing);
  const { losses, today } = costing;
  const found = whatIf({ arms, volumes: [volume, volume * tenfold], losses, draws, today });
  const qualified = deployable.filter(({ qualifies }) => qualifies);
  const among = qualified.length > 0 ? qualified : deployable;
  const drawn = drawFigures(arms, { draws });
  const priced = arms.flatMap((arm) => {
    const plan = compileArm(arm);
    const cost = costFunction(plan);
    return cost ? [{ name: arm.name, cost, worlds: drawnFunctions(plan, drawn) }] : [];
  });
  const volumes = drawnVolumes(volume);
  return {
    found,
    regions: cheapestRegions(
      priced.filter(({ name }) => isOne(among, name)),
      found.max,
    ),
    among: qualified.length > 0 ? 'qualified' : 'deployable',
    lines: priced.map(({ name, cost, worlds }) => ({
      variant: name,
      points: volumes.map((requests) => {
        const usd = usdAt(cost, requests);
        const values = Float64Array.from(worlds, (world) => (world ? usdAt(world, requests) : Number.NaN));
        return { requests, usd, ...centralInterval(values, usd) };
      }),
    })),
  };
}

const nothingKnown: Costing = {
  arms: [],
  losses: { wrong: unknownFigure('not entered'), refused: unknownFigure('not entered') },
  today: '9999-12-31',
};

function isOne(variants: readonly { readonly variant: string }[], name: string): boolean {
  return variants.some(({ variant }) => variant === name);
}

/** Volumes by even ratios around `volume`, which is among them. */
function drawnVolumes(volume: number): number[] {
  const steps = decades * pointsPerDecade;
  return Array.from({ length: 2 * steps + 1 }, (_, index) =>
    index === steps ? volume : volume * 10 ** ((index - steps) / pointsPerDecade),
  );
}
