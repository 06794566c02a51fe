import type { Losses } from './arm-inputs.ts';
import { type CostMeasure, type CostPlan, costFunction } from './compile-arm.ts';
import { usdAt } from './cost-function.ts';
import { type Figure, isKnown } from './figure.ts';
import { cheapestAt, cheapestRegions, type PricedArm } from './regions.ts';

/** The value of one quantity, the others unchanged, beyond which another arm is the cheapest. */
export interface TippingValue {
  /** `volume`, `price:MODEL:KIND`, `loss:wrong`, `loss:refused` or `quality:ARM`. */
  readonly parameter: string;
  /** Its value now. */
  readonly now: number;
  /** At or beyond it the advice is another. */
  readonly flipsAt: number;
  readonly direction: 'above' | 'below';
  /** The arm that is then the cheapest. */
  readonly to: string;
}

export interface TippingOptions {
  readonly plans: readonly CostPlan[];
  /** Requests a month. */
  readonly volume: number;
  readonly measure: CostMeasure;
  readonly losses: Losses;
  /** Largest volume looked at. */
  readonly max: number;
}

/**
 * Which volume, price or error cost would make another arm the cheapest, nearest by ratio first. The cost of a month is a straight
 * line in each price and each loss, so these are exact; a parameter that never flips the advice is left out. Empty unless the
 * costs of two arms are known.
 */
export function tippingValues(options: TippingOptions): TippingValue[] {
  const { plans, measure, losses, volume } = options;
  const priced = pricedArms(plans, measure, losses);
  if (priced.length < 2 || volume === 0) return [];
  const best = cheapestAt(priced, volume).name;
  const found = [
    ...volumeTips(priced, best, options),
    ...parametersOf(options).flatMap((figure) => lineTips(figure, best, options)),
    ...(measure === 'accepted' ? qualityTips(best, options) : []),
  ];
  const distance = ({ now, flipsAt }: TippingValue): number =>
    Math.abs(Math.log(Math.max(flipsAt, 1e-12) / Math.max(now, 1e-12)));
  return found.sort((a, b) => distance(a) - distance(b));
}

/** The arms whose cost is known, by name. */
export function pricedArms(
  plans: readonly CostPlan[],
  measure: CostMeasure,
  losses: Losses,
  read?: (figure: Figure) => number,
): PricedArm[] {
  return plans
    .flatMap((plan) => {
      const cost = costFunction(plan, measure, losses, read);
      return cost === null ? [] : [{ name: plan.arm.name, cost }];
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function volumeTips(
  priced: readonly PricedArm[],
  best: string,
  { volume, max }: TippingOptions,
): TippingValue[] {
  const regions = cheapestRegions(priced, Math.max(max, Math.ceil(volume) + 1));
  const here = regions.findIndex(({ from, to }) => from <= volume && (to === null || volume < to));
  const [below, above] = [regions[here - 1], regions[here + 1]];
  const tips: TippingValue[] = [];
  const common = { parameter: 'volume', now: volume };
  if (below && below.arm !== best)
    tips.push({ ...common, flipsAt: regions[here]!.from - 1, direction: 'below', to: below.arm });
  if (above) tips.push({ ...common, flipsAt: above.from, direction: 'above', to: above.arm });
  return tips;
}

/** Prices and losses that have a name, one figure of each. */
function parametersOf({ plans, losses, measure }: TippingOptions): Figure[] {
  const figures = new Map<string, Figure>();
  const amounts = [
    ...plans.flatMap((plan) => plan.terms.flatMap((term) => term.inputs)),
    ...(measure === 'accepted' ? [losses.wrong, losses.refused] : []),
  ];
  for (const amount of amounts)
    if (isKnown(amount) && amount.id && /^(price|loss):/.test(amount.id)) figures.set(amount.id, amount);
  return [...figures.values()];
}

/** Values of a parameter in which all costs are straight lines, on either side of the present one. */
function lineTips(figure: Figure, best: string, options: TippingOptions): TippingValue[] {
  const { plans, measure, losses, volume } = options;
  const unit = figure.value > 0 ? figure.value : 1;
  const costsAt = (value: number): Map<string, number> =>
    new Map(
      pricedArms(plans, measure, losses, (each) => (each.id === figure.id ? value : each.value)).map(
        ({ name, cost }) => [name, usdAt(cost, volume)],
      ),
    );
  const [zero, one] = [costsAt(0), costsAt(unit)];
  const slopes = new Map([...zero].map(([name, usd]) => [name, ((one.get(name) ?? usd) - usd) / unit]));
  const tips = new Map<'above' | 'below', TippingValue>();
  for (const [name, usd] of zero) {
    const slope = (slopes.get(best) ?? 0) - (slopes.get(name) ?? 0);
    if (name === best || slope === 0) continue;
    const flipsAt = (usd - (zero.get(best) ?? usd)) / slope;
    const direction = slope > 0 ? 'above' : 'below';
    // Beyond the crossing the other arm is cheaper; one that lies on the wrong side of now, or below 0, is none.
    if (!Number.isFinite(flipsAt) || flipsAt < 0 || flipsAt > figure.value === (direction === 'below'))
      continue;
    const nearer = tips.get(direction);
    if (nearer && Math.abs(nearer.flipsAt - figure.value) <= Math.abs(flipsAt - figure.value)) continue;
    tips.set(direction, { parameter: figure.id ?? '', now: figure.value, flipsAt, direction, to: name });
  }
  return [...tips.values()];
}

/**
 * How far the share of correct answers of the best arm may fall, wrong ones taking their place, before the next is cheaper for
 * an accepted answer: (c + (1 - P(refused) - x) Lw + P(refused) Lr) / x = t gives x = (c + (1 - P(refused)) Lw + P(refused) Lr) / (t + Lw).
 */
function qualityTips(best: string, { plans, losses, volume }: TippingOptions): TippingValue[] {
  const plan = plans.find(({ arm }) => arm.name === best);
  const { correct, refused } = plan?.arm.quality ?? {};
  const cost = plan && costFunction(plan);
  if (!cost || !correct || !refused || !isKnown(correct) || !isKnown(refused) || !isKnown(losses.wrong))
    return [];
  const others = pricedArms(plans, 'accepted', losses).filter(({ name }) => name !== best);
  const next = cheapestAt(others, volume);
  const target = usdAt(next.cost, volume) / volume;
  const lossRefused = isKnown(losses.refused) ? losses.refused.value : 0;
  const spent =
    usdAt(cost, volume) / volume + (1 - refused.value) * losses.wrong.value + refused.value * lossRefused;
  const flipsAt = spent / (target + losses.wrong.value);
  if (!(flipsAt <= correct.value)) return [];
  return [{ parameter: `quality:${best}`, now: correct.value, flipsAt, direction: 'below', to: next.name }];
}
