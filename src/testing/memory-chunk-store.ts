import { type Principal, readerTokens } from '../core/index.ts';
import {
  type ArmHit,
  type ChunkFilter,
  type ChunkStore,
  columnFilter,
  type IndexedChunk,
  type IndexedRow,
  type IndexedVector,
  languageMatches,
} from '../knowledge/index.ts';

/** BM25 constants of the reference implementation. */
const k1 = 1.2;
const b = 0.75;

interface TenantRows {
  chunks: IndexedChunk[];
  vectors: IndexedVector[];
}

/**
 * Reference implementation of `ChunkStore` in plain arrays: exact, slow and easy to check. For tests and as the
 * smallest example of the port. Keywords are lower-case runs of letters and digits, without stemming;
 * camelCase and snake_case words are also found by their parts.
 */
export function createMemoryChunkStore(): ChunkStore {
  const tenants = new Map<string, TenantRows>();
  const rowsOf = (tenant: string): TenantRows => {
    const rows = tenants.get(tenant) ?? { chunks: [], vectors: [] };
    tenants.set(tenant, rows);
    return rows;
  };
  return {
    capabilities: { exactVectors: true, concurrentReaders: false },
    async addChunks(tenant, chunks) {
      rowsOf(tenant).chunks.push(...chunks);
    },
    async addVectors(tenant, vectors) {
      rowsOf(tenant).vectors.push(...vectors);
    },
    async removeVersions(tenant, versions) {
      const rows = rowsOf(tenant);
      const keep = (row: { documentId: string; version: string }): boolean =>
        !versions.some((gone) => gone.documentId === row.documentId && gone.version === row.version);
      rows.chunks = rows.chunks.filter(keep);
      rows.vectors = rows.vectors.filter(keep);
    },
    async searchKeywords(principal, query, limit, filter) {
      const { chunks } = rowsOf(principal.tenant);
      const score = bm25(chunks, query);
      return best(
        chunks.filter(isVisible(principal, filter)).map((chunk) => hit(chunk, score(chunk))),
        limit,
      ).filter((found) => found.score > 0);
    },
    async searchVectors(principal, query, limit, filter) {
      const visible = rowsOf(principal.tenant).vectors.filter(isVisible(principal, filter));
      return best(
        visible.map((row) => hit(row, cosine(row.vector, query))),
        limit,
      );
    },
    async listVersions(tenant) {
      const { chunks, vectors } = rowsOf(tenant);
      const all = new Map<string, { documentId: string; version: string; chunks: number; vectors: number }>();
      for (const [rows, counter] of [
        [chunks, 'chunks'],
        [vectors, 'vectors'],
      ] as const)
        for (const { documentId, version } of rows) {
          const key = JSON.stringify([documentId, version]);
          const entry = all.get(key) ?? { documentId, version, chunks: 0, vectors: 0 };
          entry[counter]++;
          all.set(key, entry);
        }
      return [...all.values()];
    },
    async optimize() {},
    async scrub() {},
    async clearVectors(tenant) {
      rowsOf(tenant).vectors = [];
    },
    async clear(tenant) {
      tenants.delete(tenant);
    },
    async close() {},
  };
}

function isVisible(principal: Principal, filter: ChunkFilter = {}) {
  const tokens = readerTokens(principal);
  const columns = columnFilter(filter);
  if (columns === null) return () => false;
  return (row: IndexedRow): boolean =>
    row.readers.some((reader) => tokens.includes(reader)) &&
    (filter.sources?.includes(row.source) ?? true) &&
    !filter.exceptDocuments?.includes(row.documentId) &&
    (filter.chunkIds?.includes(row.id) ?? true) &&
    columns.tags.every((values) => values.some((tag) => row.tags.includes(tag))) &&
    (columns.languages?.some((range) => row.language !== null && languageMatches(row.language, range)) ??
      true) &&
    (columns.from === null || (row.date !== null && row.date >= columns.from)) &&
    (columns.to === null || (row.date !== null && row.date <= columns.to));
}

function hit(row: IndexedChunk | IndexedVector, score: number): ArmHit {
  return { id: row.id, documentId: row.documentId, version: row.version, score };
}

function best(hits: ArmHit[], limit: number): ArmHit[] {
  return hits.sort((a, c) => c.score - a.score || (a.id < c.id ? -1 : 1)).slice(0, Math.max(0, limit));
}

function termsOf(text: string): string[] {
  const parts = text.replace(/([a-z0-9])([A-Z])/g, '$1 $2');
  const joined = text.match(/[A-Za-z0-9]+(?:_[A-Za-z0-9]+)+/g)?.map((word) => word.replaceAll('_', '')) ?? [];
  return (
    `${text}${parts === text ? '' : ` ${parts}`} ${joined.join(' ')}`
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}

/** Okapi BM25 over all chunks of the tenant, as an index with prefilters does it. */
function bm25(chunks: readonly IndexedChunk[], query: string): (chunk: IndexedChunk) => number {
  const documents = new Map(chunks.map((chunk) => [chunk.id, termsOf(chunk.indexedText)]));
  const average = [...documents.values()].reduce((sum, terms) => sum + terms.length, 0) / documents.size;
  const frequency = (term: string): number =>
    [...documents.values()].filter((terms) => terms.includes(term)).length;
  const weights = [...new Set(termsOf(query))].map((term) => {
    const n = frequency(term);
    return { term, idf: Math.log(1 + (documents.size - n + 0.5) / (n + 0.5)) };
  });
  return (chunk) => {
    const terms = documents.get(chunk.id) ?? [];
    return weights.reduce((sum, { term, idf }) => {
      const count = terms.filter((other) => other === term).length;
      return sum + (idf * count * (k1 + 1)) / (count + k1 * (1 - b + (b * terms.length) / average));
    }, 0);
  };
}

function cosine(a: Float32Array, c: Float32Array): number {
  let product = 0;
  let lengthA = 0;
  let lengthC = 0;
  for (let i = 0; i < a.length; i++) {
    product += a[i]! * c[i]!;
    lengthA += a[i]! ** 2;
    lengthC += c[i]! ** 2;
  }
  return product / Math.sqrt(lengthA * lengthC);
}
