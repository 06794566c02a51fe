import { informativeTerms } from '../evidence/terms.ts';
import { datesOf, type StatedDate } from './dates.ts';
import { numberWordsOf } from './number-words.ts';
import { unitAtStart, unitOfSign } from './units.ts';

/** A number of a text with what stands around it. */
export interface Quantity {
  /** As it stands in the text. */
  readonly shown: string;
  readonly start: number;
  readonly end: number;
  readonly value: number;
  /** Digits without separators of thousands, for versions: `3.10` is not `3.1`, and `1.2.3` is no number at all. */
  readonly digits: string;
  /** It names a version, so that its digits count, not its value. */
  readonly version: boolean;
  /** Canonical unit, or null where none is known to stand there. */
  readonly unit: string | null;
  /** What is counted: the stem of the content word right behind it, where that is no known unit; null without one. */
  readonly noun: string | null;
  /** The words in front make it a lower or an upper bound. */
  readonly bound: 'least' | 'most' | null;
  /** "about", "roughly": its digits are as exact as it is. */
  readonly approximate: boolean;
  /** Backs a number of a claim, but claims none by itself: "an hour", "third", "twice", "one" without a unit. */
  readonly backsOnly: boolean;
}

/** Numbers and dates of a text. */
export interface StatedNumbers {
  readonly quantities: readonly Quantity[];
  readonly dates: readonly StatedDate[];
}

// Digits that are a part of an identifier (v2, utf8, 3d) are no numbers.
const digitRun =
  /([$€£])?(?<![\p{L}\p{N}_])(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)*)(?=([\p{L}%°µ]*))[\p{L}]*(?![\p{N}_])/gu;
const scaleBehind = /^[\s-](thousand|million|billion|trillion)s?(?![\p{L}\p{N}])/iu;
const scaleAttached: Readonly<Record<string, number>> = { k: 1e3, m: 1e6, bn: 1e9 };
const scales: Readonly<Record<string, number>> = {
  thousand: 1e3,
  million: 1e6,
  billion: 1e9,
  trillion: 1e12,
};
/** Endings of numbers that are no units: 2nd, 1990s, 3x. */
const ending = /^(?:st|nd|rd|th|s|k|m|bn|x)$/i;

const negativeBefore = /(?:^|[\s([“"'=:,])[-−]$|\bminus $/u;
const versionWord =
  /\b(?:versions?|v|releases?|revision|python|node(?:\.js)?|java|php|ruby|go|typescript|ubuntu|debian|android|ios|macos)\.? ?$/iu;
const capitalWord = /(?<![\p{L}\p{N}])(\p{Lu}[\p{L}]+) $/u;
const bounds: readonly (readonly [RegExp, 'least' | 'most'])[] = [
  [/\b(?:no|not) (?:more|longer|later|greater|higher|larger|older) than $/i, 'most'],
  [/\b(?:no|not) (?:less|fewer|sooner|earlier|lower|smaller|younger|under) than $/i, 'least'],
  [
    /\b(?:at least|a minimum of|minimum of|more than|greater than|over|above|longer than|exceeds?|exceeding|from at least|(?<!not )beyond) $/i,
    'least',
  ],
  [/(?:>=?|≥) ?$/, 'least'],
  [
    /\b(?:at most|a maximum of|maximum of|up to|less than|fewer than|below|under|within|shorter than|lower than|no later than) $/i,
    'most',
  ],
  [/(?:<=?|≤) ?$/, 'most'],
];
const boundsBehind: readonly (readonly [RegExp, 'least' | 'most'])[] = [
  [/^ (?:\p{L}+ )?(?:or (?:more|above|higher|greater|longer|later|older)|and (?:above|over))\b/iu, 'least'],
  [
    /^ (?:\p{L}+ )?(?:or (?:less|fewer|below|under|lower|shorter|earlier|younger)|and (?:below|under))\b/iu,
    'most',
  ],
];
const approximateBefore =
  /\b(?:about|around|approximately|roughly|nearly|almost|some|circa|ca\.|~) ?$|[~≈] ?$/i;

/** Characters in front of and behind a number that are looked at. */
const around = 32;

/** The numbers of a text in order, and its dates apart from them. */
export function statedNumbers(text: string): StatedNumbers {
  const dates = datesOf(text);
  const taken = new Uint8Array(text.length);
  for (const { start, end } of dates) taken.fill(1, start, end);
  const inDate = (at: number): boolean => taken[at] === 1;
  const quantities = [
    ...digitQuantities(text).filter(({ start }) => !inDate(start)),
    ...wordQuantities(text).filter(({ start }) => !inDate(start)),
  ];
  return { quantities: quantities.sort((a, b) => a.start - b.start), dates };
}

function digitQuantities(text: string): Quantity[] {
  const found: Quantity[] = [];
  for (const match of text.matchAll(digitRun)) {
    const [, sign, run = '', attached = ''] = match;
    const start = match.index + (sign?.length ?? 0);
    const end = match.index + match[0].length;
    const unitAttached = unitAtStart(text.slice(start + run.length, start + run.length + around));
    const ownUnit = sign ? unitOfSign(sign) : null;
    if (attached !== '' && unitAttached === null && !ending.test(attached)) continue;
    const scale =
      scaleOf(text, start + run.length, sign ? attached : '') ??
      (unitAttached ? null : attachedScale(attached));
    const behind = start + run.length + (scale?.length ?? 0);
    const unit = ownUnit ?? (scale ? unitAtStart(text.slice(behind, behind + around)) : unitAttached);
    const before = text.slice(Math.max(0, match.index - around), match.index);
    const negative = negativeBefore.test(before);
    const digits = run.replaceAll(',', '');
    const value = (negative ? -1 : 1) * Number.parseFloat(digits) * (scale?.factor ?? 1);
    found.push({
      shown: match[0] + (scale && attached === '' ? text.slice(end, behind) : ''),
      start: match.index,
      end: Math.max(end, behind),
      value,
      digits,
      version:
        (digits.match(/\./g) ?? []).length > 1 ||
        (digits.includes('.') && unit === null && namesVersion(before)),
      unit: unit === 's' && attached === 's' ? null : unit,
      noun: unit ? null : nounAfter(text, Math.max(end, behind)),
      ...surroundings(before, text.slice(Math.max(end, behind), Math.max(end, behind) + around)),
      backsOnly: false,
    });
  }
  return found;
}

function wordQuantities(text: string): Quantity[] {
  return numberWordsOf(text).map(({ shown, start, end, value, kind }) => {
    const isShare = kind === 'fraction';
    const unit = isShare ? '%' : unitAtStart(text.slice(end, end + around));
    const before = text.slice(Math.max(0, start - around), start);
    return {
      shown,
      start,
      end,
      value: isShare ? value * 100 : value,
      digits: String(value),
      version: false,
      unit,
      noun: unit ? null : nounAfter(text, end),
      ...surroundings(before, text.slice(end, end + around)),
      backsOnly:
        kind === 'ordinal' ||
        kind === 'times' ||
        kind === 'article' ||
        (kind === 'count' && value === 1 && unit === null),
    };
  });
}

/** Whether a number behind this text is a version: behind "version", a language, or a capitalised word ("Haystack 2.25"). */
function namesVersion(before: string): boolean {
  if (versionWord.test(before)) return true;
  const word = capitalWord.exec(before)?.[1];
  return word !== undefined && informativeTerms(word).length > 0;
}

function surroundings(before: string, behind: string): Pick<Quantity, 'bound' | 'approximate'> {
  const bound =
    bounds.find(([pattern]) => pattern.test(before))?.[1] ??
    boundsBehind.find(([pattern]) => pattern.test(behind))?.[1] ??
    null;
  return { bound, approximate: approximateBefore.test(before) };
}

function scaleOf(text: string, at: number, attached: string): { factor: number; length: number } | null {
  const behind = scaleBehind.exec(text.slice(at, at + around));
  if (behind?.[1]) return { factor: scales[behind[1].toLowerCase()] ?? 1, length: behind[0].length };
  // "$2m" and "$3bn"; without a currency m is a metre.
  const factor = scaleAttached[attached.toLowerCase()];
  return factor === undefined ? null : { factor, length: attached.length };
}

function attachedScale(attached: string): { factor: number; length: number } | null {
  const factor = /^(?:k|bn)$/i.test(attached) ? scaleAttached[attached.toLowerCase()] : undefined;
  return factor === undefined ? null : { factor, length: attached.length };
}

function nounAfter(text: string, at: number): string | null {
  const word = /^[ -](\p{L}{3,30})/u.exec(text.slice(at, at + around))?.[1];
  return word === undefined ? null : (informativeTerms(word)[0] ?? null);
}

/** Each number once for what it is compared by; a long list of the same number costs no more than one. */
export function distinct(quantities: readonly Quantity[]): Quantity[] {
  const kept = new Map<string, Quantity>();
  for (const each of quantities) {
    const key = [
      each.value,
      each.digits,
      each.version,
      each.unit,
      each.noun,
      each.bound,
      each.approximate,
      each.backsOnly,
    ].join('|');
    if (!kept.has(key)) kept.set(key, each);
  }
  return [...kept.values()];
}
