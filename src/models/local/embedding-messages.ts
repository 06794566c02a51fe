import type { EmbeddingSettings } from '../files/model-catalogue.ts';

/** What a worker is started with. */
export interface EmbeddingWorkerData {
  readonly weights: string;
  readonly tokenizer: string;
  readonly settings: EmbeddingSettings;
}

/** A batch of texts for a worker, prefix included. An empty batch asks it to free its session and end. */
export interface EmbeddingTask {
  readonly id: number;
  readonly texts: readonly string[];
}

/** What a worker answers: all vectors of the batch one after the other, or what went wrong. */
export type EmbeddingReply =
  | {
      readonly id: number;
      readonly vectors: Float32Array<ArrayBuffer>;
      readonly tokens: number;
      /** CPU time of the worker's thread for this batch; loading the model is not part of it. */
      readonly coreSeconds: number;
    }
  | { readonly id: number; readonly problem: string };
