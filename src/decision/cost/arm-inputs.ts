import type { Amount } from './figure.ts';

export const armKinds = [
  'prompt',
  'few-shot',
  'full-context',
  'rag',
  'tuned-per-token',
  'tuned-dedicated',
  'tuned-self-hosted',
  'local-head',
  'hybrid',
  'cascade',
  'external',
  'extract',
] as const;
export type ArmKind = (typeof armKinds)[number];

/** What a mean request consumes. Tokens are those of the arm's model. */
export interface RequestProfile {
  /** Instructions and, for a full corpus, the corpus: the same in every request, so that a provider may cache it. */
  readonly staticPrefix: Amount;
  /** Worked examples; part of the cacheable prefix. */
  readonly fewShot: Amount;
  /** Earlier turns of the conversation. */
  readonly history: Amount;
  readonly query: Amount;
  /** Passages found for the request. */
  readonly retrieved: Amount;
  /** Without reasoning. */
  readonly output: Amount;
  readonly reasoning: Amount;
  /** Share of the prefix (`staticPrefix` + `fewShot`) that is read from the cache, 0 to 1. */
  readonly cachedShare: Amount;
  /** Model calls per request, at least 1; 1.02 when two in a hundred are repeated. */
  readonly retryFactor: Amount;
  /** Share of the requests that can wait and are sent as a batch, 0 to 1. */
  readonly batchShare: Amount;
  /** Tokens embedded for the query. */
  readonly embeddedTokens: Amount;
  /** Rerank searches. */
  readonly reranks: Amount;
  /** CPU-seconds of local models and local search. */
  readonly coreSeconds: Amount;
}

/** Prices of what a request consumes; a missing member is a price that the arm does not need, or that is not known when it does. */
export interface UnitPrices {
  /** USD per million tokens. */
  readonly input?: Amount | undefined;
  /** Cache reads, USD per million tokens. Without it the price of input. */
  readonly cachedInput?: Amount | undefined;
  /** Cache writes, USD per million tokens: what a prefix costs that is not read from the cache. Without it the price of input. */
  readonly cacheWrite?: Amount | undefined;
  /** USD per million tokens, reasoning included. */
  readonly output?: Amount | undefined;
  /** Part of the token price that a batch saves, 0 to 1 (.5 at half price). Without it a batch saves nothing. */
  readonly batchDiscount?: Amount | undefined;
  /** USD per million tokens. */
  readonly embedding?: Amount | undefined;
  /** USD per 1,000 rerank searches. */
  readonly rerank?: Amount | undefined;
  /** USD per 1,000 queries of the vector store. */
  readonly storeQuery?: Amount | undefined;
  /** USD per hour of one CPU core. */
  readonly coreHour?: Amount | undefined;
}

/** How the model is served. `per-token` has no hosting, or a flat fee a month for the deployment. */
export type Hosting =
  | { readonly form: 'per-token'; readonly monthlyFee?: Amount | undefined }
  | {
      /** Machines by the hour, always on. */
      readonly form: 'per-hour';
      /** USD per hour of one replica. */
      readonly replicaHour: Amount;
      /** Requests per second that one replica serves at its latency target, by output (decoding). */
      readonly requestsPerSecond: Amount;
      /** Prompt tokens per second that one replica reads; bounds long prompts. Unbounded when absent. */
      readonly prefillTokensPerSecond?: Amount | undefined;
      /** Traffic of the busiest time over the mean, at least 1. */
      readonly peakToMean: Amount;
      /** Never fewer replicas; 2 survives the loss of one. */
      readonly minimumReplicas: number;
      /** Replicas on top of those that the peak needs. */
      readonly spareReplicas?: number | undefined;
    }
  | {
      /** Machines by the second, none without traffic. */
      readonly form: 'scale-to-zero';
      /** USD per GPU-second. */
      readonly gpuSecond: Amount;
      /** GPU-seconds billed per request, batching with others included. */
      readonly gpuSecondsPerRequest: Amount;
      /** GPU-seconds per request that starting cold adds on average. */
      readonly coldStartSeconds?: Amount | undefined;
    };

/** What is paid before the first request. Labels, training and evaluation are paid again with every retraining. */
export interface Upfront {
  /** Training labels and USD for one; `fresh` of them are bought anew for each retraining, all by default. */
  readonly labels?:
    | { readonly count: Amount; readonly usdEach: Amount; readonly fresh?: Amount | undefined }
    | undefined;
  /** Items of the gold set and USD for one: evaluation needs it, so every arm is charged. */
  readonly goldSet?: { readonly count: Amount; readonly usdEach: Amount } | undefined;
  /** USD for one training run, and how many runs the search for settings adds to it. */
  readonly training?: { readonly usdEach: Amount; readonly sweep: Amount } | undefined;
  /** USD to evaluate the arm once; every arm is charged. */
  readonly evaluation?: Amount | undefined;
  /** Days and USD a day, both entered; shown as a line of its own. */
  readonly engineering?: { readonly days: Amount; readonly usdDay: Amount } | undefined;
  /** Months over which it is spread. */
  readonly months: Amount;
  /** Months until the model is trained again. */
  readonly retrainMonths?: Amount | undefined;
  /** Months until the base model is withdrawn. */
  readonly baseModelMonths?: Amount | undefined;
}

/** What is paid every month. */
export interface Maintenance {
  /** Store or other service at a flat fee, USD a month. */
  readonly storeMonthly?: Amount | undefined;
  readonly corpus?:
    | {
        /** Tokens of the corpus. */
        readonly tokens: Amount;
        /** Share of it that changes in a month. */
        readonly churn: Amount;
        /** Months between changes of the embedding model; each embeds the whole corpus anew. */
        readonly embeddingModelMonths?: Amount | undefined;
      }
    | undefined;
  /** Share of the requests that a judge model reads, and USD for one. */
  readonly judge?: { readonly share: Amount; readonly usdEach: Amount } | undefined;
  /** Share of the requests that a person checks, and USD for one. */
  readonly audit?: { readonly share: Amount; readonly usdEach: Amount } | undefined;
  /** Items of the gold set renewed in a month, at its price. */
  readonly goldRefresh?: Amount | undefined;
  /** Anything else, USD a month. */
  readonly otherMonthly?: Amount | undefined;
}

/** How the answers of an arm turn out; the three shares sum to 1. A right refusal counts as correct. */
export interface ArmQuality {
  readonly correct: Amount;
  readonly wrong: Amount;
  readonly refused: Amount;
}

/** USD lost by a wrong answer, and by a refusal. */
export interface Losses {
  readonly wrong: Amount;
  readonly refused: Amount;
}

/** Everything that the cost of one arm is computed from. */
export interface ArmInputs {
  readonly name: string;
  readonly kind: ArmKind;
  /** Entered, not measured: shown as such, and never recommended as if it had been tried. */
  readonly hypothetical: boolean;
  readonly profile?: RequestProfile | undefined;
  /** USD per 1,000 requests as measured or reported, in place of `profile` and its prices. */
  readonly costPer1000?: Amount | undefined;
  readonly prices: UnitPrices;
  readonly hosting: Hosting;
  readonly upfront: Upfront;
  readonly maintenance: Maintenance;
  readonly quality?: ArmQuality | undefined;
  /** Measured requests, one row each, that intervals are resampled from. */
  readonly usage?: UsageRows | undefined;
  /** ISO day on which the base model is withdrawn. */
  readonly endOfLife?: string | undefined;
  /** Run that it was measured in. */
  readonly run?: string | undefined;
}

/** Quantities measured per request. `cached`: prompt tokens read from the cache; `costUsd`: what the request cost. */
export type UsageColumn =
  | Exclude<keyof RequestProfile, 'cachedShare' | 'retryFactor' | 'batchShare' | 'reranks'>
  | 'cached'
  | 'costUsd'
  | 'correct'
  | 'wrong'
  | 'refused';

/**
 * Measured requests by column; all columns have one length, and NaN is a value that is missing in a request (such as the
 * score of an answer that could not be scored).
 */
export interface UsageRows {
  readonly columns: Readonly<Partial<Record<UsageColumn, Float64Array>>>;
  /**
   * Cluster of each request, such as the group of its sample; without it each request is its own. Clusters of one name in
   * two arms are resampled together.
   */
  readonly clusters?: readonly string[] | undefined;
}
