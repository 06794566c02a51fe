/** Machines that are paid whole: `usd` a month for each of `max(minimum, ceil(volume / capacity) + spare)`. */
export interface HostingStep {
  readonly usd: number;
  /** Requests a month that one machine serves, above 0; a fraction is allowed. */
  readonly capacity: number;
  readonly minimum: number;
  readonly spare: number;
}

/** USD a month as a function of requests a month: `fixed + perRequest * volume`, and machines in steps. */
export interface CostFunction {
  readonly fixed: number;
  readonly perRequest: number;
  readonly steps: readonly HostingStep[];
}

/** Machines that a volume needs. */
export function machinesAt({ capacity, minimum, spare }: HostingStep, volume: number): number {
  return Math.max(minimum, Math.ceil(volume / capacity) + (volume > 0 ? spare : 0));
}

/** USD a month at a volume. */
export function usdAt({ fixed, perRequest, steps }: CostFunction, volume: number): number {
  let usd = fixed + perRequest * volume;
  for (const step of steps) usd += step.usd * machinesAt(step, volume);
  return usd;
}

/** The sum of cost functions. */
export function addCosts(parts: readonly CostFunction[]): CostFunction {
  let fixed = 0;
  let perRequest = 0;
  const steps: HostingStep[] = [];
  for (const part of parts) {
    fixed += part.fixed;
    perRequest += part.perRequest;
    steps.push(...part.steps);
  }
  return { fixed, perRequest, steps };
}

/** A cost function times a factor, with so much more for every request. */
export function scaleCost(cost: CostFunction, factor: number, morePerRequest = 0): CostFunction {
  return {
    fixed: cost.fixed * factor,
    perRequest: (cost.perRequest + morePerRequest) * factor,
    steps: cost.steps.map((step) => ({ ...step, usd: step.usd * factor })),
  };
}

/**
 * Cost a month per request that is answered well, times the volume, as a function of the volume: (cost + volume x (P(wrong)
 * loss + P(refused) loss)) / P(correct). Divided by the volume it is the cost of an accepted answer. Null where nothing is correct.
 */
export function acceptedCost(
  cost: CostFunction,
  quality: { readonly correct: number; readonly wrong: number; readonly refused: number },
  losses: { readonly wrong: number; readonly refused: number },
): CostFunction | null {
  if (!(quality.correct > 0)) return null;
  const lost = quality.wrong * losses.wrong + quality.refused * losses.refused;
  return scaleCost(cost, 1 / quality.correct, lost);
}
