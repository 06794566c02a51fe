import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../database/index.ts';
import {
  createRetriever,
  createSynchroniser,
  type DocumentPipeline,
  knowledgeMigrations,
  type RetrieverOptions,
  type Source,
} from '../knowledge/index.ts';
import { createHashingEmbeddingModel } from './hashing-embedding-model.ts';
import { createMemoryChunkStore } from './memory-chunk-store.ts';
import { createParagraphPipeline } from './paragraph-corpus.ts';

/** A synced corpus in memory and its retriever; `close` removes all of it. */
export async function searchedCorpus(
  sources: readonly Source[],
  more: Partial<RetrieverOptions> & { pipeline?: DocumentPipeline; embed?: boolean } = {},
) {
  const { pipeline = createParagraphPipeline(), embed = true, ...retriever } = more;
  const folder = mkdtempSync(join(tmpdir(), 'fulcrum-searched-'));
  const database = await openDatabase(':memory:', [knowledgeMigrations]);
  const model = createHashingEmbeddingModel();
  const store = createMemoryChunkStore();
  const options = { database, store, embeddingModel: async () => (embed ? model : null) };
  const lockFile = join(folder, 'lock');
  await createSynchroniser({ ...options, tenant: 'local', pipeline, lockFile }).sync(sources);
  return {
    ...options,
    retriever: createRetriever({ ...options, ...retriever }),
    async close() {
      await database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
