import { noCost, sha256 } from '../core/index.ts';
import type { EmbeddingModel, Embeddings } from '../models/index.ts';

/** An embedding model for tests that counts what it was asked for. */
export interface HashingEmbeddingModel extends EmbeddingModel {
  /** Texts embedded as documents so far. */
  readonly embeddedDocuments: number;
}

/**
 * Embedding model without weights: a text becomes the unit vector of its hashed words, so texts that share words
 * are near. Deterministic, instant, and free.
 * @param options.fingerprint another value stands for another model: its vectors differ.
 */
export function createHashingEmbeddingModel(
  options: { dimensions?: number; fingerprint?: string; secondsPerText?: number } = {},
): HashingEmbeddingModel {
  const { dimensions = 64, fingerprint = 'hashing-1', secondsPerText = 0 } = options;
  let embeddedDocuments = 0;

  const vectorOf = (text: string): Float32Array => {
    const vector = new Float32Array(dimensions);
    for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? ['nothing']) {
      const hash = Number.parseInt(sha256(`${fingerprint} ${word}`).slice(0, 12), 16);
      const at = hash % dimensions;
      vector[at] = vector[at]! + (Math.floor(hash / dimensions) % 2 === 0 ? 1 : -1);
    }
    if (vector.every((value) => value === 0)) vector[0] = 1;
    const length = Math.hypot(...vector);
    return vector.map((value) => value / length);
  };

  const embed = async (texts: readonly string[], signal?: AbortSignal): Promise<Embeddings> => {
    signal?.throwIfAborted();
    if (secondsPerText > 0)
      await new Promise((resolve) => setTimeout(resolve, texts.length * secondsPerText * 1000));
    return { vectors: texts.map(vectorOf), tokens: texts.length, coreSeconds: 0, cost: noCost };
  };

  return {
    id: 'testing/hashing',
    fingerprint,
    dimensions,
    maxTokens: 1_000_000,
    local: true,
    get embeddedDocuments() {
      return embeddedDocuments;
    },
    async embedDocuments(texts, work) {
      const result = await embed(texts, work?.signal);
      embeddedDocuments += texts.length;
      return result;
    },
    embedQueries: (texts, work) => embed(texts, work?.signal),
    async close() {},
  };
}
