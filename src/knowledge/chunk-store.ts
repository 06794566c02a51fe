import type { Principal } from '../core/index.ts';

/** What the index holds of a chunk, beside its text or vector, to tell who may find it and by which filters. */
export interface IndexedRow {
  /** `DOCUMENT_ID@VERSION#ORDINAL`, unique in the tenant. */
  readonly id: string;
  readonly documentId: string;
  /** Which state of the document this is; opaque to the store, changes with all that is held here. */
  readonly version: string;
  readonly source: string;
  readonly readers: readonly string[];
  /** BCP 47 tag, `en` or `pt-BR`; null where it is not known. */
  readonly language: string | null;
  /** When the content is from, in milliseconds since 1970; null where it is not known. */
  readonly date: number | null;
  /** Metadata as `key=value`, one for each value; see `metadataTag`. */
  readonly tags: readonly string[];
}

/** A chunk's text for the keyword arm. */
export interface IndexedChunk extends IndexedRow {
  readonly indexedText: string;
}

/** A chunk's vector; comes later than its text. */
export interface IndexedVector extends IndexedRow {
  readonly vector: Float32Array;
}

/**
 * Narrows a search before ranking, in the index itself. Members are joined by "and", with each other and with the
 * access list, so that no filter can widen what a principal may read. An empty list lets nothing through.
 */
export interface ChunkFilter {
  readonly sources?: readonly string[] | undefined;
  /** Documents that must not be seen (used to hide gold documents). */
  readonly exceptDocuments?: readonly string[] | undefined;
  /** Only these chunks; used to score the union of two arms exactly. */
  readonly chunkIds?: readonly string[] | undefined;
  /** For each key one of the values; a document without the key does not pass. */
  readonly metadata?: Readonly<Record<string, readonly string[]>> | undefined;
  /** Language ranges: `en` lets `en` and `en-GB` through, whatever the case (RFC 4647, basic filtering). */
  readonly languages?: readonly string[] | undefined;
  /** First day or instant (ISO 8601) that passes; a document without a date does not. Throws `filter-invalid`. */
  readonly from?: string | undefined;
  /** Last day or instant that passes; a day counts to its end (UTC). */
  readonly to?: string | undefined;
}

/** One chunk found by one arm. Keyword scores are BM25 (>= 0), vector scores are cosine similarities. */
export interface ArmHit {
  readonly id: string;
  readonly documentId: string;
  readonly version: string;
  readonly score: number;
}

/**
 * Port: the chunk index of a project (vectors, keywords, access columns); rebuildable from the database.
 * Every search takes a principal and returns only chunks with one of its reader tokens, filtered before ranking.
 */
export interface ChunkStore {
  readonly capabilities: {
    /** Whether vector search is exact at every size. */
    readonly exactVectors: boolean;
    /** Whether several processes may read while one writes. */
    readonly concurrentReaders: boolean;
  };
  addChunks(tenant: string, chunks: readonly IndexedChunk[]): Promise<void>;
  addVectors(tenant: string, vectors: readonly IndexedVector[]): Promise<void>;
  /** Removes chunks and vectors of these document versions; unknown ones are ignored. */
  removeVersions(tenant: string, versions: readonly { documentId: string; version: string }[]): Promise<void>;
  searchKeywords(principal: Principal, query: string, limit: number, filter?: ChunkFilter): Promise<ArmHit[]>;
  searchVectors(
    principal: Principal,
    query: Float32Array,
    limit: number,
    filter?: ChunkFilter,
  ): Promise<ArmHit[]>;
  /** Ids of the document versions present, for repair after a crash. */
  listVersions(
    tenant: string,
  ): Promise<{ documentId: string; version: string; chunks: number; vectors: number }[]>;
  /** Folds new rows into the indexes, where there are enough of them to be worth it; safe to call at any time. */
  optimize(tenant: string): Promise<void>;
  /**
   * Makes what was removed vanish from the bytes that the store holds: rows, words in indexes, old states. The tenant's tables
   * are written anew; searches in other processes go on, but may have to be tried again. Nobody else may write meanwhile.
   */
  scrub(tenant: string): Promise<void>;
  /** Drops the vectors of the tenant and keeps its texts; the next vectors may have another length. */
  clearVectors(tenant: string): Promise<void>;
  /** Drops everything of the tenant, damaged or not. */
  clear(tenant: string): Promise<void>;
  close(): Promise<void>;
}
