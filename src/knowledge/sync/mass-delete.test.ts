import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { localOwner } from '../../core/index.ts';
import { type Database, openDatabase } from '../../database/index.ts';
import { createHashingEmbeddingModel } from '../../testing/hashing-embedding-model.ts';
import { createMemorySource, createParagraphPipeline } from '../../testing/paragraph-corpus.ts';
import type { ChunkStore } from '../chunk-store.ts';
import { knowledgeMigrations } from '../migrations.ts';
import { createDocumentReader } from '../retrieval/document-reader.ts';
import { createLanceStore } from '../store/lance-store.ts';
import { createSynchroniser, type SyncOptions } from './create-sync.ts';
import { isMassDeletion } from './mass-delete.ts';
import { planSync } from './plan-sync.ts';

let folder: string;
let database: Database;
let store: ChunkStore;
const model = createHashingEmbeddingModel();
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fulcrum-guard-'));
  await open();
});
afterEach(async () => {
  await close();
  rmSync(folder, { recursive: true, force: true });
});
async function open() {
  database = await openDatabase(join(folder, 'fulcrum.db'), [knowledgeMigrations]);
  store = createLanceStore({ directory: join(folder, 'index') });
}
async function close() {
  await store.close();
  await database.close();
}

const corpus = (count: number, from = 0) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`d${i + from}`, `word${i + from} here`]));
const sync = (documents: Record<string, string>, options?: SyncOptions, name = 's') =>
  createSynchroniser({
    tenant: 'local',
    database,
    store,
    pipeline: createParagraphPipeline(),
    lockFile: join(folder, 'sync.lock'),
    embeddingModel: async () => model,
  }).sync([createMemorySource(name, documents)], options);
const count = async () => (await createDocumentReader({ database }).list(localOwner)).length;

describe('a source that lists far fewer documents', () => {
  it('is one that loses more than 9 and more than a fifth, or all of at least 3', () => {
    const loss = (lost: number, known: number, left = false) =>
      isMassDeletion({ source: 's', lost, known, left });
    expect([loss(9, 10), loss(10, 50), loss(10, 49), loss(200, 1000), loss(201, 1000)]).toEqual([
      false,
      false,
      true,
      false,
      true,
    ]);
    expect([loss(2, 2), loss(3, 3), loss(3, 3, true), loss(10, 10, true)]).toEqual([
      false,
      true,
      false,
      true,
    ]);
  });

  it('stops, with figures, after everything else is done', async () => {
    await sync(corpus(30));
    const fewer = { ...corpus(10), d1: 'another text', x: 'new here' };
    await expect(sync(fewer)).rejects.toMatchObject({
      code: 'sync-mass-delete',
      data: { losses: 's: 20 of 30' },
    });
    expect(await count()).toBe(31);
    expect((await createDocumentReader({ database }).read('s:d1', localOwner))?.text).toBe('another text');
    expect(await sync(fewer, { allowMassDelete: true })).toMatchObject({ removed: 20, unchanged: 11 });
    expect(await count()).toBe(11);
  });

  it('asks where somebody can answer', async () => {
    await sync(corpus(12));
    const asked: unknown[] = [];
    const answer = (yes: boolean) => ({
      confirmMassDelete: async (loss: unknown) => {
        asked.push(loss);
        return yes;
      },
    });
    await expect(sync({}, answer(false))).rejects.toMatchObject({ code: 'sync-mass-delete' });
    expect(await sync({}, answer(true))).toMatchObject({ removed: 12 });
    expect(asked).toEqual([
      { source: 's', lost: 12, known: 12, left: false },
      { source: 's', lost: 12, known: 12, left: false },
    ]);
  });

  it('counts renamed documents as present, and a source that left the config as lost', async () => {
    await sync(corpus(30));
    const renamed = Object.fromEntries(Object.entries(corpus(30)).map(([key, text]) => [`new-${key}`, text]));
    expect(await sync(renamed)).toMatchObject({ renamed: 30, added: 0, removed: 0, embedded: 0 });
    await expect(sync({ a: 'word' }, { allSources: true }, 't')).rejects.toMatchObject({
      data: { losses: 's (no longer configured): all 30' },
    });
    expect(await count()).toBe(31);
  });
});

/** Every file below a folder with the hash of its bytes. */
function bytesBelow(directory: string): Record<string, string> {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return Object.fromEntries(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [path, createHash('sha256').update(readFileSync(path)).digest('hex')];
    }),
  );
}

describe('a plan', () => {
  const plan = async (documents: Record<string, string>, embeddingModel: string | null = 'testing/hashing') =>
    planSync(
      { tenant: 'local', database, pipeline: createParagraphPipeline(), embeddingModel, allSources: true },
      [createMemorySource('s', documents)],
    );

  it('says what the sync then does, and writes not a byte', async () => {
    const before = { a: 'word one\n\nword two', b: 'word bee', c: 'word sea', e: 'word e' };
    const after = { a: 'word one\n\nword three', d: 'word sea', e: 'word e', f: 'word three\n\nword new' };
    await sync(before);
    await close();
    const bytes = bytesBelow(folder);
    await open();
    const planned = await plan(after);
    await close();
    expect(bytesBelow(folder)).toEqual(bytes);
    await open();
    expect(planned).toMatchObject({
      added: 1,
      changed: 1,
      unchanged: 1,
      removed: 1,
      renamed: 1,
      documents: {
        added: ['s:f'],
        changed: ['s:a'],
        removed: ['s:b'],
        renamed: [{ from: 's:c', to: 's:d' }],
      },
      // a has 2 chunks, d has 1, f has 2; "word three" and "word new" are the texts without a vector, of 2 tokens each.
      chunks: 5,
      texts: 2,
      tokens: 4,
      secondIndex: null,
      massDeletions: [],
    });
    expect(planned.sample).toEqual(['word three', 'word new']);
    const done = await sync(after);
    expect(done).toMatchObject({ added: 1, changed: 1, unchanged: 1, removed: 1, renamed: 1, embedded: 2 });
    expect(await plan(after)).toMatchObject({ added: 0, changed: 0, unchanged: 4, chunks: 0, texts: 0 });
  });

  it('counts every text for another model, and says what would be asked', async () => {
    await sync(corpus(12));
    expect(await plan(corpus(12), 'testing/other')).toMatchObject({
      unchanged: 12,
      chunks: 0,
      texts: 12,
      secondIndex: 'embedding by testing/other',
    });
    expect(await plan({}, null)).toMatchObject({
      removed: 12,
      texts: 0,
      massDeletions: [{ source: 's', lost: 12, known: 12, left: false }],
    });
    expect(await count()).toBe(12);
  });
});
