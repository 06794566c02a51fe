import type { Cost } from '../core/index.ts';

/** Scores of one call; `scores[i]` belongs to `texts[i]`, higher is nearer to the query. */
export interface Reranking {
  readonly scores: readonly number[];
  readonly cost: Cost;
}

/** Port: reads texts together with a query and says how near each is to it. */
export interface RerankingModel {
  /** The name that the config gives it, or `provider/model`. */
  readonly id: string;
  /** Whether texts stay in this process. */
  readonly local: boolean;
  readonly capabilities: {
    /** Most texts of one call; more are never given. */
    readonly maxTexts: number;
    /** Longer texts are cut to this many UTF-16 units before they are given. */
    readonly maxTextLength: number;
  };
  /**
   * One score for each text. Throws `model-unreachable` (also when it takes too long), `model-key-rejected`,
   * `model-rate-limited`, `model-failed` (also for an answer that lacks a text or scores one twice) or `cancelled`.
   */
  rerank(
    query: string,
    texts: readonly string[],
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<Reranking>;
  close(): Promise<void>;
}
