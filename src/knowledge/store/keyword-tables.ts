import { type Principal, readerTokens, sha256 } from '../../core/index.ts';
import type { IndexedRow } from '../chunk-store.ts';
import { isListTable, type LanceTables, tableName } from './lance-tables.ts';

/** Sources whose keyword statistics are kept apart by access list; true for all of them. */
export type IsolatedSources = boolean | readonly string[];

/** Which table the keywords of a chunk lie in, and which tables a principal's search asks. */
export interface KeywordTables {
  /** Table of a chunk: the tenant's, or with isolated statistics the one of its access list. */
  nameFor(tenant: string, row: Pick<IndexedRow, 'source' | 'readers'>): string;
  /** Whether chunks of this source belong into this table under the present setting. */
  holds(name: string, source: string): boolean;
  /**
   * The tenant's table, and of those with isolated statistics the ones whose access list names the principal: the word
   * statistics of all others stay out of the search.
   */
  searched(principal: Principal): Promise<string[]>;
}

/**
 * BM25 scores a chunk by how rare a word is in its table, so a table per access list makes the scores of its chunks a
 * function of chunks with the same list alone, which the same principals may read.
 */
export function createKeywordTables(tables: LanceTables, isolated: IsolatedSources): KeywordTables {
  const listOf = new Map<string, readonly string[]>();
  const isIsolated = (source: string): boolean =>
    isolated === true || (isolated !== false && isolated.includes(source));
  const any = isolated === true || (isolated !== false && isolated.length > 0);

  /** Access list of a table of its own, told by any of its rows; null where it is empty. The name stands for the list. */
  const readList = async (name: string): Promise<readonly string[] | null> => {
    const known = listOf.get(name);
    if (known) return known;
    const [row] = await tables.read<{ readers: Iterable<string> }[]>(name, [], (table) =>
      table.query().select(['readers']).limit(1).toArray(),
    );
    if (!row) return null;
    const list = [...row.readers];
    listOf.set(name, list);
    return list;
  };

  return {
    nameFor(tenant, { source, readers }) {
      const list = isIsolated(source) ? sha256(JSON.stringify([...readers].sort())).slice(0, 32) : undefined;
      return tableName(tenant, 'keywords', list);
    },
    holds: (name, source) => isIsolated(source) === isListTable(name),
    async searched(principal) {
      const shared = tableName(principal.tenant, 'keywords');
      if (!any) return [shared];
      const tokens = new Set(readerTokens(principal));
      const names = (await tables.names(principal.tenant, 'keywords')).filter((name) => name !== shared);
      const lists = await Promise.all(names.map(readList));
      const own = names.filter((_, index) => lists[index]?.some((token) => tokens.has(token)));
      return isolated === true ? own : [shared, ...own];
    },
  };
}
