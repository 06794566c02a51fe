import { FulcrumError, type Principal, readerTokens, suggest } from '../../core/index.ts';
import type { Database } from '../../database/index.ts';
import type { ChunkFilter } from '../chunk-store.ts';
import { knowledgeTables } from '../migrations.ts';
import { columnFilter, languageMatches } from '../store/chunk-filter.ts';
import { isReadable } from './live-chunks.ts';

/** Values of a key that a message names. */
const valuesShown = 8;

/** What the documents that a principal may read can be filtered by. */
export interface FilterValues {
  /** Values of each metadata key, most frequent first. */
  readonly metadata: ReadonlyMap<string, readonly string[]>;
  readonly languages: readonly string[];
  /** Days of the first and last dated document; null where none has a date. */
  readonly dates: { readonly from: string; readonly to: string } | null;
}

/** Reads the metadata, languages and dates of the live documents that a principal may read. */
export async function readFilterValues(database: Database, principal: Principal): Promise<FilterValues> {
  const tokens = new Set(readerTokens(principal));
  const rows = await knowledgeTables(database)
    .selectFrom('documents')
    .select(['readers', 'language', 'date', 'metadata'])
    .where('tenant', '=', principal.tenant)
    .execute();
  const counts = new Map<string, Map<string, number>>();
  const languages = new Set<string>();
  const dates: string[] = [];
  for (const row of rows) {
    if (!isReadable(row.readers, tokens)) continue;
    if (row.language !== null) languages.add(row.language);
    if (row.date !== null) dates.push(row.date);
    const metadata = JSON.parse(row.metadata) as Record<string, string | string[]> | null;
    for (const [key, values] of Object.entries(metadata ?? {})) {
      const ofKey = counts.get(key) ?? new Map<string, number>();
      for (const value of [values].flat()) ofKey.set(value, (ofKey.get(value) ?? 0) + 1);
      counts.set(key, ofKey);
    }
  }
  dates.sort();
  const [from, to] = [dates[0], dates.at(-1)];
  return {
    metadata: new Map(
      [...counts].map(([key, values]) => [
        key,
        [...values].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([value]) => value),
      ]),
    ),
    languages: [...languages].sort(),
    dates: from === undefined || to === undefined ? null : { from: from.slice(0, 10), to: to.slice(0, 10) },
  };
}

/**
 * Refuses a filter that can let nothing through because of a slip: a key, value or language that no readable document
 * has, dates where no document has one, or a span that ends before it begins. Throws `filter-unknown` with what there
 * is, or `filter-invalid` for a date that is none.
 */
export async function checkFilter(
  database: Database,
  principal: Principal,
  filter: ChunkFilter,
): Promise<void> {
  const { metadata = {}, languages = [], from, to } = filter;
  const span = columnFilter({ from, to });
  if (span && span.from !== null && span.to !== null && span.from > span.to)
    throw unknown(`A span from ${from} to ${to}`, 'It ends before it begins.');
  if (Object.keys(metadata).length === 0 && languages.length === 0 && from === undefined && to === undefined)
    return;
  const known = await readFilterValues(database, principal);
  for (const [key, wanted] of Object.entries(metadata)) {
    const values = known.metadata.get(key);
    if (!values) throw unknown(`The key "${key}"`, oneOf(key, [...known.metadata.keys()], 'keys'));
    for (const value of wanted)
      if (!values.includes(value))
        throw unknown(`"${key}=${value}"`, oneOf(value, values, `values of "${key}"`));
  }
  for (const range of languages)
    if (!known.languages.some((language) => languageMatches(language, range.toLowerCase())))
      throw unknown(`The language "${range}"`, listOf(known.languages, 'languages'));
  if ((from !== undefined || to !== undefined) && known.dates === null)
    throw unknown('A span of dates', 'No document that may be read has a date.');
}

function unknown(filter: string, suggestion: string): FulcrumError {
  return new FulcrumError('filter-unknown', { filter, suggestion });
}

/** The name that was meant, or the names that there are. */
function oneOf(name: string, known: readonly string[], what: string): string {
  return suggest(name, known) || listOf(known, what);
}

function listOf(known: readonly string[], what: string): string {
  if (known.length === 0) return `No document that may be read has ${what}.`;
  const shown = known.slice(0, valuesShown).join(', ');
  return `There are the ${what} ${shown}${known.length > valuesShown ? ', …' : ''}.`;
}
