import { FulcrumError } from '../../core/index.ts';
import type { ChunkFilter } from '../chunk-store.ts';

/** A day, or an instant with or without a zone (UTC without one). */
const isoPattern = /^(\d{4})-(\d{2})-(\d{2})(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$/;
const dayMs = 86_400_000;

/** Milliseconds since 1970 of a day (its begin) or an instant of ISO 8601, UTC where no zone is given; null for anything else. */
export function isoToMs(value: string): number | null {
  const [, year, month, day, time, , , zone] = isoPattern.exec(value) ?? [];
  if (year === undefined) return null;
  const midnight = Date.parse(`${year}-${month}-${day}T00:00:00Z`);
  // An engine may take the 30th of February for a day in March.
  if (Number.isNaN(midnight) || new Date(midnight).getUTCDate() !== Number(day)) return null;
  const ms = time === undefined ? midnight : Date.parse(zone === undefined ? `${value}Z` : value);
  return Number.isNaN(ms) ? null : ms;
}

/** `date` column of a document's date; what is no date counts as unknown. */
export function indexedDate(date: string | null | undefined): number | null {
  return date === null || date === undefined ? null : isoToMs(date);
}

/** One metadata value as the index holds it: `key=value`, where a `=` or `%` of the key is percent-encoded. */
export function metadataTag(key: string, value: string): string {
  return `${key.replaceAll('%', '%25').replaceAll('=', '%3D')}=${value}`;
}

/** Every value of a document's metadata as tags, each once, in order. */
export function metadataTags(
  metadata: Readonly<Record<string, string | readonly string[]>> | null | undefined,
): string[] {
  const tags = Object.entries(metadata ?? {}).flatMap(([key, values]) =>
    [values].flat().map((value) => metadataTag(key, value)),
  );
  return [...new Set(tags)].sort();
}

/** What a filter asks of the columns for language, date and metadata, checked; null where nothing can pass. */
export interface ColumnFilter {
  /** Each list must share a tag with the row. */
  readonly tags: readonly (readonly string[])[];
  /** Lower-case language ranges; null: any language, also an unknown one. */
  readonly languages: readonly string[] | null;
  /** First and last millisecond; null: not bounded on that side. */
  readonly from: number | null;
  readonly to: number | null;
}

/** Reads the column members of a filter. Throws `filter-invalid` for a date that is none. */
export function columnFilter(filter: ChunkFilter): ColumnFilter | null {
  const tags = Object.entries(filter.metadata ?? {}).map(([key, values]) =>
    values.map((value) => metadataTag(key, value)),
  );
  const languages = filter.languages?.map((range) => range.toLowerCase()) ?? null;
  const from = bound('from', filter.from);
  const last = bound('to', filter.to);
  const to = last !== null && filter.to?.length === 10 ? last + dayMs - 1 : last;
  if (tags.some((values) => values.length === 0) || languages?.length === 0) return null;
  return { tags, languages, from, to };
}

/** Whether a language tag lies in a range (RFC 4647, basic filtering): the same, or a longer tag that begins with it. */
export function languageMatches(language: string, range: string): boolean {
  const lower = language.toLowerCase();
  return range === '*' || lower === range || lower.startsWith(`${range}-`);
}

/** Whether a whole document passes a filter, as its chunks would; none passes one that names chunks. Throws `filter-invalid`. */
export function passesFilter(
  document: {
    readonly documentId: string;
    readonly source: string;
    readonly language?: string | null | undefined;
    readonly date?: string | null | undefined;
    readonly metadata?: Readonly<Record<string, string | readonly string[]>> | null | undefined;
  },
  filter: ChunkFilter,
): boolean {
  const { documentId, source, language } = document;
  const columns = columnFilter(filter);
  if (columns === null || filter.chunkIds !== undefined) return false;
  if (filter.sources && !filter.sources.includes(source)) return false;
  if (filter.exceptDocuments?.includes(documentId)) return false;
  const tags = new Set(metadataTags(document.metadata));
  if (!columns.tags.every((values) => values.some((value) => tags.has(value)))) return false;
  if (columns.languages && !(language && columns.languages.some((range) => languageMatches(language, range))))
    return false;
  if (columns.from === null && columns.to === null) return true;
  const date = indexedDate(document.date);
  return date !== null && date >= (columns.from ?? date) && date <= (columns.to ?? date);
}

function bound(filter: string, value: string | undefined): number | null {
  if (value === undefined) return null;
  const ms = isoToMs(value);
  if (ms === null)
    throw new FulcrumError('filter-invalid', {
      filter: filter === 'from' ? 'from (--since)' : 'to (--until)',
      problem: `"${value.slice(0, 60)}" is no date`,
    });
  return ms;
}
