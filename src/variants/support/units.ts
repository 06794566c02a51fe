/** Ways to write each unit. Units that differ by their case only (mW, MW) are not told apart. */
const unitForms: Readonly<Record<string, string>> = {
  '%': '% percent per-cent pct',
  pp: 'pp percentage-points percentage-point',
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
  kB: 'kb kilobyte kilobytes',
  KiB: 'kib kibibyte kibibytes',
  MB: 'mb megabyte megabytes',
  MiB: 'mib mebibyte mebibytes',
  GB: 'gb gigabyte gigabytes',
  GiB: 'gib gibibyte gibibytes',
  TB: 'tb terabyte terabytes',
  TiB: 'tib tebibyte tebibytes',
  mm: 'mm millimetre millimetres millimeter millimeters',
  cm: 'cm centimetre centimetres centimeter centimeters',
  m: 'm metre metres meter meters',
  km: 'km kilometre kilometres kilometer kilometers',
  in: 'inch inches',
  ft: 'ft foot feet',
  mi: 'mi mile miles',
  µg: 'µg μg mcg microgram micrograms',
  mg: 'mg milligram milligrams',
  g: 'g gram grams',
  kg: 'kg kilogram kilograms',
  oz: 'oz ounce ounces',
  lb: 'lb lbs pound pounds',
  ml: 'ml millilitre millilitres milliliter milliliters',
  l: 'l litre litres liter liters',
  '°C': '°c celsius degrees-celsius',
  '°F': '°f fahrenheit degrees-fahrenheit',
};

const units = new Map(
  Object.entries(unitForms).flatMap(([unit, forms]) => forms.split(' ').map((form) => [form, unit] as const)),
);

/** What of each dimension one unit holds. Months and years are left out: they are of no fixed length. */
const dimensions: readonly Readonly<Record<string, number>>[] = [
  { ns: 1e-9, µs: 1e-6, ms: 1e-3, s: 1, min: 60, h: 3600, day: 86_400, week: 604_800 },
  { month: 1, year: 12 },
  { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 },
  { mm: 1e-3, cm: 1e-2, m: 1, km: 1e3, in: 0.0254, ft: 0.3048, mi: 1609.344 },
  { µg: 1e-6, mg: 1e-3, g: 1, kg: 1e3, oz: 28.349523125, lb: 453.59237 },
  { ml: 1e-3, l: 1 },
];

/** The unit that a text begins with, as it stands behind a number; null without a known one. */
export function unitAtStart(text: string): string | null {
  const form =
    /^(?:\s|-)?(°\s?[cf](?!\p{L})|degrees (?:celsius|fahrenheit)|per[\s-]cent|percentage[\s-]points?|pound sterling|%|[\p{L}µ]+)/iu.exec(
      text,
    )?.[1];
  if (form === undefined) return null;
  return units.get(form.toLowerCase().replace(/°\s/, '°').replace(/\s/g, '-')) ?? null;
}

/** The unit of a sign such as `$`. */
export function unitOfSign(sign: string): string | null {
  return units.get(sign.toLowerCase()) ?? null;
}

/** A value in another unit of the same dimension; null where there is no fixed rate. */
export function convert(value: number, from: string, to: string): number | null {
  if (from === to) return value;
  if (from === '°C' && to === '°F') return (value * 9) / 5 + 32;
  if (from === '°F' && to === '°C') return ((value - 32) * 5) / 9;
  const dimension = dimensions.find((each) => from in each && to in each);
  if (!dimension) return null;
  return (value * (dimension[from] ?? 1)) / (dimension[to] ?? 1);
}
