import type { ArmInputs, Losses } from './arm-inputs.ts';
import { acceptedCost, addCosts, type CostFunction } from './cost-function.ts';
import { type CostTerm, termFunction, unknownReason } from './cost-term.ts';
import type { Draws } from './draw-figures.ts';
import { type Figure, isKnown } from './figure.ts';
import { hostingTerms } from './hosting-terms.ts';
import { maintenanceTerms } from './maintenance-terms.ts';
import { requestTerms } from './request-terms.ts';
import { retrievalTerms } from './retrieval-terms.ts';
import { upfrontTerms } from './upfront-terms.ts';

/** The terms of an arm, ready to be computed. */
export interface CostPlan {
  readonly arm: ArmInputs;
  readonly terms: readonly CostTerm[];
  /** Why the cost is not known; null when it is. */
  readonly unknown: string | null;
}

/** What arms are compared by: cost alone, or cost with the losses by wrong answers and refusals, per accepted answer. */
export type CostMeasure = 'request' | 'accepted';

export function compileArm(arm: ArmInputs): CostPlan {
  const terms = [
    ...requestTerms(arm),
    ...retrievalTerms(arm),
    ...hostingTerms(arm),
    ...upfrontTerms(arm),
    ...maintenanceTerms(arm),
  ];
  const reasons = terms.flatMap((term) => {
    const reason = unknownReason(term);
    return reason === null ? [] : [`${term.term}: ${reason}`];
  });
  return { arm, terms, unknown: reasons.length === 0 ? null : [...new Set(reasons)].join('; ') };
}

/**
 * The cost function of an arm. Null where a figure is unknown and, by the measure `accepted`, where quality or losses are not
 * known or nothing is correct.
 * @param read gives the value of a figure; its point value by default.
 */
export function costFunction(
  plan: CostPlan,
  measure: CostMeasure = 'request',
  losses: Losses | null = null,
  read: (figure: Figure) => number = (figure) => figure.value,
): CostFunction | null {
  if (plan.unknown !== null) return null;
  const cost = addCosts(
    plan.terms.map((term) =>
      termFunction(
        term,
        term.inputs.map((input) => read(input as Figure)),
      ),
    ),
  );
  if (measure === 'request') return cost;
  const { quality } = plan.arm;
  if (!quality || !losses) return null;
  const { correct, wrong, refused } = quality;
  if (!isKnown(correct) || !isKnown(wrong) || !isKnown(refused)) return null;
  // A loss that nobody knows does not matter where nothing of the kind happens.
  const lossOf = (loss: Losses['wrong'], share: number): number | null =>
    isKnown(loss) ? read(loss) : share === 0 ? 0 : null;
  const shares = { correct: read(correct), wrong: read(wrong), refused: read(refused) };
  const lost = { wrong: lossOf(losses.wrong, wrong.value), refused: lossOf(losses.refused, refused.value) };
  if (lost.wrong === null || lost.refused === null) return null;
  return acceptedCost(cost, shares, { wrong: lost.wrong, refused: lost.refused });
}

/** The cost functions of an arm in each drawn world; an entry is null as in `costFunction`. */
export function drawnFunctions(
  plan: CostPlan,
  draws: Draws,
  measure: CostMeasure = 'request',
  losses: Losses | null = null,
): (CostFunction | null)[] {
  return Array.from({ length: draws.count }, (_, draw) =>
    costFunction(plan, measure, losses, (figure) => draws.of(figure)[draw]!),
  );
}
