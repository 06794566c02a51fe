import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { localOwner } from '../../core/index.ts';
import { type Database, openDatabase } from '../../database/index.ts';
import { createHashingEmbeddingModel } from '../../testing/hashing-embedding-model.ts';
import { createMemorySource, createParagraphPipeline } from '../../testing/paragraph-corpus.ts';
import type { ChunkStore } from '../chunk-store.ts';
import { knowledgeMigrations, knowledgeTables } from '../migrations.ts';
import { createRetriever } from '../retrieval/create-retriever.ts';
import { createLanceStore } from '../store/lance-store.ts';
import { createSynchroniser } from '../sync/create-sync.ts';

let folder = '';
let database: Database;
let store: ChunkStore;
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const models = [
  { ...createHashingEmbeddingModel(), id: 'testing/first' },
  { ...createHashingEmbeddingModel({ fingerprint: 'hashing-2', dimensions: 32 }), id: 'testing/second' },
] as const;
const old = Object.fromEntries(
  Array.from({ length: 60 }, (_, i) => [`d${i}`, `shared old${i}\n\nshared tail${i}`]),
);
const young = Object.fromEntries(
  Array.from({ length: 60 }, (_, i) => [`d${i + 10}`, `shared new${i + 10}\n\nshared tail${i + 10}`]),
);

async function open(): Promise<void> {
  database = await openDatabase(join(folder, 'fulcrum.db'), [knowledgeMigrations]);
  store = createLanceStore({ directory: join(folder, 'index') });
}
async function close(): Promise<void> {
  await store.close();
  await database.close();
}
const synchroniser = (model: 0 | 1) =>
  createSynchroniser({
    tenant: 'local',
    database,
    store,
    pipeline: createParagraphPipeline(),
    lockFile: join(folder, 'sync.lock'),
    embeddingModel: async () => models[model],
  });
const sync = (documents: Record<string, string>, model: 0 | 1) =>
  synchroniser(model).sync([createMemorySource('s', documents)], { allowMassDelete: true });

/** Text of each document that a vector search finds, and by which model. */
async function found(): Promise<{ model: string | null | undefined; texts: Record<string, string> }> {
  const retriever = createRetriever({
    database,
    store,
    embeddingModel: async (id) => models.find((each) => each.id === id) ?? models[0],
  });
  const { hits, queryModel } = await retriever.retrieve('shared', localOwner, {
    limit: 1000,
    nearDuplicates: 'keep',
  });
  const texts: Record<string, string> = {};
  for (const hit of hits.toSorted((a, b) => a.start - b.start))
    texts[hit.documentId.slice(2)] = (texts[hit.documentId.slice(2)] ?? '') + hit.text;
  return { model: queryModel, texts };
}

/** Runs `work` in a process of its own and kills it a moment after its n-th step; false when it ended before. */
async function killDuring(work: string, step: number): Promise<boolean> {
  const from = (path: string): string => JSON.stringify(join(import.meta.dirname, path));
  const script = join(folder, 'child.mts');
  writeFileSync(
    script,
    `
    import { openDatabase } from ${from('../../database/index.ts')};
    import { createHashingEmbeddingModel } from ${from('../../testing/hashing-embedding-model.ts')};
    import { createMemorySource, createParagraphPipeline } from ${from('../../testing/paragraph-corpus.ts')};
    import { knowledgeMigrations } from ${from('../migrations.ts')};
    import { createLanceStore } from ${from('../store/lance-store.ts')};
    import { createSynchroniser } from ${from('../sync/create-sync.ts')};
    const database = await openDatabase(${JSON.stringify(join(folder, 'fulcrum.db'))}, [knowledgeMigrations]);
    const lance = createLanceStore({ directory: ${JSON.stringify(join(folder, 'index'))} });
    const models = [
      { ...createHashingEmbeddingModel(), id: 'testing/first' },
      { ...createHashingEmbeddingModel({ fingerprint: 'hashing-2', dimensions: 32 }), id: 'testing/second' },
    ];
    const stepped = (call) => async (...parameters) => {
      process.stdout.write('.');
      const result = await call(...parameters);
      process.stdout.write('.');
      return result;
    };
    const store = { ...lance };
    for (const name of ['addChunks', 'addVectors', 'removeVersions', 'optimize', 'clear']) store[name] = stepped(lance[name]);
    const of = (model) => createSynchroniser({
      tenant: 'local', database, store, pipeline: createParagraphPipeline(),
      lockFile: ${JSON.stringify(join(folder, 'sync.lock'))},
      embeddingModel: async () => ({ ...models[model], embedDocuments: stepped(models[model].embedDocuments) }),
    });
    const young = ${JSON.stringify(young)};
    const sync = (model) => of(model).sync([createMemorySource('s', young)], { allowMassDelete: true });
    await (${work});
    process.stdout.write('!');
    await new Promise((resolve) => setTimeout(resolve, 60_000));
    `,
  );
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  let steps = 0;
  let ended = false;
  return new Promise<boolean>((resolve, reject) => {
    child.stdout.on('data', (output: Buffer) => {
      const before = steps;
      steps += output.length;
      ended ||= output.includes('!');
      if (ended || (before < step && steps >= step))
        setTimeout(() => child.kill('SIGKILL'), Math.random() * 10);
    });
    child.once('exit', (_code, signal) =>
      signal === 'SIGKILL'
        ? resolve(!ended)
        : reject(new Error(`the child ended by itself after ${steps} steps`)),
    );
  });
}

async function startAnew(): Promise<void> {
  folder = mkdtempSync(join(tmpdir(), 'fulcrum-kill-'));
  await open();
  await sync(old, 0);
}

it('leaves the old index or the new one, never parts of both, when a change of the model is killed', async () => {
  for (let step = 1, running = true; running; step++) {
    await startAnew();
    await close();
    running = await killDuring('sync(1)', step);
    await open();
    const { model, texts } = await found();
    expect(['hashing-1', 'hashing-2'], `step ${step}`).toContain(model);
    expect(texts, `step ${step}`).toEqual(model === 'hashing-1' ? old : young);
    await sync(young, 1);
    expect(await found(), `step ${step}`).toEqual({ model: 'hashing-2', texts: young });
    const tables = knowledgeTables(database);
    const state = await tables.selectFrom('index_state').selectAll().executeTakeFirstOrThrow();
    expect(state).toMatchObject({ next_generation: null, retired_generation: null, staged: 0, version: 2 });
    expect(await tables.selectFrom('staged_documents').selectAll().execute()).toEqual([]);
    expect(await store.listVersions('local')).toEqual([]);
    await close();
    rmSync(folder, { recursive: true, force: true });
  }
});

it('leaves each document at one of its two states when a rollback is killed, and the next one finishes it', async () => {
  for (let step = 1, running = true; running; step++) {
    await startAnew();
    await sync(young, 0);
    const embedded = models[0].embeddedDocuments;
    await close();
    running = await killDuring('of(0).rollback(1)', step);
    await open();
    const { texts } = await found();
    for (const [key, text] of Object.entries(texts))
      expect([old[key], young[key]], `step ${step}, ${key}`).toContain(text);
    for (let i = 10; i < 60; i++) expect(Object.keys(texts), `step ${step}`).toContain(`d${i}`);
    await synchroniser(0).rollback(1);
    expect((await found()).texts, `step ${step}`).toEqual(old);
    expect(models[0].embeddedDocuments).toBe(embedded);
    await close();
    rmSync(folder, { recursive: true, force: true });
  }
});
