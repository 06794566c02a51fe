import type { Principal } from '../core/index.ts';

/** A chunk as the index holds it. */
export interface IndexedChunk {
  /** `DOCUMENT_ID@VERSION#ORDINAL`, unique in the tenant. */
  readonly id: string;
  readonly documentId: string;
  /** Which state of the document this is; opaque to the store, changes with text, cuts or access list. */
  readonly version: string;
  readonly source: string;
  readonly readers: readonly string[];
  readonly indexedText: string;
}

/** A chunk's vector; comes later than its text. */
export interface IndexedVector {
  readonly id: string;
  readonly documentId: string;
  readonly version: string;
  readonly source: string;
  readonly readers: readonly string[];
  readonly vector: Float32Array;
}

/** Narrows a search before ranking, in the index itself. */
export interface ChunkFilter {
  readonly sources?: readonly string[] | undefined;
  /** Documents that must not be seen (used to hide gold documents). */
  readonly exceptDocuments?: readonly string[] | undefined;
  /** Only these chunks; used to score the union of two arms exactly. */
  readonly chunkIds?: readonly string[] | undefined;
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
  /** Folds new rows into the indexes; safe to call at any time. */
  optimize(tenant: string): Promise<void>;
  /** Drops the vectors of the tenant and keeps its texts; the next vectors may have another length. */
  clearVectors(tenant: string): Promise<void>;
  /** Drops everything of the tenant, damaged or not. */
  clear(tenant: string): Promise<void>;
  close(): Promise<void>;
}
