import { availableParallelism } from 'node:os';
import { type Cost, FulcrumError, noCost, type WorkOptions } from '../../core/index.ts';
import type { EmbeddingModel, Embeddings } from '../embedding-model.ts';
import type { LocalEmbeddingEntry, ModelFilePaths } from '../files/index.ts';
import { createEmbeddingPool, type EmbeddedBatch } from './embedding-pool.ts';

export interface LocalEmbeddingModelOptions {
  readonly entry: LocalEmbeddingEntry;
  /** Verified files, from `ensureModelFiles`. */
  readonly files: ModelFilePaths;
  /** Most worker threads; default one per core, at most 2. */
  readonly workers?: number | undefined;
  /** Prices measured core-seconds. */
  readonly price: (coreSeconds: number) => Cost;
}

/** Texts that a thread is given at once; they are still run one by one. */
const batchSize = 4;

/**
 * Embeds on the CPU in worker threads that start at first use. A text gets the same vector alone or among
 * others. An idle model does not keep the process alive.
 */
export function createLocalEmbeddingModel(options: LocalEmbeddingModelOptions): EmbeddingModel {
  const { entry, files, price } = options;
  const { settings } = entry;
  const weights = entry.files.find((file) => file.role === 'weights')!;
  const pool = createEmbeddingPool(
    { weights: files.weights!, tokenizer: files.tokenizer!, settings },
    options.workers ?? Math.min(2, availableParallelism()),
  );

  const embed = async (texts: readonly string[], work: WorkOptions): Promise<Embeddings> => {
    if (texts.length === 0) return { vectors: [], tokens: 0, coreSeconds: 0, cost: noCost };
    const stop = new AbortController();
    const signal = work.signal ? AbortSignal.any([work.signal, stop.signal]) : stop.signal;
    let done = 0;
    try {
      const batches = await Promise.all(
        batchesOf(texts).map(async (batch) => {
          const embedded = await pool.run(batch, signal);
          done += batch.length;
          work.onProgress?.({ phase: 'embedding', done, total: texts.length, unit: 'texts' });
          return embedded;
        }),
      );
      return collect(batches, settings.dimensions, price);
    } catch (error) {
      stop.abort(error);
      if (work.signal?.aborted) throw new FulcrumError('cancelled', {}, { cause: error });
      const problem = (error as Error).message;
      throw new FulcrumError('model-failed', { model: entry.id, problem }, { cause: error });
    }
  };

  return {
    id: entry.id,
    fingerprint: weights.sha256,
    dimensions: settings.dimensions,
    maxTokens: settings.maxTokens,
    local: true,
    embedDocuments: (texts, work = {}) => embed(texts, work),
    embedQueries: (texts, work = {}) =>
      embed(
        texts.map((text) => settings.queryPrefix + text),
        work,
      ),
    close: () => pool.close(),
  };
}

function batchesOf(texts: readonly string[]): (readonly string[])[] {
  const count = Math.ceil(texts.length / batchSize);
  return Array.from({ length: count }, (_, index) => texts.slice(index * batchSize, (index + 1) * batchSize));
}

function collect(
  batches: readonly EmbeddedBatch[],
  dimensions: number,
  price: (coreSeconds: number) => Cost,
): Embeddings {
  const vectors = batches.flatMap((batch) =>
    Array.from({ length: batch.vectors.length / dimensions }, (_, index) =>
      batch.vectors.slice(index * dimensions, (index + 1) * dimensions),
    ),
  );
  const coreSeconds = batches.reduce((sum, batch) => sum + batch.coreSeconds, 0);
  const tokens = batches.reduce((sum, batch) => sum + batch.tokens, 0);
  return { vectors, tokens, coreSeconds, cost: price(coreSeconds) };
}
