import type { ArmCost, CostLine } from './arm-cost.ts';
import type { Losses } from './arm-inputs.ts';
import { checkVolume } from './check-arm.ts';
import { type CostPlan, costFunction, drawnFunctions } from './compile-arm.ts';
import { type CostFunction, usdAt } from './cost-function.ts';
import { originOf, termFunction, unknownReason } from './cost-term.ts';
import { centralInterval, type Draws } from './draw-figures.ts';
import { type Amount, type Figure, isKnown, unknownFigure } from './figure.ts';

/**
 * What an arm costs at a volume, term by term, with 95 % intervals from the drawn worlds. What is not known is said to be so
 * with its reason; a sum with an unknown part is unknown. Throws `cost-invalid` for a volume below 0.
 * @param volume requests a month.
 */
export function costAtVolume(plan: CostPlan, volume: number, draws: Draws, losses: Losses): ArmCost {
  checkVolume(volume);
  const { arm, terms } = plan;
  const perMonth = monthOf(plan, volume, draws);
  return {
    arm: arm.name,
    kind: arm.kind,
    hypothetical: arm.hypothetical,
    volume,
    lines: terms.map((term): CostLine => {
      const reason = unknownReason(term);
      const inputs = term.inputs as readonly Figure[];
      const at = (read: (figure: Figure) => number): number =>
        usdAt(termFunction(term, inputs.map(read)), volume);
      return {
        term: term.term,
        part: term.part,
        formula: term.formula,
        usdPerMonth:
          reason === null
            ? figureOf(
                at(({ value }) => value),
                (draw) => at((figure) => draws.of(figure)[draw]!),
                draws,
                originOf(term.inputs),
              )
            : unknownFigure(reason),
      };
    }),
    perMonth,
    per1000:
      volume === 0 ? unknownFigure('there are no requests to divide by') : scaled(perMonth, 1000 / volume),
    perAccepted: acceptedAt(plan, volume, draws, losses),
  };
}

function monthOf(plan: CostPlan, volume: number, draws: Draws): Amount {
  const cost = costFunction(plan);
  if (cost === null) return unknownFigure(plan.unknown ?? 'unknown');
  const drawn = drawnFunctions(plan, draws);
  const inputs = plan.terms.flatMap((term) => term.inputs);
  return figureOf(usdAt(cost, volume), (draw) => usdAt(drawn[draw]!, volume), draws, {
    ...originOf(inputs),
    source: 'derived',
  });
}

/** A computed figure with the interval of its drawn values. */
function figureOf(
  value: number,
  drawn: (draw: number) => number,
  { count }: Draws,
  origin: Pick<Figure, 'source' | 'date' | 'basis' | 'n'>,
): Figure {
  const values = Float64Array.from({ length: count }, (_, draw) => drawn(draw));
  return { value, ...centralInterval(values, value), ...origin };
}

function scaled(amount: Amount, factor: number): Amount {
  if (!isKnown(amount)) return amount;
  const { value, low, high } = amount;
  return { ...amount, value: value * factor, low: low * factor, high: high * factor };
}

/** Cost of an accepted answer; the interval is open (infinite) where a resample has no correct answer. */
function acceptedAt(plan: CostPlan, volume: number, draws: Draws, losses: Losses): Amount {
  const reason = acceptedReason(plan, volume, losses);
  if (reason !== null) return unknownFigure(reason);
  const cost = costFunction(plan, 'accepted', losses);
  if (cost === null) return unknownFigure('not known');
  const drawn = drawnFunctions(plan, draws, 'accepted', losses);
  const each = (found: CostFunction | null): number =>
    found === null ? Number.POSITIVE_INFINITY : usdAt(found, volume) / volume;
  const { quality } = plan.arm;
  const inputs = [
    ...plan.terms.flatMap((term) => term.inputs),
    ...(quality ? [quality.correct, losses.wrong, losses.refused] : []),
  ];
  return figureOf(each(cost), (draw) => each(drawn[draw]!), draws, {
    ...originOf(inputs),
    source: 'derived',
  });
}

/** Why the cost of an accepted answer cannot be said. */
function acceptedReason({ arm, unknown }: CostPlan, volume: number, losses: Losses): string | null {
  if (unknown !== null) return unknown;
  if (volume === 0) return 'there are no requests to divide by';
  const { quality } = arm;
  if (!quality) return 'how its answers turn out was not measured';
  for (const name of ['correct', 'wrong', 'refused'] as const) {
    const share = quality[name];
    if (!isKnown(share)) return share.reason;
  }
  if (quality.correct.value === 0) return 'none of its answers was correct';
  for (const name of ['wrong', 'refused'] as const) {
    const loss = losses[name];
    if (quality[name].value !== 0 && !isKnown(loss)) return loss.reason;
  }
  return null;
}
