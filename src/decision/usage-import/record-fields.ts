/** A parsed line, element or table row of an export. */
export type UsageRecord = Readonly<Record<string, unknown>>;

/** What is wrong with one record; the others are read on. */
export class RecordProblem extends Error {}

export function isRecord(value: unknown): value is UsageRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An object, also one that a table holds as JSON text; an empty one for anything else. */
export function objectAt(record: UsageRecord, ...names: readonly string[]): UsageRecord {
  for (const name of names) {
    const value = record[name];
    if (isRecord(value)) return value;
    if (typeof value !== 'string' || !value.trimStart().startsWith('{')) continue;
    try {
      const parsed: unknown = JSON.parse(value);
      if (isRecord(parsed)) return parsed;
    } catch {}
  }
  return {};
}

/** The first of the members that is a text, not an empty one. */
export function textAt(record: UsageRecord, ...names: readonly string[]): string | null {
  for (const name of names) {
    const value = record[name];
    if (typeof value === 'string' && value.trim() !== '') return value.trim();
  }
  return null;
}

/**
 * The first of the members that is there, as a number; null where none is. A number may stand in a text. Throws for
 * what is no number.
 */
export function numberAt(record: UsageRecord, ...names: readonly string[]): number | null {
  for (const name of names) {
    const value = record[name];
    if (value === undefined || value === null || value === '') continue;
    const number = typeof value === 'string' ? Number(value.replaceAll(',', '').trim()) : value;
    if (typeof number !== 'number' || !Number.isFinite(number))
      throw new RecordProblem(`"${name}" is no number: ${shown(value)}`);
    return number;
  }
  return null;
}

/** A count of tokens or requests; throws for one that is negative or no whole number. */
export function countAt(record: UsageRecord, ...names: readonly string[]): number | null {
  const value = numberAt(record, ...names);
  if (value !== null && (value < 0 || !Number.isSafeInteger(value)))
    throw new RecordProblem(
      `"${names.join('" or "')}" is ${value}, and a count is a whole number of at least 0`,
    );
  return value;
}

/** Sum of the counts that are there; null where none is. */
export function sumAt(record: UsageRecord, ...names: readonly string[]): number | null {
  const parts = names.map((name) => countAt(record, name)).filter((part) => part !== null);
  return parts.length === 0 ? null : parts.reduce((sum, part) => sum + part, 0);
}

/**
 * An instant as ISO text, from ISO text (with a space for the T too; UTC without a zone), a day, or a Unix time in
 * seconds, milliseconds, microseconds or nanoseconds. Throws for anything else; null where none of the members is there.
 */
export function instantAt(record: UsageRecord, ...names: readonly string[]): string | null {
  for (const name of names) {
    const value = record[name];
    if (value === undefined || value === null || value === '') continue;
    const date = typeof value === 'string' ? dateOfText(value.trim()) : dateOfNumber(Number(value));
    if (Number.isNaN(date.getTime())) throw new RecordProblem(`"${name}" is no time: ${shown(value)}`);
    return date.toISOString();
  }
  return null;
}

function dateOfText(text: string): Date {
  if (/^\d+(\.\d+)?$/.test(text)) return dateOfNumber(Number(text));
  const iso = text
    .replace(/^(\d{4}-\d{2}-\d{2}) /, '$1T')
    .replace(/ UTC$/, 'Z')
    .replace(/(T.*[+-]\d{2})$/, '$1:00');
  const zoned = /T.*(Z|[+-]\d{2}:?\d{2})$/i.test(iso) || !iso.includes('T') ? iso : `${iso}Z`;
  return new Date(zoned);
}

function dateOfNumber(value: number): Date {
  // Seconds until the year 5138, then the finer units.
  const milliseconds =
    value < 1e11 ? value * 1000 : value < 1e14 ? value : value < 1e17 ? value / 1e3 : value / 1e6;
  return new Date(Math.round(milliseconds));
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
