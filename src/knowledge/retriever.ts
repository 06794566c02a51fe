import type { Cost, Principal } from '../core/index.ts';
import type { ChunkFilter } from './chunk-store.ts';
import type { Place } from './document.ts';
import type { RetrievalExplanation } from './retrieval-explanation.ts';
import type { RetrievalOverrides } from './retrieval-settings.ts';

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
  /** Score of the reranking model where one ordered the hits; comparable within one query only. */
  readonly rerankScore?: number | undefined;
  /** Span of the chunk that was found, where the hit has grown around it. */
  readonly matched?: { readonly start: number; readonly end: number } | undefined;
  /** Chunks of further hits that this one, having grown, took in. */
  readonly merged?: readonly string[] | undefined;
  /** Chunks that say the same and were left out, best first. */
  readonly duplicates?: readonly DuplicateHit[] | undefined;
}

/** A chunk left out because a better hit says the same. */
export interface DuplicateHit {
  readonly chunkId: string;
  readonly documentId: string;
  readonly uri: string;
  readonly start: number;
  readonly end: number;
  /** Share of the runs of words in either that both have, 0 to 1. */
  readonly similarity: number;
}

/** What one call may say: settings that differ from those of the retriever, and who may be found. */
export interface RetrieveOptions extends RetrievalOverrides {
  readonly filter?: ChunkFilter | undefined;
  /** Adds `explanation`; an object also says why that document is or is not found. */
  readonly explain?: boolean | { readonly documentId: string } | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Retrieval {
  readonly query: string;
  /** Changes whenever the searchable corpus does. */
  readonly indexVersion: string;
  /** Number of the version of the index that was searched ("fulcrum versions"); null or absent where there are none. */
  readonly indexVersionNumber?: number | null | undefined;
  /** Share of chunks whose vectors are in the index, 0 to 1. */
  readonly embeddedShare: number;
  readonly hits: readonly Hit[];
  /** Least keyword score that counts as a full match of this query in the fused score; 0 or absent where keywords stand alone. */
  readonly keywordScale?: number | undefined;
  /** Vector of the query where one was made, so that a reader need not embed it again. */
  readonly queryVector: Float32Array | null;
  /** Fingerprint of the model that made it, which need not be the one that the config names; absent: it is. */
  readonly queryModel?: string | null | undefined;
  readonly embeddedTokens: number;
  readonly coreSeconds: number;
  /** Cost of the reranking model; absent where none was asked, or nothing was charged. */
  readonly rerankCost?: Cost | undefined;
  /** How the hits came about, where the call asked for it. */
  readonly explanation?: RetrievalExplanation | undefined;
}

/** Port: query and principal to ranked hits that this principal may read. Throws `index-empty` when nothing is synced. */
export interface Retriever {
  retrieve(query: string, principal: Principal, options?: RetrieveOptions): Promise<Retrieval>;
}

/**
 * Port: the canonical text of a document, for quoting: the live one, or that of `version` as long as it is kept. Null where it is
 * unknown or may not be read. An older text may be read by those who may read the live document; where that is gone, by those who
 * could read the text when it was live.
 */
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
  /** Where its text stands in the source, for `placeOf`; absent in lists and where nothing is known. */
  readonly places?: readonly Place[] | undefined;
  /** BCP 47; absent where nobody says. */
  readonly language?: string | undefined;
  /** ISO 8601 day or instant that the content is from; absent where nobody says. */
  readonly date?: string | undefined;
  readonly metadata?: Readonly<Record<string, string | readonly string[]>> | undefined;
}
