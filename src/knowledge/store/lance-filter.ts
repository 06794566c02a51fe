import { type Principal, readerTokens } from '../../core/index.ts';
import type { ChunkFilter } from '../chunk-store.ts';
import { columnFilter } from './chunk-filter.ts';

/** A text as an SQL literal; only the quote is special, a backslash is not. */
export function sqlText(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

function sqlList(values: readonly string[]): string {
  return values.map(sqlText).join(', ');
}

/**
 * Predicate for what a principal may read, narrowed by a filter; null where the filter leaves nothing.
 * The literals are texts like the column's items: with any other type the index on `readers` is not used.
 */
export function searchPredicate(principal: Principal, filter: ChunkFilter = {}): string | null {
  const { sources, exceptDocuments, chunkIds } = filter;
  if (sources?.length === 0 || chunkIds?.length === 0) return null;
  const parts = [`array_has_any(readers, [${sqlList(readerTokens(principal))}])`];
  if (sources) parts.push(`source IN (${sqlList(sources)})`);
  if (exceptDocuments && exceptDocuments.length > 0)
    parts.push(`document_id NOT IN (${sqlList(exceptDocuments)})`);
  if (chunkIds) parts.push(`id IN (${sqlList(chunkIds)})`);
  const columns = columnFilter(filter);
  if (columns === null) return null;
  for (const values of columns.tags) parts.push(`array_has_any(tags, [${sqlList(values)}])`);
  if (columns.languages && !columns.languages.includes('*')) parts.push(languagePredicate(columns.languages));
  else if (columns.languages) parts.push('language IS NOT NULL');
  if (columns.from !== null) parts.push(`date >= ${columns.from}`);
  if (columns.to !== null) parts.push(`date <= ${columns.to}`);
  return parts.join(' AND ');
}

/** Whether a filter needs columns that tables of earlier releases lack. */
export function needsNewColumns(filter: ChunkFilter = {}): boolean {
  return [filter.metadata, filter.languages, filter.from, filter.to].some((member) => member !== undefined);
}

/** The column holds lower-case tags. */
function languagePredicate(ranges: readonly string[]): string {
  const terms = ranges.flatMap((range) => [
    `language = ${sqlText(range)}`,
    `starts_with(language, ${sqlText(`${range}-`)})`,
  ]);
  return `(${terms.join(' OR ')})`;
}

/** Predicates that together match exactly these document versions, a limited number in each. */
export function versionPredicates(
  versions: readonly { documentId: string; version: string }[],
  perPredicate = 200,
): string[] {
  const predicates: string[] = [];
  for (let start = 0; start < versions.length; start += perPredicate) {
    const terms = versions
      .slice(start, start + perPredicate)
      .map(
        ({ documentId, version }) =>
          `(document_id = ${sqlText(documentId)} AND version = ${sqlText(version)})`,
      );
    predicates.push(terms.join(' OR '));
  }
  return predicates;
}
