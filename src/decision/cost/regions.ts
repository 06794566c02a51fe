import { FulcrumError } from '../../core/index.ts';
import type { Region } from './arm-cost.ts';
import { type CostFunction, type HostingStep, machinesAt, usdAt } from './cost-function.ts';

/** An arm whose cost is known. */
export interface PricedArm {
  readonly name: string;
  readonly cost: CostFunction;
}

/** Volumes at which machines are added, over all arms, that are looked at. */
const mostSteps = 100_000;

/**
 * The cheapest arm for every whole number of requests a month from 0 to below `max`: exact, since between two volumes at which a
 * machine is added every cost is a straight line. Of arms that cost the same the one named first in the alphabet counts as
 * the cheapest. Empty without arms. Throws `cost-invalid` for a `max` that is no whole number above 0, and where hosting comes
 * in so many steps that `max` is out of proportion.
 */
export function cheapestRegions(arms: readonly PricedArm[], max: number): Region[] {
  if (!(Number.isSafeInteger(max) && max > 0))
    throw new FulcrumError('cost-invalid', {
      figure: 'max',
      problem: `the largest volume must be a whole number above 0; it is ${max}`,
    });
  if (arms.length === 0) return [];
  const sorted = byName(arms);
  const winners = [...envelope(sorted, max)];
  return winners.map(({ from, arm }, index): Region => {
    const to = winners[index + 1]?.from ?? null;
    const open = to === null && staysCheapest(arm, sorted, max);
    const end = to ?? max;
    const at = middleOf(from, end);
    const usdPerMonth = usdAt(arm.cost, at);
    const others = sorted
      .filter((other) => other !== arm)
      .map((other) => ({ name: other.name, usd: usdAt(other.cost, at) }))
      .sort((a, b) => a.usd - b.usd);
    return {
      from,
      to: open ? null : end,
      arm: arm.name,
      runnerUp: others[0]?.name ?? null,
      at,
      usdPerMonth,
      gapUsd: others[0] ? others[0].usd - usdPerMonth : null,
    };
  });
}

/** Middle by ratio of `[from, to)`; by difference where it begins at 0. */
function middleOf(from: number, to: number): number {
  const last = to - 1;
  return from === 0
    ? Math.floor(last / 2)
    : Math.min(last, Math.max(from, Math.round(Math.sqrt(from * last))));
}

/** Where each cheapest arm begins, from volume 0 up; arms sorted by name. */
function* envelope(arms: readonly PricedArm[], max: number): Generator<{ from: number; arm: PricedArm }> {
  const starts = pieceStarts(arms, max);
  let last: PricedArm | null = null;
  for (const [index, start] of starts.entries())
    for (const piece of linearEnvelope(arms, start, starts[index + 1] ?? max)) {
      if (piece.arm !== last) yield piece;
      last = piece.arm;
    }
}

/** First volume below `max` at which an arm is the cheapest; infinite where it never is. */
export function firstCheapest(arms: readonly PricedArm[], name: string, max: number): number {
  for (const { from, arm } of envelope(byName(arms), max)) if (arm.name === name) return from;
  return Number.POSITIVE_INFINITY;
}

function byName(arms: readonly PricedArm[]): PricedArm[] {
  return [...arms].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** First volumes of the pieces on which every arm is a straight line: 0, 1, and each at which a machine is added. */
function pieceStarts(arms: readonly PricedArm[], max: number): number[] {
  const starts = new Set([0]);
  for (const { cost } of arms)
    for (const step of cost.steps) {
      starts.add(1);
      const count = Math.ceil((max - 1) / step.capacity);
      if (!(count <= mostSteps))
        throw new FulcrumError('cost-invalid', {
          figure: 'max',
          problem: `${max} requests a month would need ${count} machines of an arm; name a smaller largest volume`,
        });
      for (let machines = 1; machines < count; machines++) starts.add(firstAbove(step, machines));
    }
  return [...starts].filter((start) => start < max).sort((a, b) => a - b);
}

/** First volume that needs more than so many machines (spare ones aside), by the function that costs are computed with. */
function firstAbove({ capacity }: HostingStep, machines: number): number {
  const plain = { usd: 0, capacity, minimum: 0, spare: 0 };
  let volume = Math.floor(machines * capacity) + 1;
  while (volume > 1 && machinesAt(plain, volume - 1) > machines) volume--;
  while (machinesAt(plain, volume) <= machines) volume++;
  return volume;
}

/** Cheapest arms on whole volumes from `start` to below `end`, where all costs are straight lines. */
function* linearEnvelope(
  arms: readonly PricedArm[],
  start: number,
  end: number,
): Generator<{ from: number; arm: PricedArm }> {
  let from = start;
  while (from < end) {
    const arm = cheapestAt(arms, from);
    yield { from, arm };
    from = nextChange(arms, arm, from, end);
  }
}

/**
 * The cheapest arm at a volume, the first of them in the order given. Without requests many cost the same, nothing: of these
 * the one that is cheaper for the first request.
 */
export function cheapestAt(arms: readonly PricedArm[], volume: number): PricedArm {
  let best = arms[0]!;
  let least = usdAt(best.cost, volume);
  for (const arm of arms) {
    const usd = usdAt(arm.cost, volume);
    if (usd < least || (usd === least && volume === 0 && usdAt(arm.cost, 1) < usdAt(best.cost, 1)))
      [best, least] = [arm, usd];
  }
  return best;
}

/** First volume after `from` at which an arm of a flatter line is preferred to `arm`; `end` when there is none before it. */
function nextChange(arms: readonly PricedArm[], arm: PricedArm, from: number, end: number): number {
  let next = end;
  for (const [index, other] of arms.entries()) {
    if (!(other.cost.perRequest < arm.cost.perRequest)) continue;
    const pair = index < arms.indexOf(arm) ? [other, arm] : [arm, other];
    const preferred = (volume: number): boolean => cheapestAt(pair, volume) === other;
    if (next - 1 <= from || !preferred(next - 1)) continue;
    let [before, after] = [from, next - 1];
    while (after - before > 1) {
      const middle = before + Math.floor((after - before) / 2);
      if (preferred(middle)) after = middle;
      else before = middle;
    }
    next = after;
  }
  return next;
}

/**
 * Whether an arm is the cheapest at every volume from `max` on: its cost lies below a line (all machines full but one) that lies
 * below such a line under the cost of each other arm.
 */
function staysCheapest(arm: PricedArm, arms: readonly PricedArm[], max: number): boolean {
  const upper = boundOf(arm.cost, 1);
  return arms.every((other) => {
    if (other === arm) return true;
    const lower = boundOf(other.cost, 0);
    if (arm.cost.steps.length === 0 && other.cost.steps.length === 0)
      return arm.cost.perRequest <= other.cost.perRequest;
    return upper.slope <= lower.slope && upper.at(max) <= lower.at(max);
  });
}

/** A line above (`more` 1) or below (0) a cost from some volume on. */
function boundOf(
  { fixed, perRequest, steps }: CostFunction,
  more: 0 | 1,
): { slope: number; at: (volume: number) => number } {
  const slope = steps.reduce((sum, { usd, capacity }) => sum + usd / capacity, perRequest);
  const offset = steps.reduce(
    (sum, { usd, minimum, spare }) => sum + usd * (more === 1 ? Math.max(minimum, 1 + spare) : spare),
    fixed,
  );
  return { slope, at: (volume) => offset + slope * volume };
}
