import type { EmbeddingModelV4 } from '@ai-sdk/provider';
import { type Cost, noUsage, type Usage, type WorkOptions } from '../core/index.ts';
import { type CalledModel, callWithRetries } from './call-with-retries.ts';
import type { EmbeddingModel, Embeddings } from './embedding-model.ts';
import type { ProviderGate } from './provider-gate.ts';
import { defaultRetryLimits, type RetryLimits } from './retry-limits.ts';

export interface HostedEmbeddingModelOptions {
  readonly model: EmbeddingModelV4;
  readonly called: CalledModel;
  /** Length of its vectors, found out by a first call where it is not known. */
  readonly dimensions: number;
  readonly price: (usage: Usage) => Cost;
  readonly limits?: RetryLimits | undefined;
  /** Door to the provider, shared by its models. */
  readonly gate?: ProviderGate | undefined;
}

/** Tokens that every hosted embedding model in use takes, for one that the price list knows no limit of. */
const hostedMaxTokens = 2048;

/** Texts of one request. */
const requestSize = 96;

/** An embedding model behind an API. Queries and passages are embedded alike. */
export function createHostedEmbeddingModel(options: HostedEmbeddingModelOptions): EmbeddingModel {
  const { called, model, price } = options;
  const embed = async (texts: readonly string[], work: WorkOptions = {}): Promise<Embeddings> => {
    const { embedMany } = await import('ai');
    const size = Math.min(requestSize, (await model.maxEmbeddingsPerCall) ?? requestSize);
    const vectors: Float32Array[] = [];
    let tokens = 0;
    for (let start = 0; start < texts.length; start += size) {
      const { value } = await callWithRetries(
        (abortSignal) =>
          embedMany({ model, values: texts.slice(start, start + size), maxRetries: 0, abortSignal }),
        {
          model: called,
          limits: options.limits ?? defaultRetryLimits,
          signal: work.signal,
          gate: options.gate,
          tokens: Math.ceil(texts.slice(start, start + size).join('').length / 4),
        },
      );
      vectors.push(...value.embeddings.map(normalise));
      tokens += value.usage.tokens;
      work.onProgress?.({ phase: 'embedding', done: vectors.length, total: texts.length, unit: 'texts' });
    }
    return { vectors, tokens, coreSeconds: 0, cost: price({ ...noUsage, embeddedTokens: tokens }) };
  };
  return {
    id: called.id,
    fingerprint: called.id,
    dimensions: options.dimensions,
    maxTokens: called.contextTokens ?? hostedMaxTokens,
    local: false,
    embedDocuments: embed,
    embedQueries: embed,
    close: async () => undefined,
  };
}

/** Length of the vectors of a model, by embedding one word. */
export async function measureDimensions(
  model: EmbeddingModelV4,
  called: CalledModel,
  work: WorkOptions & { limits?: RetryLimits | undefined },
): Promise<number> {
  const { embedMany } = await import('ai');
  const { value } = await callWithRetries(
    (abortSignal) => embedMany({ model, values: ['length'], maxRetries: 0, abortSignal }),
    { model: called, limits: work.limits ?? defaultRetryLimits, signal: work.signal },
  );
  return value.embeddings[0]?.length ?? 0;
}

function normalise(vector: readonly number[]): Float32Array {
  const norm = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return Float32Array.from(vector, (value) => (norm === 0 ? 0 : value / norm));
}
