import type { SupportFailure } from '../../core/index.ts';
import { datesAgree } from './dates.ts';
import { distinct, type Quantity, type StatedNumbers, statedNumbers } from './quantities.ts';
import { convert } from './units.ts';

/** Numbers, dates and units of a claim that the evidence lacks or says otherwise. */
export function quantityFailures(claim: string, evidence: StatedNumbers): SupportFailure[] {
  const stated = statedNumbers(claim);
  const dates = stated.dates
    .filter((date) => !evidence.dates.some((other) => datesAgree(date, other)))
    // "at 5:30" beside numbers that stand in no date: each part may still be there as a number.
    .map(({ shown }): SupportFailure => ({ kind: 'number', found: shown }));
  const numbers = distinct(stated.quantities)
    .filter(({ backsOnly }) => !backsOnly)
    .flatMap((quantity) => quantityFailure(quantity, evidence) ?? []);
  return [...dates, ...numbers];
}

function quantityFailure(quantity: Quantity, evidence: StatedNumbers): SupportFailure | null {
  const { shown, unit, noun } = quantity;
  const all = evidence.quantities;
  const same = all.filter((other) => sameNumber(quantity, other));
  const equal = same.filter((other) => other.unit === unit);
  const converted = all.filter((other) => sameAmount(quantity, other));
  if (converted.length > 0 && equal.length === 0) return boundFailure(quantity, converted);
  if (same.length === 0) return inDate(quantity, evidence) ? null : { kind: 'number', found: shown };
  const countsWhat = (other: Quantity): string | null => other.noun ?? other.unit;
  // Of other things, where the evidence says how many of these there are.
  if (
    noun !== null &&
    same.every((other) => countsWhat(other) !== null && countsWhat(other) !== noun) &&
    all.some((other) => countsWhat(other) === noun)
  )
    return { kind: 'unit', found: `${shown} ${noun}` };
  if (unit !== null && equal.length === 0) {
    const without = same.some((other) => other.unit === null);
    if (!without || !all.some((other) => other.unit === unit))
      return { kind: 'unit', found: shown.includes(unit) ? shown : `${shown} ${unit}` };
  }
  return boundFailure(quantity, equal.length > 0 ? equal : same);
}

/** A lower bound where the evidence has upper ones only, or the other way round. */
function boundFailure(quantity: Quantity, there: readonly Quantity[]): SupportFailure | null {
  const { bound, shown } = quantity;
  if (bound === null || !there.every((other) => other.bound !== null && other.bound !== bound)) return null;
  return { kind: 'number', found: `${bound === 'least' ? 'at least' : 'at most'} ${shown}` };
}

function sameNumber(claim: Quantity, other: Quantity): boolean {
  if (claim.version || other.version) return claim.digits === other.digits;
  if (close(claim.value, other.value, 0)) return true;
  return claim.approximate && close(claim.value, other.value, halfLastDigit(claim));
}

/** The same amount in other units, as exact as the claim is written; shares as percent, fraction or decimal. */
function sameAmount(claim: Quantity, other: Quantity): boolean {
  if (claim.version || other.version) return false;
  if (claim.unit === '%' && other.unit === null && other.value > 0 && other.value < 1)
    return close(claim.value, other.value * 100, halfLastDigit(claim));
  if (other.unit === '%' && claim.unit === null && claim.value > 0 && claim.value < 1)
    return close(claim.value * 100, other.value, halfLastDigit(claim) * 100);
  if (claim.unit === null || other.unit === null) return false;
  // A third is 33 %: as exact as the less exact of the two.
  if (claim.unit === '%' && other.unit === '%')
    return close(claim.value, other.value, wordShare(claim) || wordShare(other) ? 0.5 : 0);
  if (claim.unit === other.unit) return false;
  const amount = convert(other.value, other.unit, claim.unit);
  return amount !== null && close(claim.value, amount, halfLastDigit(claim));
}

function wordShare({ shown }: Quantity): boolean {
  return /^\p{L}/u.test(shown);
}

/** A number that stands in a date of the evidence: "in 2024", "on the 5th". */
function inDate({ value, unit }: Quantity, { dates }: StatedNumbers): boolean {
  return (
    unit === null && dates.some(({ year, day, month }) => value === year || value === day || value === month)
  );
}

/** Half of what the last written digit is worth: 42 is 41.5 to 42.5, 1.50 is 1.495 to 1.505; trailing zeros count as written. */
function halfLastDigit({ digits, value, approximate }: Quantity): number {
  const places = digits.split('.')[1]?.length ?? 0;
  const zeros = approximate && places === 0 ? (/0*$/.exec(digits)?.[0].length ?? 0) : 0;
  const scale = Math.abs(value) / (Number.parseFloat(digits) || 1) || 1;
  return 0.5 * 10 ** (zeros - places) * scale;
}

function close(a: number, b: number, tolerance: number): boolean {
  return Math.abs(a - b) <= tolerance + 1e-9 * Math.max(Math.abs(a), Math.abs(b));
}
