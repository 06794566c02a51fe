import { informativeTerms } from '../evidence/terms.ts';

/** A number of a text with the unit behind or before it. */
export interface Quantity {
  /** As it stands in the text. */
  readonly shown: string;
  /** Canonical digits: no separators of thousands, no trailing zeros of a fraction. */
  readonly number: string;
  /** Canonical unit, or null where none is known to stand there. */
  readonly unit: string | null;
  /** What is counted: the stem of the content word right behind it, where that is no known unit; null without one. */
  readonly noun: string | null;
}

const numberWords: Readonly<Record<string, string>> = {
  zero: '0',
  two: '2',
  three: '3',
  four: '4',
  five: '5',
  six: '6',
  seven: '7',
  eight: '8',
  nine: '9',
  ten: '10',
  eleven: '11',
  twelve: '12',
  thirteen: '13',
  fourteen: '14',
  fifteen: '15',
  sixteen: '16',
  seventeen: '17',
  eighteen: '18',
  nineteen: '19',
  twenty: '20',
  thirty: '30',
  forty: '40',
  fifty: '50',
  sixty: '60',
  seventy: '70',
  eighty: '80',
  ninety: '90',
};

/** Ways to write each unit. Units that differ by their case only (mW, MW) are not told apart. */
const unitForms: Readonly<Record<string, string>> = {
  '%': '% percent per-cent pct',
  'percentage points': 'pp percentage-points',
  $: '$ usd dollar dollars',
  '€': '€ eur euro euros',
  '£': '£ gbp pound-sterling',
  ns: 'ns nanosecond nanoseconds',
  µs: 'µs μs us microsecond microseconds',
  ms: 'ms msec millisecond milliseconds',
  s: 's sec secs second seconds',
  min: 'min mins minute minutes',
  h: 'h hr hrs hour hours',
  day: 'day days',
  week: 'week weeks',
  month: 'month months',
  year: 'year years yr yrs',
  B: 'byte bytes',
  kB: 'kb kib kilobyte kilobytes',
  MB: 'mb mib megabyte megabytes',
  GB: 'gb gib gigabyte gigabytes',
  TB: 'tb tib terabyte terabytes',
  mm: 'mm millimetre millimetres millimeter millimeters',
  cm: 'cm centimetre centimetres centimeter centimeters',
  m: 'm metre metres meter meters',
  km: 'km kilometre kilometres kilometer kilometers',
  mi: 'mile miles',
  ft: 'ft foot feet',
  µg: 'µg μg mcg microgram micrograms',
  mg: 'mg milligram milligrams',
  g: 'g gram grams',
  kg: 'kg kilogram kilograms',
  lb: 'lb lbs',
  ml: 'ml millilitre millilitres milliliter milliliters',
  l: 'l litre litres liter liters',
  '°C': '°c celsius',
  '°F': '°f fahrenheit',
  thousand: 'thousand',
  million: 'million millions',
  billion: 'billion billions',
  trillion: 'trillion trillions',
};

const units = new Map(
  Object.entries(unitForms).flatMap(([unit, forms]) => forms.split(' ').map((form) => [form, unit] as const)),
);

// Digits that are a part of an identifier (v2, utf8, 3d) are no numbers.
const digits =
  /([$€£])?(?<![\p{L}\p{N}_])(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)*)(?=([\p{L}%°µ]*))[\p{L}]*(?![\p{N}_])/gu;
const unitBehind = /^(?:\s|-)?(°[cf]|per[\s-]cent|percentage points|pound sterling|%|[\p{L}µ]+)/iu;

/** The quantities of a text in order: digits, and English words from two to ninety ("one" is mostly a pronoun). */
export function quantitiesOf(text: string): Quantity[] {
  const found: { at: number; quantity: Quantity }[] = [];
  for (const match of text.matchAll(digits)) {
    const [, sign, number = '', attached = ''] = match;
    const start = match.index + (sign?.length ?? 0);
    const end = match.index + match[0].length;
    const unit = (sign && units.get(sign)) || unitAfter(text, start + number.length);
    // "2nd" and "1990s" are numbers with an ending; "3d" is a name.
    if (attached !== '' && unit === null && !/^(?:st|nd|rd|th|s|k|m|bn|x)$/i.test(attached)) continue;
    found.push({
      at: match.index,
      quantity: {
        shown: match[0],
        number: canonical(number),
        unit,
        noun: unit ? null : nounAfter(text, end),
      },
    });
  }
  for (const match of text.toLowerCase().matchAll(/(?<![\p{L}\p{N}_])[a-z]{3,9}(?![\p{L}\p{N}_])/gu)) {
    const number = numberWords[match[0]];
    if (number === undefined) continue;
    const end = match.index + match[0].length;
    const unit = unitAfter(text, end);
    const noun = unit ? null : nounAfter(text, end);
    found.push({ at: match.index, quantity: { shown: match[0], number, unit, noun } });
  }
  return found.sort((a, b) => a.at - b.at).map(({ quantity }) => quantity);
}

function unitAfter(text: string, at: number): string | null {
  const form = unitBehind.exec(text.slice(at, at + 24))?.[1];
  return form === undefined ? null : (units.get(form.toLowerCase().replace(/\s/g, '-')) ?? null);
}

function nounAfter(text: string, at: number): string | null {
  const word = /^[ -](\p{L}{3,30})/u.exec(text.slice(at, at + 32))?.[1];
  return word === undefined ? null : (informativeTerms(word)[0] ?? null);
}

function canonical(number: string): string {
  const plain = number.replaceAll(',', '');
  if ((plain.match(/\./g) ?? []).length > 1) return plain;
  const value = plain.includes('.') ? plain.replace(/0+$/, '').replace(/\.$/, '') : plain;
  return value.replace(/^0+(?=\d)/, '');
}
