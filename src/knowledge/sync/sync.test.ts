import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FulcrumError, localOwner } from '../../core/index.ts';
import { type Database, openDatabase } from '../../database/index.ts';
import {
  createHashingEmbeddingModel,
  type HashingEmbeddingModel,
} from '../../testing/hashing-embedding-model.ts';
import { createMemorySource, createParagraphPipeline } from '../../testing/paragraph-corpus.ts';
import type { ChunkStore } from '../chunk-store.ts';
import type { Source } from '../document.ts';
import { knowledgeMigrations, knowledgeTables } from '../migrations.ts';
import { createRetriever } from '../retrieval/create-retriever.ts';
import { createDocumentReader } from '../retrieval/document-reader.ts';
import { createLanceStore } from '../store/lance-store.ts';
import { createSynchroniser, type SyncOptions } from './create-sync.ts';

let folder: string;
let database: Database;
let store: ChunkStore;
let model: HashingEmbeddingModel;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fulcrum-sync-'));
  model = createHashingEmbeddingModel();
  await open();
});
afterEach(async () => {
  await store.close();
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(): Promise<void> {
  database = await openDatabase(join(folder, 'fulcrum.db'), [knowledgeMigrations]);
  store = createLanceStore({ directory: join(folder, 'index') });
}

function synchroniser(overrides: { settings?: unknown; store?: ChunkStore; noModel?: boolean } = {}) {
  return createSynchroniser({
    tenant: 'local',
    database,
    store: overrides.store ?? store,
    pipeline: createParagraphPipeline(overrides.settings),
    lockFile: join(folder, 'sync.lock'),
    embeddingModel: async () => {
      if (overrides.noModel)
        throw new FulcrumError('model-file-unavailable', { model: 'local/x', problem: 'no network' });
      return model;
    },
  });
}

function sync(documents: Record<string, string | Error>, options?: SyncOptions) {
  return synchroniser().sync([createMemorySource('s', documents)], options);
}

async function find(query: string, arm: 'keyword' | 'vector' | 'hybrid' = 'hybrid') {
  const retriever = createRetriever({ database, store, embeddingModel: async () => model });
  return retriever.retrieve(query, localOwner, { arm });
}

async function keysFound(query: string, arm: 'keyword' | 'vector' | 'hybrid' = 'keyword'): Promise<string[]> {
  return (await find(query, arm)).hits.map((hit) => hit.documentId).sort();
}

describe('sync', () => {
  it('counts what it did, and the second time does nothing', async () => {
    const documents = { a: 'apple one\n\napple two', b: 'berry' };
    const first = await sync(documents);
    expect(first).toMatchObject({
      added: 2,
      changed: 0,
      unchanged: 0,
      removed: 0,
      failed: [],
      chunks: 3,
      embedded: 3,
    });
    const { indexVersion } = await find('apple');
    expect(await sync(documents)).toMatchObject({ added: 0, unchanged: 2, chunks: 3, embedded: 0 });
    expect(model.embeddedDocuments).toBe(3);
    expect((await find('apple')).indexVersion).toBe(indexVersion);

    const changed = await sync({ a: 'apple one\n\napple three', c: 'cherry' });
    expect(changed).toMatchObject({ added: 1, changed: 1, unchanged: 0, removed: 1, chunks: 3 });
    // "apple one" is known; "apple three" and "cherry" are new.
    expect(changed.embedded).toBe(2);
    expect(await keysFound('berry')).toEqual([]);
    expect((await find('apple', 'keyword')).hits.map((hit) => hit.text).sort()).toEqual([
      'apple one\n\n',
      'apple three',
    ]);
    // The same corpus has the same version again, in whatever order it came about.
    await sync(documents);
    expect((await find('apple')).indexVersion).toBe(indexVersion);
  });

  it('gives hits that are exact slices, with text that looks like JSON left alone', async () => {
    const text = '["apple 🙂"]';
    await sync({ '[1]': text });
    const [hit] = (await find('apple')).hits;
    expect(hit).toMatchObject({ documentId: 's:[1]', start: 0, end: text.length, text });
    const document = await createDocumentReader({ database }).read('s:[1]', localOwner);
    expect(document?.text.slice(hit!.start, hit!.end)).toBe(text);
    expect(await createDocumentReader({ database }).read('s:[1]', localOwner, 'other')).toBeNull();
  });

  it('keeps the earlier state of a document that fails, and goes on', async () => {
    await sync({ a: 'apple', b: 'berry' });
    const report = await sync({
      a: new FulcrumError('file-not-text', { path: 'a.txt', problem: 'x' }),
      b: 'bean',
    });
    expect(report).toMatchObject({
      changed: 1,
      removed: 0,
      failed: [{ uri: 'a.txt', code: 'file-not-text' }],
    });
    expect(await keysFound('apple')).toEqual(['s:a']);
    expect(await keysFound('bean')).toEqual(['s:b']);
  });

  it('deletes nothing when a source cannot be listed to its end', async () => {
    await sync({ a: 'apple', b: 'berry', c: 'cherry' });
    const error = new FulcrumError('directory-not-found', { path: 'docs' });
    const broken = createMemorySource('s', { a: 'avocado', b: 'berry' }, { failsAfter: { count: 1, error } });
    await expect(synchroniser().sync([broken])).rejects.toMatchObject({ code: 'directory-not-found' });
    expect(await keysFound('cherry')).toEqual(['s:c']);
    expect(await keysFound('avocado')).toEqual(['s:a']);

    const report = await synchroniser().sync([broken, createMemorySource('t', { x: 'xylophone' })]);
    expect(report).toMatchObject({ added: 1, failed: [{ uri: 's', code: 'directory-not-found' }] });
    expect(await keysFound('cherry')).toEqual(['s:c']);
  });

  it('removes nothing behind a failure that may hide other documents', async () => {
    await sync({ a: 'first text', b: 'second text' });
    const hiding: Source = {
      ...createMemorySource('s', {}),
      async *list() {
        yield {
          ok: false,
          uri: 'folder',
          key: 'folder',
          error: new FulcrumError('file-unreadable', { path: 'folder' }),
          hidesOthers: true,
        };
      },
    };
    const report = await synchroniser().sync([hiding]);
    expect(report).toMatchObject({ removed: 0, failed: [{ code: 'file-unreadable' }] });
    expect((await find('second')).hits[0]?.documentId).toBe('s:b');
  });

  it('reports an id that occurs twice and takes the first', async () => {
    const source = createMemorySource('s', { a: 'apple' });
    const twice: Source = {
      ...source,
      async *list() {
        yield* source.list();
        yield* createMemorySource('s', { a: 'avocado' }).list();
      },
    };
    const report = await synchroniser().sync([twice]);
    expect(report).toMatchObject({ added: 1, failed: [{ uri: 'a.txt', code: 'document-duplicate' }] });
    expect(await keysFound('apple')).toEqual(['s:a']);
  });

  it('removes documents of other sources only when all sources are given', async () => {
    await synchroniser().sync([
      createMemorySource('s', { a: 'apple' }),
      createMemorySource('t', { b: 'apple' }),
    ]);
    expect((await synchroniser().sync([createMemorySource('s', { a: 'apple' })])).removed).toBe(0);
    expect(
      (await synchroniser().sync([createMemorySource('s', { a: 'apple' })], { allSources: true })).removed,
    ).toBe(1);
    expect(await keysFound('apple')).toEqual(['s:a']);
  });

  it('reads everything anew when the settings change, and embeds only what is new', async () => {
    await sync({ a: 'apple\n\npear' });
    const report = await synchroniser({ settings: 2 }).sync([
      createMemorySource('s', { a: 'apple\n\npear' }),
    ]);
    expect(report).toMatchObject({ unchanged: 1, chunks: 2, embedded: 0 });
  });

  it('follows a change of the access list', async () => {
    const outsider = { tenant: 'local', user: 'eve', groups: [] };
    const retriever = createRetriever({ database, store, embeddingModel: async () => model });
    const texts = { a: 'apple' };
    await synchroniser().sync([createMemorySource('s', texts)]);
    expect((await retriever.retrieve('apple', outsider)).hits).toHaveLength(1);
    const secret = createMemorySource('s', texts, { readers: ['user:ann'] });
    expect(await synchroniser().sync([secret])).toMatchObject({ changed: 1, embedded: 0 });
    for (const arm of ['keyword', 'vector', 'hybrid'] as const)
      expect((await retriever.retrieve('apple', outsider, { arm })).hits).toEqual([]);
    expect(await createDocumentReader({ database }).read('s:a', outsider)).toBeNull();
    expect(await createDocumentReader({ database }).list(outsider)).toEqual([]);
    expect((await retriever.retrieve('apple', localOwner)).hits).toHaveLength(1);
  });

  it('takes away a document whose access list can no longer be understood, also where the listing breaks off', async () => {
    await sync({ a: 'apple', b: 'berry', c: 'cherry' });
    const unclear = new FulcrumError('access-list-invalid', { path: 'a', field: 'readers', problem: 'x' });
    const error = new FulcrumError('directory-not-found', { path: 'docs' });
    const broken = createMemorySource('s', { a: unclear, b: 'berry' }, { failsAfter: { count: 2, error } });
    await expect(synchroniser().sync([broken])).rejects.toMatchObject({ code: 'directory-not-found' });
    expect(await keysFound('apple')).toEqual([]);
    expect(await createDocumentReader({ database }).read('s:a', localOwner)).toBeNull();
    expect(await keysFound('cherry')).toEqual(['s:c']);
    expect(await sync({ a: unclear, b: unclear, c: 'cherry' })).toMatchObject({
      removed: 1,
      failed: [{ code: 'access-list-invalid' }, { code: 'access-list-invalid' }],
    });
    expect(await keysFound('berry')).toEqual([]);
  });

  it('takes away a document that fails where its source now leaves somebody out', async () => {
    const source = (readers: readonly string[], text: string) =>
      createMemorySource('s', { a: text, b: 'berry' }, { readers });
    const failing = createParagraphPipeline();
    const broken = createSynchroniser({
      ...{ tenant: 'local', database, store, lockFile: join(folder, 'sync.lock') },
      embeddingModel: async () => null,
      pipeline: {
        ...failing,
        parse(raw) {
          if (raw.content.toString().includes('broken')) throw new Error('cannot be parsed');
          return failing.parse(raw);
        },
      },
    });
    await broken.sync([source(['user:ann', 'group:hr'], 'apple')]);
    // The same readers, or more: the earlier state stays.
    await broken.sync([source(['user:ann', 'group:hr', 'user:bob'], 'broken')]);
    expect(await keysFound('apple')).toEqual(['s:a']);
    expect(await broken.sync([source(['group:hr'], 'broken')])).toMatchObject({ changed: 1, removed: 1 });
    expect(await keysFound('apple')).toEqual([]);
    expect(await createDocumentReader({ database }).read('s:a', localOwner)).toBeNull();
  });

  it('is searchable before it is embedded, and goes on embedding later', async () => {
    const documents = { a: 'apple', b: 'berry' };
    expect(await sync(documents, { background: true })).toMatchObject({ added: 2, chunks: 2, embedded: 0 });
    expect(await find('apple')).toMatchObject({ embeddedShare: 0, hits: [{ documentId: 's:a', score: 1 }] });
    expect(await synchroniser().embedPending()).toEqual({ embedded: 2, chunks: 2 });
    expect(await find('apple')).toMatchObject({ embeddedShare: 1 });
    await sync({ ...documents, c: 'apple cherry' }, { background: true });
    const partly = await find('apple');
    expect(partly.embeddedShare).toBeCloseTo(2 / 3);
    expect(partly.hits.map((hit) => hit.documentId)).toContain('s:c');
  });

  it('embeds everything again for another model', async () => {
    await sync({ a: 'apple', b: 'berry' });
    model = createHashingEmbeddingModel({ fingerprint: 'hashing-2', dimensions: 32 });
    const notices: string[] = [];
    const retriever = createRetriever({
      database,
      store,
      embeddingModel: async () => model,
      onNotice: (text) => notices.push(text),
    });
    expect((await retriever.retrieve('apple', localOwner)).hits[0]?.arms.vector).toBeUndefined();
    await retriever.retrieve('berry', localOwner);
    expect(notices).toHaveLength(1);
    expect(await sync({ a: 'apple', b: 'berry' })).toMatchObject({ unchanged: 2, embedded: 2 });
    expect((await retriever.retrieve('apple', localOwner)).hits[0]?.arms.vector).toBeCloseTo(1);
  });

  it('searches by keyword, with one notice, when no model can be had', async () => {
    const notices: string[] = [];
    const report = await synchroniser({ noModel: true }).sync([createMemorySource('s', { a: 'apple' })], {
      onNotice: (text) => notices.push(text),
    });
    expect(report).toMatchObject({ added: 1, chunks: 1, embedded: 0 });
    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatch(/^Keyword search only: /);
    expect(await keysFound('apple', 'hybrid')).toEqual(['s:a']);
  });

  it('lets one process at a time change the index', async () => {
    const slow = createMemorySource('s', { a: 'apple' });
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const first = synchroniser().sync([
      {
        ...slow,
        async *list() {
          await held;
          yield* slow.list();
        },
      },
    ]);
    await expect(sync({ a: 'avocado' })).rejects.toMatchObject({ code: 'project-locked' });
    await expect(synchroniser().embedPending()).rejects.toMatchObject({ code: 'project-locked' });
    release();
    expect(await first).toMatchObject({ added: 1 });
    expect(await sync({ a: 'avocado' })).toMatchObject({ changed: 1 });
  });

  it('stops on request and goes on the next time', async () => {
    const documents = Object.fromEntries(
      Array.from({ length: 200 }, (_, index) => [`d${index}`, `apple ${index}`]),
    );
    const controller = new AbortController();
    const stopped = sync(documents, {
      signal: controller.signal,
      onProgress: ({ phase, done }) => {
        if (phase === 'embedding' && done >= 64) controller.abort(new FulcrumError('cancelled'));
      },
    });
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
    expect(model.embeddedDocuments).toBe(64);
    expect(await sync(documents)).toMatchObject({ unchanged: 200, embedded: 136 });
  });
});

describe('the index', () => {
  it('is rebuilt from the database, without embedding, when it is damaged', async () => {
    const documents = { a: 'apple', b: 'berry' };
    await sync(documents);
    await store.close();
    for (const name of readdirSync(join(folder, 'index'))) {
      const versions = join(folder, 'index', name, '_versions');
      if (existsSync(versions))
        for (const file of readdirSync(versions)) writeFileSync(join(versions, file), '');
    }
    store = createLanceStore({ directory: join(folder, 'index') });
    await expect(find('apple')).rejects.toMatchObject({ code: 'index-damaged' });
    await expect(sync(documents)).rejects.toMatchObject({ code: 'index-damaged' });
    expect(await sync(documents, { rebuild: true })).toMatchObject({ unchanged: 2, chunks: 2, embedded: 0 });
    expect(await find('apple', 'hybrid')).toMatchObject({
      embeddedShare: 1,
      hits: [{ documentId: 's:a' }, {}],
    });
    rmSync(join(folder, 'index'), { recursive: true });
    expect(await sync(documents)).toMatchObject({ unchanged: 2, chunks: 2, embedded: 0 });
    expect(await keysFound('berry')).toEqual(['s:b']);
  });

  it.each(['addChunks', 'removeVersions', 'addVectors', 'optimize'] as const)(
    'loses nothing when the disk is full during %s',
    async (operation) => {
      await sync({ a: 'apple old', b: 'berry' });
      let full = true;
      const failing: ChunkStore = {
        ...store,
        [operation]: async (...parameters: unknown[]) => {
          if (full) throw new FulcrumError('disk-full', { path: 'index' });
          return (store[operation] as (...all: unknown[]) => Promise<void>)(...parameters);
        },
      };
      const target = { a: 'apple new', c: 'cherry' };
      const again = synchroniser({ store: failing });
      // Nothing is to be removed before the batch is written, so that a new document meets the full disk first.
      await expect(again.sync([createMemorySource('s', target)])).rejects.toMatchObject({
        code: 'disk-full',
      });
      const [apple] = (await find('apple', 'keyword')).hits;
      expect(['apple old', 'apple new']).toContain(apple?.text);
      full = false;
      await again.sync([createMemorySource('s', target)]);
      await expectExactly(target);
    },
  );

  it('reports a full disk of the database and loses nothing', async () => {
    await sync({ a: 'apple' });
    const tables = knowledgeTables(database);
    const { sql } = await import('kysely');
    await sql`pragma max_page_count = 60`.execute(tables);
    await expect(sync({ a: 'apple', b: 'berry '.repeat(200_000) })).rejects.toMatchObject({
      code: 'disk-full',
    });
    await sql`pragma max_page_count = 1000000`.execute(tables);
    await sync({ a: 'apple', b: 'berry' });
    await expectExactly({ a: 'apple', b: 'berry' });
  });

  it('holds each document at its old or its new state, whenever the process is killed', async () => {
    const old = Object.fromEntries(
      Array.from({ length: 60 }, (_, i) => [`d${i}`, `shared old${i}\n\nshared tail${i}`]),
    );
    const young = Object.fromEntries(
      Array.from({ length: 60 }, (_, i) => [
        `d${i + 10}`,
        `shared new${i + 10}\n\nshared tail${i + 10}\n\nshared more`,
      ]),
    );
    for (let round = 0; round < stepsOfSync; round++) {
      await store.close();
      await database.close();
      rmSync(folder, { recursive: true, force: true });
      await open();
      await sync(old);
      await store.close();
      await database.close();
      await killDuring(young, round + 1);
      await open();
      for (const document of await createDocumentReader({ database }).list(localOwner)) {
        const stored = await createDocumentReader({ database }).read(document.documentId, localOwner);
        expect([old[document.key], young[document.key]]).toContain(stored?.text);
      }
      const { hits } = await createRetriever({ database, store, embeddingModel: async () => model }).retrieve(
        'shared',
        localOwner,
        { limit: 1000 },
      );
      const found = Map.groupBy(hits, (hit) => hit.documentId.slice(2));
      for (const key of Object.keys(old).slice(10)) {
        const text = (found.get(key) ?? []).sort((a, b) => a.start - b.start).map((hit) => hit.text);
        expect([old[key], young[key]], `round ${round}, ${key}`).toContain(text.join(''));
      }
      await sync(young);
      await expectExactly(young);
    }
  }, 600_000);
});

/** Steps that `killDuring` counts in one sync of the test's documents. */
const stepsOfSync = 21;

/**
 * Runs a sync in a process of its own and kills it a random moment after its n-th step. Steps begin and end with
 * each call of the store and of the embedding model; the database is written between them.
 */
async function killDuring(documents: Record<string, string>, step: number): Promise<void> {
  const here = import.meta.dirname;
  const script = join(folder, 'child.mts');
  const from = (path: string): string => JSON.stringify(join(here, path));
  writeFileSync(
    script,
    `
    import { openDatabase } from ${from('../../database/index.ts')};
    import { createHashingEmbeddingModel } from ${from('../../testing/hashing-embedding-model.ts')};
    import { createMemorySource, createParagraphPipeline } from ${from('../../testing/paragraph-corpus.ts')};
    import { knowledgeMigrations } from ${from('../migrations.ts')};
    import { createLanceStore } from ${from('../store/lance-store.ts')};
    import { createSynchroniser } from ${from('create-sync.ts')};
    const database = await openDatabase(${JSON.stringify(join(folder, 'fulcrum.db'))}, [knowledgeMigrations]);
    const lance = createLanceStore({ directory: ${JSON.stringify(join(folder, 'index'))} });
    const hashing = createHashingEmbeddingModel();
    const stepped = (work) => async (...parameters) => {
      process.stdout.write('.');
      const result = await work(...parameters);
      process.stdout.write('.');
      return result;
    };
    const store = { ...lance };
    for (const name of ['addChunks', 'addVectors', 'removeVersions', 'optimize']) store[name] = stepped(lance[name]);
    const model = { ...hashing, embedDocuments: stepped(hashing.embedDocuments) };
    const sync = createSynchroniser({
      tenant: 'local', database, store, pipeline: createParagraphPipeline(),
      lockFile: ${JSON.stringify(join(folder, 'sync.lock'))}, embeddingModel: async () => model,
    });
    await sync.sync([createMemorySource('s', ${JSON.stringify(documents)})]);
    process.stdout.write('!');
    await new Promise((resolve) => setTimeout(resolve, 60_000));
    `,
  );
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  let steps = 0;
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (output: Buffer) => {
      const before = steps;
      steps += output.length;
      // The mark at the end counts as the last step, so that no child is waited for in vain.
      if ((before < step && steps >= step) || output.includes('!'))
        setTimeout(() => child.kill('SIGKILL'), Math.random() * 10);
    });
    child.once('exit', (_code, signal) =>
      signal === 'SIGKILL' ? resolve() : reject(new Error(`the child ended by itself after ${steps} steps`)),
    );
  });
}

/** Index and database hold these documents, all of them, once each, and nothing else. */
async function expectExactly(documents: Record<string, string>): Promise<void> {
  const listed = await createDocumentReader({ database }).list(localOwner);
  expect(Object.fromEntries(listed.map((document) => [document.key, document.chunks]))).toEqual(
    Object.fromEntries(Object.entries(documents).map(([key, text]) => [key, text.split('\n\n').length])),
  );
  const versions = await store.listVersions('local');
  expect(versions.map((entry) => entry.documentId).sort()).toEqual(listed.map((entry) => entry.documentId));
  for (const entry of versions) {
    const chunks = listed.find((document) => document.documentId === entry.documentId)?.chunks;
    expect(entry).toMatchObject({ chunks, vectors: chunks });
  }
  const tables = knowledgeTables(database);
  const live = await tables.selectFrom('documents').select(['id', 'live_revision as revision']).execute();
  const held = await tables
    .selectFrom('version_documents')
    .select(['document_id as id', 'revision', 'to_version'])
    .execute();
  const names = (rows: readonly { id: string; revision: string }[]): string[] =>
    [...new Set(rows.map(({ id, revision }) => `${id}@${revision}`))].sort();
  // The newest version holds what is live, and no state is kept that no version holds.
  expect(names(held.filter((row) => row.to_version === null))).toEqual(names(live));
  const kept = await tables
    .selectFrom('document_revisions')
    .select(['document_id as id', 'revision'])
    .execute();
  expect(names(kept)).toEqual(names(held));
  for (const [key, text] of Object.entries(documents))
    expect((await createDocumentReader({ database }).read(`s:${key}`, localOwner))?.text).toBe(text);
}
