import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { localOwner } from '../../core/index.ts';
import { type Database, openDatabase } from '../../database/index.ts';
import type { EmbeddingModel } from '../../models/index.ts';
import { createHashingEmbeddingModel } from '../../testing/hashing-embedding-model.ts';
import { createMemorySource, createParagraphPipeline } from '../../testing/paragraph-corpus.ts';
import type { ChunkStore } from '../chunk-store.ts';
import { knowledgeMigrations, knowledgeTables } from '../migrations.ts';
import { createRetriever } from '../retrieval/create-retriever.ts';
import { createLanceStore } from '../store/lance-store.ts';
import { createSynchroniser } from './create-sync.ts';
import type { DocumentPipeline } from './prepare-document.ts';

let folder: string;
let database: Database;
let store: ChunkStore;
const first = { ...createHashingEmbeddingModel(), id: 'testing/first' };
const second = {
  ...createHashingEmbeddingModel({ fingerprint: 'hashing-2', dimensions: 32 }),
  id: 'testing/second',
};
const documents = { a: 'apple one\n\napple two', b: 'apple three' };

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fulcrum-second-'));
  database = await openDatabase(join(folder, 'fulcrum.db'), [knowledgeMigrations]);
  store = createLanceStore({ directory: join(folder, 'index') });
});
afterEach(async () => {
  await store.close();
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

const synchroniser = (model: EmbeddingModel | null, pipeline: DocumentPipeline = createParagraphPipeline()) =>
  createSynchroniser({
    tenant: 'local',
    database,
    store,
    pipeline,
    lockFile: join(folder, 'sync.lock'),
    embeddingModel: async () => model,
  });
const source = (texts: Record<string, string> = documents) => [createMemorySource('s', texts)];

/** What a search with vectors shows now; the retriever has both models, as a project that changed its config has. */
async function look() {
  const retriever = createRetriever({
    database,
    store,
    embeddingModel: async (id) => (id === first.id ? first : second),
  });
  const { hits, queryModel, embeddedShare } = await retriever.retrieve('apple', localOwner, {
    limit: 10,
    nearDuplicates: 'keep',
  });
  const texts = hits.map((hit) => hit.text.trim()).sort();
  return { texts, queryModel, embeddedShare, vectors: hits.every((hit) => hit.arms.vector !== undefined) };
}

/** One chunk for a whole document. */
const whole: DocumentPipeline = {
  ...createParagraphPipeline('whole'),
  chunk: ({ text }) => [{ ordinal: 0, start: 0, end: text.length, titlePath: [], indexedText: text }],
};

const before = {
  texts: ['apple one', 'apple three', 'apple two'],
  queryModel: 'hashing-1',
  embeddedShare: 1,
  vectors: true,
};

it('answers from the live index by the old model until the new one is complete', async () => {
  await synchroniser(first).sync(source());
  const seen: unknown[] = [];
  const watching = {
    ...second,
    async embedDocuments(...parameters: Parameters<EmbeddingModel['embedDocuments']>) {
      seen.push(await look());
      return second.embedDocuments(...parameters);
    },
  };
  // A text that changes in the same sync is shown with the rest of the new index, not before.
  const report = await synchroniser(watching).sync(source({ ...documents, b: 'apple four' }));
  expect(report).toMatchObject({ changed: 1, unchanged: 1, embedded: 3, version: 2 });
  expect(seen.length).toBeGreaterThan(0);
  for (const view of seen) expect(view).toEqual(before);
  expect(await look()).toEqual({
    texts: ['apple four', 'apple one', 'apple two'],
    queryModel: 'hashing-2',
    embeddedShare: 1,
    vectors: true,
  });
  // The tables of the old index are gone.
  expect(await store.listVersions('local')).toEqual([]);
  expect(await store.listVersions('local.1')).toHaveLength(2);
  expect(await synchroniser(second).sync(source({ ...documents, b: 'apple four' }))).toMatchObject({
    unchanged: 2,
    embedded: 0,
    version: null,
  });
});

it('replaces the cuts of all documents at once, also those of a document that fails', async () => {
  await synchroniser(first).sync(source());
  const views: unknown[] = [];
  const slow = {
    ...first,
    async embedDocuments(...parameters: Parameters<EmbeddingModel['embedDocuments']>) {
      views.push(await look());
      return first.embedDocuments(...parameters);
    },
  };
  const failing = createMemorySource('s', { a: documents.a, b: new Error('cannot be read') });
  const report = await synchroniser(slow, whole).sync([failing]);
  expect(report).toMatchObject({ changed: 1, embedded: 1, failed: [{ uri: 'b.txt' }] });
  expect(views).toEqual([before]);
  expect((await look()).texts).toEqual(['apple one\n\napple two', 'apple three']);
});

it('leaves the vectors to a job, which swaps; a sync in between begins anew', async () => {
  await synchroniser(first).sync(source());
  expect(await synchroniser(second).sync(source(), { background: true })).toMatchObject({
    embedded: 0,
    version: null,
  });
  expect(await look()).toEqual(before);
  expect(await synchroniser(second).embedPending()).toEqual({ embedded: 3, chunks: 3 });
  expect(await look()).toMatchObject({ ...before, queryModel: 'hashing-2' });
  await synchroniser(first).sync(source(), { background: true });
  expect(await synchroniser(second).sync(source({ b: 'apple five' }))).toMatchObject({
    removed: 1,
    changed: 1,
  });
  const state = await knowledgeTables(database).selectFrom('index_state').selectAll().executeTakeFirst();
  expect(state).toMatchObject({ staged: 0, next_generation: null, generation: 1, version: 3 });
  expect((await look()).texts).toEqual(['apple five']);
  expect(await synchroniser(first).embedPending()).toEqual({ embedded: 1, chunks: 1 });
  expect(await look()).toMatchObject({ texts: ['apple five'], queryModel: 'hashing-1' });
});

it('is not built without its model: what is live stays as it was', async () => {
  await synchroniser(first).sync(source());
  const absent = createSynchroniser({
    tenant: 'local',
    database,
    store,
    pipeline: whole,
    lockFile: join(folder, 'sync.lock'),
    embeddingModel: async () => {
      const { FulcrumError } = await import('../../core/index.ts');
      throw new FulcrumError('model-file-unavailable', { model: 'x', problem: 'no network' });
    },
  });
  await expect(absent.sync(source())).rejects.toMatchObject({ code: 'model-file-unavailable' });
  expect(await look()).toEqual(before);
});
