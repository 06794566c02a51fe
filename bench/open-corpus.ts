import { join } from 'node:path';
import { localOwner } from '../src/core/index.ts';
import { type Database, openDatabase } from '../src/database/index.ts';
import {
  createDocumentPipeline,
  createDocumentReader,
  createLanceStore,
  createRetriever,
  createSynchroniser,
  knowledgeMigrations,
  type Retriever,
  type Synchroniser,
} from '../src/knowledge/index.ts';
import { type EmbeddingModel, priceCoreSeconds } from '../src/models/index.ts';
import { createVariants, type Variant } from '../src/variants/index.ts';

/** A corpus in a folder, with the defaults, and the reader `extract` over it. */
export interface OpenCorpus {
  readonly database: Database;
  readonly synchroniser: Synchroniser;
  readonly retriever: Retriever;
  /**
   * `extract` with its refusal off, so that a refusal is told from a wrong citation.
   * @param over another retriever over the same documents.
   */
  extract(options?: { readonly over?: Retriever; readonly sentences?: number }): Promise<Variant>;
  /** Closes index, database and model. */
  close(): Promise<void>;
}

export async function openCorpus(folder: string, model: EmbeddingModel): Promise<OpenCorpus> {
  const database = await openDatabase(join(folder, 'fulcrum.db'), [knowledgeMigrations]);
  const store = createLanceStore({ directory: join(folder, 'index') });
  const embeddingModel = async () => model;
  const retriever = createRetriever({ database, store, embeddingModel });
  return {
    database,
    retriever,
    synchroniser: createSynchroniser({
      ...{ tenant: localOwner.tenant, database, store, embeddingModel },
      pipeline: createDocumentPipeline(),
      lockFile: join(folder, 'sync.lock'),
    }),
    extract: async ({ over = retriever, sentences } = {}) =>
      (
        await createVariants({
          config: { extract: { reader: 'extract', refusal: false, ...(sentences ? { sentences } : {}) } },
          retriever: async () => over,
          documents: async () => createDocumentReader({ database }),
          languageModel: () => Promise.reject(new Error('no language model here')),
          embeddingModel,
          priceCoreSeconds,
          directory: '.',
          environment: {},
        })
      ).get('extract'),
    async close() {
      await store.close();
      await database.close();
      await model.close();
    },
  };
}
