import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { Principal } from '../../core/index.ts';
import { openDatabase } from '../../database/index.ts';
import { createHashingEmbeddingModel } from '../../testing/hashing-embedding-model.ts';
import { createMemorySource, createParagraphPipeline } from '../../testing/paragraph-corpus.ts';
import { knowledgeMigrations } from '../migrations.ts';
import { createLanceStore } from '../store/lance-store.ts';
import { createSynchroniser } from '../sync/create-sync.ts';
import { createRetriever } from './create-retriever.ts';

const folder = mkdtempSync(join(tmpdir(), 'fulcrum-readable-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const ann: Principal = { tenant: 'local', user: 'ann', groups: [] };

/** What ann's hybrid search gives where so many documents lie beside hers. */
async function search(secrets: number, isolateStatistics: boolean) {
  const place = join(folder, `${secrets}-${isolateStatistics}`);
  const database = await openDatabase(':memory:', [knowledgeMigrations]);
  const store = createLanceStore({ directory: place, isolateStatistics });
  const model = createHashingEmbeddingModel();
  const options = { database, store, embeddingModel: async () => model };
  const hidden = Object.fromEntries(
    Array.from({ length: secrets }, (_, at) => [`s${at}`, `river cloud ${at}`]),
  );
  await createSynchroniser({
    ...options,
    tenant: 'local',
    pipeline: createParagraphPipeline(),
    lockFile: join(folder, 'lock'),
  }).sync([
    createMemorySource(
      'own',
      { a: 'river bank', b: 'stone bank tree', c: 'river stone' },
      { readers: ['user:ann'] },
    ),
    createMemorySource('hr', hidden, { readers: ['group:hr'] }),
  ]);
  const { hits, keywordScale } = await createRetriever({ ...options, isolateStatistics }).retrieve(
    'river stone',
    ann,
  );
  await store.close();
  await database.close();
  return { keywordScale, hits: hits.map(({ documentId, score, arms }) => ({ documentId, score, arms })) };
}

it('with isolated statistics no score tells how much there is that may not be read', async () => {
  const alone = await search(0, true);
  expect(alone.hits).toHaveLength(3);
  expect(await search(8, true)).toEqual(alone);
  // Without, the number of all chunks weighs the keywords.
  expect((await search(8, false)).keywordScale).toBeGreaterThan(alone.keywordScale!);
});
