import type { Table } from '@lancedb/lancedb';
import { FulcrumError } from '../../core/index.ts';
import type { ArmHit, ChunkFilter, ChunkStore, IndexedRow } from '../chunk-store.ts';
import { withIdentifierWords } from './identifier-words.ts';
import { createKeywordTables, type IsolatedSources } from './keyword-tables.ts';
import { needsNewColumns, searchPredicate, versionPredicates } from './lance-filter.ts';
import { createLanceTables, isListTable, isOutdated, type TableKind, tableName } from './lance-tables.ts';
import { keepUp } from './lance-upkeep.ts';
import { nearest, readHits, scoreNamed } from './lance-vectors.ts';
import { readVersions } from './lance-versions.ts';
import { scrubTable } from './scrub-table.ts';

const kinds: readonly TableKind[] = ['keywords', 'vectors'];
/** Up to this many rows vectors are scanned, which is exact; above it an index is built. */
const defaultExactRows = 20_000;
/** Up to this many chunks that a filter names are read and scored here, which takes half the time of a search. */
const mostNamed = 1000;
/** Distinct words of a query that are looked up; more do not change the result, only the time. */
const queryWords = 64;
/** Longest query text that is looked at, in UTF-16 units. */
const queryLength = 20_000;

export interface LanceStoreOptions {
  /** Folder of the index; made at the first write. */
  readonly directory: string;
  /** Rows up to which vector search is an exact scan; 20,000 by default. */
  readonly exactRows?: number;
  /**
   * Sources whose keyword scores must not depend on chunks that the searcher may not read: a table of keywords for each
   * access list, each with word statistics of its own. False by default. After a change the next sync moves the chunks.
   */
  readonly isolateStatistics?: IsolatedSources | undefined;
}

/**
 * Chunk index in a LanceDB folder: per tenant a table of keywords (BM25: Snowball stemming, English stop words,
 * identifiers split, see `identifierWords`) and a table of vectors. Filters are applied before ranking.
 * A query is data: nothing in it is an operator. Throws `index-damaged` or `disk-full`.
 */
export function createLanceStore(options: LanceStoreOptions): ChunkStore {
  const tables = createLanceTables(options.directory);
  const exactRows = options.exactRows ?? defaultExactRows;

  const keywords = createKeywordTables(tables, options.isolateStatistics ?? false);

  /** Names of all tables of a tenant. */
  const namesOf = async (tenant: string): Promise<string[]> =>
    (await Promise.all(kinds.map((kind) => tables.names(tenant, kind)))).flat();

  const append = async (
    name: string,
    rows: Record<string, unknown>[],
    dimensions?: number,
  ): Promise<void> => {
    if (rows.length === 0) return;
    const table = await tables.ensure(name, dimensions);
    await tables.write(() => table.add(rows));
  };

  return {
    capabilities: { exactVectors: false, concurrentReaders: true },
    async addChunks(tenant, chunks) {
      const byTable = Map.groupBy(chunks, (chunk) => keywords.nameFor(tenant, chunk));
      for (const [name, part] of byTable)
        await append(
          name,
          part.map((chunk) => ({ ...columns(chunk), indexed_text: withIdentifierWords(chunk.indexedText) })),
        );
    },
    async addVectors(tenant, vectors) {
      const dimensions = vectors[0]?.vector.length;
      if (vectors.some(({ vector }) => vector.length !== dimensions))
        throw new FulcrumError('internal', { problem: 'vectors of different lengths were given' });
      const rows = vectors.map((entry) => ({ ...columns(entry), vector: entry.vector }));
      await append(tableName(tenant, 'vectors'), rows, dimensions);
    },
    async removeVersions(tenant, versions) {
      if (versions.length === 0) return;
      for (const name of await namesOf(tenant)) {
        const table = await tables.open(name);
        if (!table) continue;
        for (const predicate of versionPredicates(versions)) {
          // Of many tables of keywords most hold none of them, and a removal of nothing would still be a commit.
          if (isListTable(name) && (await table.countRows(predicate)) === 0) continue;
          await tables.write(() => table.delete(predicate));
        }
      }
    },
    async searchKeywords(principal, query, limit, filter) {
      const predicate = searchPredicate(principal, filter);
      const words = searchWords(query);
      if (predicate === null || words === '' || limit < 1) return [];
      const { MatchQuery } = await import('@lancedb/lancedb');
      const inTable = async (table: Table): Promise<ArmHit[]> => {
        await requireColumns(table, filter);
        const rows = table
          .query()
          .fullTextSearch(new MatchQuery(words, 'indexed_text'))
          .where(predicate)
          .select(['id', 'document_id', 'version', '_score'])
          .limit(limit);
        return readHits(rows, '_score', (score: number) => score);
      };
      const names = await keywords.searched(principal);
      const hits = await Promise.all(names.map((name) => tables.read<ArmHit[]>(name, [], inTable)));
      return sortHits(hits.flat()).slice(0, limit);
    },
    async searchVectors(principal, query, limit, filter) {
      const predicate = searchPredicate(principal, filter);
      if (predicate === null || limit < 1) return [];
      return tables.read<ArmHit[]>(tableName(principal.tenant, 'vectors'), [], async (table) => {
        await requireColumns(table, filter);
        const named = (filter?.chunkIds?.length ?? Number.POSITIVE_INFINITY) <= mostNamed;
        const hits = named
          ? await scoreNamed(table, query, predicate)
          : await nearest(table, { query, predicate, limit, exactRows });
        return sortHits(hits).slice(0, limit);
      });
    },
    async listVersions(tenant) {
      const found = new Map<
        string,
        { documentId: string; version: string; chunks: number; vectors: number }
      >();
      for (const [kind, counter] of [
        ['keywords', 'chunks'],
        ['vectors', 'vectors'],
      ] as const)
        for (const name of await tables.names(tenant, kind))
          for (const { documentId, version, source, rows } of await readVersions(tables, name)) {
            const key = JSON.stringify([documentId, version]);
            const entry = found.get(key) ?? { documentId, version, chunks: 0, vectors: 0 };
            // What lies where the present setting would not put it counts as missing: it will be removed and added anew.
            if (kind === 'vectors' || keywords.holds(name, source)) entry[counter] += rows;
            found.set(key, entry);
          }
      return [...found.values()];
    },
    async optimize(tenant) {
      for (const kind of kinds)
        for (const name of await tables.names(tenant, kind)) {
          const table = await tables.open(name);
          if (!table || (await isOutdated(table))) continue;
          if (isListTable(name) && (await table.countRows()) === 0) {
            await tables.drop(name);
            continue;
          }
          await tables.write(() => keepUp(table, kind, exactRows));
        }
    },
    async scrub(tenant) {
      for (const name of await namesOf(tenant)) {
        const table = await tables.open(name);
        if (!table) continue;
        if ((await table.countRows()) === 0) await tables.drop(name);
        else await tables.write(() => scrubTable(table));
      }
    },
    clearVectors: (tenant) => tables.drop(tableName(tenant, 'vectors')),
    async clear(tenant) {
      // By their usual names too: a folder that cannot be listed may still be removed.
      const named = await namesOf(tenant).catch(() => []);
      for (const name of new Set([...named, ...kinds.map((kind) => tableName(tenant, kind))]))
        await tables.drop(name);
    },
    async close() {
      tables.close();
    },
  };
}

/** Throws `index-outdated` when the filter needs columns that the table lacks. */
async function requireColumns(table: Table, filter: ChunkFilter | undefined): Promise<void> {
  if (needsNewColumns(filter) && (await isOutdated(table))) throw new FulcrumError('index-outdated');
}

function columns(row: IndexedRow): Record<string, unknown> {
  return {
    id: row.id,
    document_id: row.documentId,
    version: row.version,
    source: row.source,
    readers: [...row.readers],
    language: row.language?.toLowerCase() ?? null,
    date: row.date,
    tags: [...row.tags],
  };
}

/** Best first; equal scores in the order of ids, so that results do not depend on where rows lie. */
function sortHits(hits: ArmHit[]): ArmHit[] {
  return hits.sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
}

/** The words of a query that are looked up, identifiers split; an empty text where it has none. */
function searchWords(query: string): string {
  const words = withIdentifierWords(query.slice(0, queryLength)).match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
  return [...new Set(words)].slice(0, queryWords).join(' ');
}
