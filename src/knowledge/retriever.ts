import type { Principal } from '../core/index.ts';
import type { ChunkFilter } from './chunk-store.ts';

/** A chunk found for a query, best first. `text` is the cited text: exactly `[start, end)` of the canonical text. */
export interface Hit {
  readonly chunkId: string;
  readonly documentId: string;
  readonly version: string;
  readonly uri: string;
  readonly titlePath: readonly string[];
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Fused score in [0, 1], comparable within one query only. */
  readonly score: number;
  /** Raw score of each arm: BM25, cosine. Both are present where both arms ran. */
  readonly arms: { readonly keyword?: number; readonly vector?: number };
}

export type ArmName = 'keyword' | 'vector' | 'hybrid';

export interface RetrieveOptions {
  /** Number of hits, 10 by default. */
  readonly limit?: number | undefined;
  /** Which arms to ask; `hybrid` by default, which falls back to keywords while nothing is embedded. */
  readonly arm?: ArmName | undefined;
  readonly filter?: ChunkFilter | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Retrieval {
  readonly query: string;
  /** Changes whenever the searchable corpus does. */
  readonly indexVersion: string;
  /** Share of chunks whose vectors are in the index, 0 to 1. */
  readonly embeddedShare: number;
  readonly hits: readonly Hit[];
  /** Vector of the query where one was made, so that a reader need not embed it again. */
  readonly queryVector: Float32Array | null;
  readonly embeddedTokens: number;
  readonly coreSeconds: number;
}

/** Port: query and principal to ranked hits that this principal may read. Throws `index-empty` when nothing is synced. */
export interface Retriever {
  retrieve(query: string, principal: Principal, options?: RetrieveOptions): Promise<Retrieval>;
}

/** Port: the canonical text of a document version, for quoting; null where it is unknown or may not be read. */
export interface DocumentReader {
  read(documentId: string, principal: Principal, version?: string): Promise<StoredDocument | null>;
}

export interface StoredDocument {
  readonly documentId: string;
  readonly version: string;
  readonly source: string;
  readonly key: string;
  readonly uri: string;
  readonly title: string | null;
  readonly text: string;
  readonly readers: readonly string[];
}
