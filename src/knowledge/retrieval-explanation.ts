import type { ChunkFilter } from './chunk-store.ts';
import type { RetrievalSettings } from './retrieval-settings.ts';

/** How the hits of one search came about. Plain data: it is printed as JSON by `fulcrum search --explain --json`. */
export interface RetrievalExplanation {
  readonly query: QueryReading;
  readonly settings: RetrievalSettings;
  /** What narrowed the search before ranking, beside access. */
  readonly filter: ChunkFilter;
  /** Reader tokens one of which a document must name. */
  readonly readerTokens: readonly string[];
  readonly arms: {
    readonly keyword: ArmExplanation;
    readonly vector: ArmExplanation;
  };
  /** In the order of `hits`. */
  readonly hits: readonly HitExplanation[];
  /** Why the document that was asked about is, or is not, among the hits. */
  readonly document?: DocumentExplanation | undefined;
  /** Milliseconds of each stage that ran; the arms run at the same time, so the sum may exceed `total`. */
  readonly milliseconds: Readonly<Partial<Record<RetrievalStage, number>>> & { readonly total: number };
  /** What was done without, such as a reranking model that did not answer in time. */
  readonly notices: readonly string[];
}

export type RetrievalStage =
  | 'embed'
  | 'keyword'
  | 'vector'
  | 'union'
  | 'phrases'
  | 'rerank'
  | 'read'
  | 'grow';

/** What was made of a query without a model. */
export interface QueryReading {
  /** What is looked up and embedded: the query without the quotes of its phrases. */
  readonly text: string;
  /** Words between double quotes, which a hit must have in this order. */
  readonly phrases: readonly string[];
  /** Words that the keyword arm looks up, parts of identifiers included; it stems them and leaves out stop words. */
  readonly terms: readonly string[];
  /** ISO 639-1 code where the text is long enough to tell. */
  readonly language: string | null;
  /** Language of most of the first hits, where it can be told. */
  readonly foundLanguage: string | null;
}

export interface ArmExplanation {
  /** Null where the arm ran. */
  readonly skipped: string | null;
  readonly candidates: number;
  /** Score that counts as 1 in the fused score; 0 where the arm found nothing. */
  readonly largestScore: number;
}

export interface HitExplanation {
  readonly chunkId: string;
  /** Rank in the list of each arm, from 1; null where that arm did not list it. */
  readonly ranks: { readonly keyword: number | null; readonly vector: number | null };
  readonly raw: { readonly keyword: number | null; readonly vector: number | null };
  /** Raw scores over the largest of the query, as they are weighed. */
  readonly normalised: { readonly keyword: number | null; readonly vector: number | null };
  readonly fusedRank: number;
  readonly rerankScore: number | null;
  /** Terms of the query that the keyword index finds in the chunk, after stemming. */
  readonly matchedTerms: readonly string[];
}

export type DocumentExplanation =
  | { readonly documentId: string; readonly state: 'unknown-or-unreadable' }
  | {
      readonly documentId: string;
      /**
       * `found`; `not-indexed`, the index has to be repaired by a sync; `filtered` by what narrows the search;
       * `phrase-missing`; `duplicate` of a better hit; `no-match` in either arm; `ranked-below` the last hit.
       */
      readonly state:
        | 'found'
        | 'not-indexed'
        | 'filtered'
        | 'phrase-missing'
        | 'duplicate'
        | 'no-match'
        | 'ranked-below';
      /** Parts of the filter that leave it out; empty unless `filtered`. */
      readonly filteredBy: readonly string[];
      /** Its best chunk in each arm, ranked among everything that may be found; null where the arm has none. */
      readonly keyword: { readonly rank: number; readonly score: number; readonly chunkId: string } | null;
      readonly vector: { readonly rank: number; readonly score: number; readonly chunkId: string } | null;
      /** Rank of its best chunk in the fused list; null where it is in none of the lists that are fused. */
      readonly fusedRank: number | null;
      readonly chunks: number;
      readonly embeddedChunks: number;
    };
