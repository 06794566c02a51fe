/** What a usage row is about: answers, embeddings, rerank searches, or money alone. */
export const usageKinds = ['generation', 'embedding', 'rerank', 'cost'] as const;
export type UsageKind = (typeof usageKinds)[number];

/**
 * One request, or a bucket of them, as a provider or a tracer reports it. A null is what the format does not say; it is
 * never 0.
 */
export interface UsageRow {
  /** What the row is, so that the same one is not taken twice: an id, or a bucket with its dimensions; null for neither. */
  readonly identity: string | null;
  readonly kind: UsageKind;
  /** ISO instant of the request, or at which the bucket begins. */
  readonly at: string | null;
  /** ISO instant at which the bucket ends; null for one request. */
  readonly until: string | null;
  readonly provider: string | null;
  readonly model: string | null;
  /** 1 for a request; null for a bucket without a count. */
  readonly requests: number | null;
  /** All of it: read from the cache, written to it, or neither. */
  readonly inputTokens: number;
  readonly cachedInputTokens: number | null;
  readonly cacheWriteTokens: number | null;
  /** Reasoning included. */
  readonly outputTokens: number;
  readonly reasoningTokens: number | null;
  /** Whether it was sent as a batch. */
  readonly batch: boolean | null;
  /** What was charged; null where the format does not say. */
  readonly amount: number | null;
  /** Currency of `amount`, upper case. */
  readonly currency: string | null;
}

/** A row that says nothing yet. */
export const emptyRow: UsageRow = Object.freeze({
  identity: null,
  kind: 'generation',
  at: null,
  until: null,
  provider: null,
  model: null,
  requests: 1,
  inputTokens: 0,
  cachedInputTokens: null,
  cacheWriteTokens: null,
  outputTokens: 0,
  reasoningTokens: null,
  batch: null,
  amount: null,
  currency: null,
});
