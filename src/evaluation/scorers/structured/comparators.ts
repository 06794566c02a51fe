import { tokenF1 } from '../squad.ts';
import type { Comparator } from './comparator-config.ts';
import type { JsonValue } from './json-value.ts';

/**
 * Credit of a predicted leaf against the gold one, 0 to 1; parts of 1 come from `token-f1` only. A comparator that does
 * not suit the type of the gold value compares exactly.
 */
export function leafCredit(gold: JsonValue, predicted: JsonValue, comparator: Comparator): number {
  if (Object.is(gold, predicted) || (gold === 0 && predicted === 0)) return 1;
  if (typeof gold === 'number' && typeof predicted === 'number')
    return Math.abs(gold - predicted) <= toleranceOf(gold, comparator) ? 1 : 0;
  if (typeof gold !== 'string' || typeof predicted !== 'string') return 0;
  if (comparator === 'date') return sameDate(gold, predicted) ? 1 : 0;
  if (comparator === 'normalised') return normalised(gold) === normalised(predicted) ? 1 : 0;
  if (comparator === 'token-f1') return tokenF1(predicted, [gold]);
  return 0;
}

/** Sums of decimals differ in their last bits; without a given tolerance `number` forgives that and no more. */
function toleranceOf(gold: number, comparator: Comparator): number {
  if (comparator === 'number') return Math.abs(gold) * 1e-9;
  if (typeof comparator === 'string') return 0;
  return Math.max(comparator.absolute ?? 0, (comparator.relative ?? 0) * Math.abs(gold));
}

function normalised(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
}

const isoDate =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$/i;

/**
 * Whether two ISO 8601 dates are the same: two date-times with an offset by their instant, without one by their
 * figures, and where one is a day alone by the day as written. Anything else, `02/03/2024` included, is no date and
 * equals nothing but itself.
 */
export function sameDate(one: string, other: string): boolean {
  const [left, right] = [parseDate(one), parseDate(other)];
  if (left === null || right === null) return false;
  if (left.time === null || right.time === null) return left.day === right.day;
  if ((left.instant === null) !== (right.instant === null)) return false;
  if (left.instant !== null) return left.instant === right.instant;
  return left.day === right.day && left.time === right.time;
}

function parseDate(text: string): { day: string; time: number | null; instant: number | null } | null {
  const match = isoDate.exec(text.trim());
  if (!match) return null;
  const [year = 0, month = 0, date = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const midnight = new Date(Date.UTC(year, month - 1, date));
  if (midnight.getUTCMonth() !== month - 1 || midnight.getUTCDate() !== date) return null;
  if (hour > 23 || minute > 59 || second > 60) return null;
  const day = `${match[1]}-${match[2]}-${match[3]}`;
  if (match[4] === undefined) return { day, time: null, instant: null };
  const time = hour * 3600 + minute * 60 + second + Number(match[7] ?? 0);
  const offset = offsetSeconds(match[8]);
  return { day, time, instant: offset === null ? null : midnight.getTime() / 1000 + time - offset };
}

/** Seconds east of UTC, or null for a local time. */
function offsetSeconds(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (text.toUpperCase() === 'Z') return 0;
  const sign = text.startsWith('-') ? -1 : 1;
  return sign * (Number(text.slice(1, 3)) * 3600 + Number(text.slice(-2)) * 60);
}
