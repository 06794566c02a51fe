import type { Table, VectorQuery } from '@lancedb/lancedb';
import { FulcrumError } from '../../core/index.ts';
import type { ArmHit, ChunkFilter, ChunkStore, IndexedRow } from '../chunk-store.ts';
import { withIdentifierWords } from './identifier-words.ts';
import { needsNewColumns, searchPredicate, versionPredicates } from './lance-filter.ts';
import { createLanceTables, isOutdated, type TableKind } from './lance-tables.ts';
import { scrubTable } from './scrub-table.ts';

/** Up to this many rows vectors are scanned, which is exact; above it an index is built. */
const defaultExactRows = 20_000;
/** Rows of one partition of the vector index (the library's default). */
const partitionRows = 4096;
/** Old table versions are kept this long for readers that are in the middle of a query. */
const keepVersionsMs = 10 * 60_000;
/** Distinct words of a query that are looked up; more do not change the result, only the time. */
const queryWords = 64;
/** Longest query text that is looked at, in UTF-16 units. */
const queryLength = 20_000;

export interface LanceStoreOptions {
  /** Folder of the index; made at the first write. */
  readonly directory: string;
  /** Rows up to which vector search is an exact scan; 20,000 by default. */
  readonly exactRows?: number;
}

/**
 * Chunk index in a LanceDB folder: per tenant a table of keywords (BM25: Snowball stemming, English stop words,
 * identifiers split, see `identifierWords`) and a table of vectors. Filters are applied before ranking.
 * A query is data: nothing in it is an operator. Throws `index-damaged` or `disk-full`.
 */
export function createLanceStore(options: LanceStoreOptions): ChunkStore {
  const tables = createLanceTables(options.directory);
  const exactRows = options.exactRows ?? defaultExactRows;

  const append = async (
    tenant: string,
    kind: TableKind,
    rows: Record<string, unknown>[],
    dimensions?: number,
  ): Promise<void> => {
    if (rows.length === 0) return;
    const table = await tables.ensure(tenant, kind, dimensions);
    await tables.write(() => table.add(rows));
  };

  return {
    capabilities: { exactVectors: false, concurrentReaders: true },
    addChunks: (tenant, chunks) =>
      append(
        tenant,
        'keywords',
        chunks.map((chunk) => ({ ...columns(chunk), indexed_text: withIdentifierWords(chunk.indexedText) })),
      ),
    async addVectors(tenant, vectors) {
      const dimensions = vectors[0]?.vector.length;
      if (vectors.some(({ vector }) => vector.length !== dimensions))
        throw new FulcrumError('internal', { problem: 'vectors of different lengths were given' });
      const rows = vectors.map((entry) => ({ ...columns(entry), vector: entry.vector }));
      await append(tenant, 'vectors', rows, dimensions);
    },
    async removeVersions(tenant, versions) {
      for (const kind of ['keywords', 'vectors'] as const) {
        const table = await tables.open(tenant, kind);
        if (!table) continue;
        for (const predicate of versionPredicates(versions))
          await tables.write(() => table.delete(predicate));
      }
    },
    async searchKeywords(principal, query, limit, filter) {
      const predicate = searchPredicate(principal, filter);
      const words = searchWords(query);
      if (predicate === null || words === '' || limit < 1) return [];
      const { MatchQuery } = await import('@lancedb/lancedb');
      return tables.read<ArmHit[]>(principal.tenant, 'keywords', [], async (table) => {
        await requireColumns(table, filter);
        const rows = await table
          .query()
          .fullTextSearch(new MatchQuery(words, 'indexed_text'))
          .where(predicate)
          .select(['id', 'document_id', 'version', '_score'])
          .limit(limit)
          .toArray();
        return sortHits(rows.map((row) => toHit(row, row._score)));
      });
    },
    async searchVectors(principal, query, limit, filter) {
      const predicate = searchPredicate(principal, filter);
      if (predicate === null || limit < 1) return [];
      return tables.read<ArmHit[]>(principal.tenant, 'vectors', [], async (table) => {
        await requireColumns(table, filter);
        const search = table.query().nearestTo(query).distanceType('cosine').where(predicate);
        const rows = await (await probe(table, search, predicate, exactRows))
          .select(['id', 'document_id', 'version', '_distance'])
          .limit(limit)
          .toArray();
        return sortHits(rows.map((row) => toHit(row, 1 - row._distance)));
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
        await tables.read(tenant, kind, undefined, async (table) => {
          if (await isOutdated(table)) return;
          for (const entry of found.values()) entry[counter] = 0;
          for await (const batch of table.query().select(['document_id', 'version']))
            for (let row = 0; row < batch.numRows; row++) {
              const documentId = String(batch.getChild('document_id')?.get(row));
              const version = String(batch.getChild('version')?.get(row));
              const key = JSON.stringify([documentId, version]);
              const entry = found.get(key) ?? { documentId, version, chunks: 0, vectors: 0 };
              entry[counter]++;
              found.set(key, entry);
            }
        });
      return [...found.values()];
    },
    async optimize(tenant) {
      for (const kind of ['keywords', 'vectors'] as const) {
        const table = await tables.open(tenant, kind);
        if (!table || (await isOutdated(table))) continue;
        await tables.write(() => buildIndexes(table, kind, exactRows));
        await tables.write(() => table.optimize({ cleanupOlderThan: new Date(Date.now() - keepVersionsMs) }));
      }
    },
    async scrub(tenant) {
      for (const kind of ['keywords', 'vectors'] as const) {
        const table = await tables.open(tenant, kind);
        if (!table) continue;
        if ((await table.countRows()) === 0) await tables.drop(tenant, kind);
        else await tables.write(() => scrubTable(table));
      }
    },
    clearVectors: (tenant) => tables.drop(tenant, 'vectors'),
    async clear(tenant) {
      await tables.drop(tenant, 'keywords');
      await tables.drop(tenant, 'vectors');
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

function toHit(row: { id: string; document_id: string; version: string }, score: number): ArmHit {
  return { id: row.id, documentId: row.document_id, version: row.version, score };
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

/**
 * With an index, a filter that few rows pass would lose hits: then the rows that pass are scanned (exact), or
 * every partition is visited. Without an index every search is a scan.
 */
async function probe(
  table: Table,
  search: VectorQuery,
  predicate: string,
  exactRows: number,
): Promise<VectorQuery> {
  const rows = await table.countRows();
  if (rows <= exactRows) return search.bypassVectorIndex();
  const matching = await table.countRows(predicate);
  if (matching <= exactRows) return search.bypassVectorIndex();
  const partitions = Math.ceil(rows / partitionRows) + 1;
  const probes =
    matching < rows / 5 ? partitions : Math.min(partitions, Math.max(20, Math.ceil(rows / 20_000)));
  return search.minimumNprobes(Math.min(probes, partitions)).maximumNprobes(partitions).refineFactor(10);
}

/** Makes the indexes that a table has grown to need. */
async function buildIndexes(table: Table, kind: TableKind, exactRows: number): Promise<void> {
  const rows = await table.countRows();
  if (rows === 0) return;
  const { Index } = await import('@lancedb/lancedb');
  const indexed = new Set((await table.listIndices()).flatMap((index) => index.columns));
  if (!indexed.has('id')) await table.createIndex('id', { config: Index.btree() });
  for (const list of ['readers', 'tags'])
    if (!indexed.has(list)) await table.createIndex(list, { config: Index.labelList() });
  if (kind === 'vectors' && rows > exactRows && !indexed.has('vector'))
    await table.createIndex('vector', { config: Index.ivfRq({ distanceType: 'cosine' }) });
}
