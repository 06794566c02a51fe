import type { CostLine } from './arm-cost.ts';
import { type CostFunction, usdAt } from './cost-function.ts';
import { type Amount, enteredFigure, type Figure, isKnown } from './figure.ts';

/** A term of a cost: which figures go into it and how. */
export interface CostTerm {
  readonly part: CostLine['part'];
  readonly term: string;
  readonly formula: string;
  readonly inputs: readonly Amount[];
  /** @param values of the inputs, in their order. */
  compute(values: readonly number[]): Partial<CostFunction>;
}

/** A number that stands for the absence of a figure in a formula; it is no origin of the result. */
export function placeholder(value: number): Figure {
  return enteredFigure(value, '');
}

/** Why a term is unknown, or null when all of its figures are known. */
export function unknownReason({ inputs }: CostTerm): string | null {
  const reasons = inputs.flatMap((input) => (isKnown(input) ? [] : [input.reason]));
  return reasons.length === 0 ? null : [...new Set(reasons)].join('; ');
}

/** The cost function of a term of known figures. */
export function termFunction(term: CostTerm, values: readonly number[]): CostFunction {
  const { fixed = 0, perRequest = 0, steps = [] } = term.compute(values);
  return { fixed, perRequest, steps };
}

/**
 * What a computed figure is based on: the common source of its inputs, `derived` where they differ; the oldest date of its
 * prices, of its measurements where it has none; the basis of each.
 */
export function originOf(inputs: readonly Amount[]): Pick<Figure, 'source' | 'date' | 'basis' | 'n'> {
  const known = inputs.filter(isKnown).filter(({ basis }) => basis !== '');
  const sources = new Set(known.map(({ source }) => source));
  const priced = known.filter(({ source }) => source !== 'measured');
  const datesOf = (figures: readonly Figure[]): string[] =>
    figures.flatMap(({ date }) => (date === null ? [] : [date])).sort();
  const counts = known.flatMap(({ n }) => (n === undefined ? [] : [n]));
  return {
    source: sources.size === 1 ? known[0]!.source : 'derived',
    date: datesOf(priced)[0] ?? datesOf(known)[0] ?? null,
    basis: [...new Set(known.map(({ basis }) => basis))].join('; '),
    n: counts.length === 0 ? undefined : Math.min(...counts),
  };
}

/** USD a month of a term at a volume, by its point values. */
export function termUsd(term: CostTerm, volume: number): number {
  return usdAt(
    termFunction(
      term,
      term.inputs.map((input) => input.value ?? Number.NaN),
    ),
    volume,
  );
}
