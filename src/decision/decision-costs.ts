import type { ArmInputs, Losses } from './cost/arm-inputs.ts';
import type { Amount } from './cost/figure.ts';
import { enteredFigure, isKnown, measuredFigure, unknownFigure } from './cost/figure.ts';
import type { TippingValue } from './cost/tipping-values.ts';
import { whatIf } from './cost/what-if.ts';
import { monthlyCost } from './cost.ts';

/** What the costs of a decision are computed from, beside the measured cost of its answers. */
export interface Costing {
  /** Arms by the names of the variants; a variant without one costs what its answers cost, and nothing that is fixed. */
  readonly arms: readonly ArmInputs[];
  readonly losses: Losses;
  /** ISO day. */
  readonly today: string;
}

/** What the variants of a decision cost, fixed and hosting costs included where they are known. */
export interface DecisionCosts {
  /** USD a month; null where it is not known. */
  readonly now: ReadonlyMap<string, number | null>;
  readonly tenfold: ReadonlyMap<string, number | null>;
  /** Why a cost is not known. */
  readonly unknown: ReadonlyMap<string, string>;
  /** USD per accepted answer, losses included; null where it is not known. */
  readonly perAccepted: ReadonlyMap<string, number | null>;
}

/** Factor of the second volume that a decision states costs for. */
export const tenfold = 10;

/** Costs of all variants at a volume and at ten times of it. */
export function decisionCosts(
  per1000: ReadonlyMap<string, number | null>,
  volume: number,
  costing: Costing | undefined,
): DecisionCosts {
  if (!costing) {
    const at = (factor: number): Map<string, number | null> =>
      new Map([...per1000].map(([variant, usd]) => [variant, monthlyCost(usd, volume * factor)]));
    return {
      now: at(1),
      tenfold: at(tenfold),
      unknown: new Map(),
      perAccepted: new Map([...per1000.keys()].map((variant) => [variant, null])),
    };
  }
  const { costs } = whatIf({
    ...costing,
    arms: armsOf(per1000, costing),
    volumes: [volume, volume * tenfold],
    max: Math.ceil(volume * tenfold) + 1,
    draws: 1,
  });
  const known = (amount: Amount): number | null => (isKnown(amount) ? amount.value : null);
  const pick = (at: number, read: (cost: (typeof costs)[number]) => Amount): [string, number | null][] =>
    costs.filter((cost) => cost.volume === at).map((cost) => [cost.arm, known(read(cost))]);
  return {
    now: new Map(pick(volume, (cost) => cost.perMonth)),
    tenfold: new Map(pick(volume * tenfold, (cost) => cost.perMonth)),
    perAccepted: new Map(pick(volume, (cost) => cost.perAccepted)),
    unknown: new Map(
      costs.flatMap(({ arm, volume: at, perMonth }) =>
        at === volume && !isKnown(perMonth) ? [[arm, perMonth.reason] as const] : [],
      ),
    ),
  };
}

/** Volumes and prices at which another of the qualified variants becomes the cheapest. */
export function costTipping(
  per1000: ReadonlyMap<string, number | null>,
  qualified: readonly string[],
  volume: number,
  costing: Costing | undefined,
): readonly TippingValue[] {
  if (!costing || qualified.length < 2) return [];
  const arms = armsOf(per1000, costing).filter(({ name }) => qualified.includes(name));
  return whatIf({ ...costing, arms, volumes: [volume], draws: 1 }).tipping;
}

/** The arms of variants; one without costs of its own costs what its answers cost. */
export function armsOf(per1000: ReadonlyMap<string, number | null>, { arms }: Costing): ArmInputs[] {
  return [...per1000].map(
    ([name, usd]): ArmInputs =>
      arms.find((arm) => arm.name === name) ?? {
        name,
        kind: 'external',
        hypothetical: false,
        costPer1000:
          usd === null
            ? unknownFigure('the cost of an answer is not known')
            : measuredFigure(usd, 1, 'mean cost of its answers', { id: `price:${name}:request` }),
        prices: {},
        hosting: { form: 'per-token' },
        upfront: { months: enteredFigure(12) },
        maintenance: {},
      },
  );
}
