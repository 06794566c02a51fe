import type { Cost, WorkOptions } from '../core/index.ts';

/** Result of embedding several texts; `vectors[i]` belongs to `texts[i]` and has unit length. */
export interface Embeddings {
  readonly vectors: readonly Float32Array[];
  /** Tokens that were embedded, in the model's own tokens, after truncation. */
  readonly tokens: number;
  /** CPU-seconds used here; 0 for a hosted model. */
  readonly coreSeconds: number;
  readonly cost: Cost;
}

/** Port: turns texts into vectors whose inner product is their cosine similarity. */
export interface EmbeddingModel {
  /** `provider/model`, e.g. `local/bge-small-en-v1.5`. */
  readonly id: string;
  /** Changes whenever vectors would: sha256 of the weights, or the id of a hosted model. Kept in the index. */
  readonly fingerprint: string;
  readonly dimensions: number;
  /** Longer texts are cut to this many tokens. */
  readonly maxTokens: number;
  /** Whether it runs in this process; a local model's work is priced by core-seconds. */
  readonly local: boolean;
  /** Throws `model-unreachable`, `model-key-rejected` or `cancelled`. The order of texts is kept. */
  embedDocuments(texts: readonly string[], options?: WorkOptions): Promise<Embeddings>;
  embedQueries(texts: readonly string[], options?: WorkOptions): Promise<Embeddings>;
  /** Frees workers and memory. */
  close(): Promise<void>;
}
