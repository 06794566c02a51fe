import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { localOwner } from '../../core/index.ts';
import { type Database, openDatabase } from '../../database/index.ts';
import {
  createHashingEmbeddingModel,
  type HashingEmbeddingModel,
} from '../../testing/hashing-embedding-model.ts';
import { createMemoryChunkStore } from '../../testing/memory-chunk-store.ts';
import { createMemorySource, createParagraphPipeline } from '../../testing/paragraph-corpus.ts';
import type { ChunkStore } from '../chunk-store.ts';
import { knowledgeMigrations, knowledgeTables } from '../migrations.ts';
import { createRetriever } from '../retrieval/create-retriever.ts';
import { createDocumentReader } from '../retrieval/document-reader.ts';
import { createSynchroniser, type SyncOptions } from '../sync/create-sync.ts';
import { createIndexVersions } from './index-versions.ts';
import type { Retention } from './retention.ts';

let folder: string;
let database: Database;
let store: ChunkStore;
let model: HashingEmbeddingModel;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fulcrum-versions-'));
  model = createHashingEmbeddingModel();
  database = await openDatabase(':memory:', [knowledgeMigrations]);
  store = createMemoryChunkStore();
});
afterEach(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

const old = createHashingEmbeddingModel();
function synchroniser(options: { settings?: unknown; retention?: Retention } = {}) {
  return createSynchroniser({
    tenant: 'local',
    database,
    store,
    pipeline: createParagraphPipeline(options.settings),
    lockFile: join(folder, 'sync.lock'),
    embeddingModel: async () => model,
    retention: options.retention,
  });
}
const sync = (documents: Record<string, string | Error>, options?: SyncOptions, retention?: Retention) =>
  synchroniser({ ...(retention && { retention }) }).sync([createMemorySource('s', documents)], options);
const versions = () => createIndexVersions({ database, tenant: 'local' });
const reader = () => createDocumentReader({ database });
const retriever = () =>
  createRetriever({
    database,
    store,
    embeddingModel: async (id) => (id === old.id && id !== model.id ? old : model),
  });

async function liveTexts(): Promise<Record<string, string>> {
  const texts: Record<string, string> = {};
  for (const { documentId, key } of await reader().list(localOwner))
    texts[key] = (await reader().read(documentId, localOwner))!.text;
  return texts;
}

/** Text of all that a search finds, by document. */
async function foundTexts(query: string, arm: 'keyword' | 'vector'): Promise<Record<string, string>> {
  const { hits } = await retriever().retrieve(query, localOwner, {
    arm,
    limit: 1000,
    nearDuplicates: 'keep',
  });
  const found = Map.groupBy(hits, (hit) => hit.documentId.slice(2));
  return Object.fromEntries(
    [...found].map(([key, each]) => [
      key,
      each
        .sort((a, b) => a.start - b.start)
        .map((hit) => hit.text)
        .join(''),
    ]),
  );
}

describe('versions of the index', () => {
  it('are made by each sync that changes something, with what it did', async () => {
    await sync({ a: 'word one\n\nword two', b: 'word bee', c: 'word sea' });
    expect(await sync({ a: 'word one\n\nword two', b: 'word bee', c: 'word sea' })).toMatchObject({
      version: null,
    });
    // a changes one of two paragraphs, b goes, c is renamed to d, e is new and repeats a text that is known.
    const second = await sync({ a: 'word one\n\nword three', d: 'word sea', e: 'word one' });
    expect(second).toMatchObject({ version: 2, added: 1, changed: 1, removed: 1, renamed: 1, embedded: 1 });
    const list = await versions().list();
    expect(list).toMatchObject([
      {
        number: 2,
        live: true,
        documents: 3,
        chunks: 4,
        added: 1,
        changed: 1,
        removed: 1,
        renamed: 1,
        embedded: 1,
      },
      {
        number: 1,
        live: false,
        documents: 3,
        chunks: 4,
        added: 3,
        changed: 0,
        removed: 0,
        renamed: 0,
        embedded: 4,
      },
    ]);
    const diff = await versions().diff('1', '2');
    const ids = (documents: readonly { documentId: string }[]) => documents.map((each) => each.documentId);
    expect(ids(diff.added)).toEqual(['s:e']);
    expect(ids(diff.removed)).toEqual(['s:b']);
    expect(diff.changed.map(({ after }) => after.documentId)).toEqual(['s:a']);
    expect(diff.renamed.map(({ before, after }) => [before.documentId, after.documentId])).toEqual([
      ['s:c', 's:d'],
    ]);
    // "word three" is all that is new; its tokens are estimated: a word of at most 7 letters is one.
    expect(diff).toMatchObject({ texts: 1, tokens: 2, otherModel: false });
    expect(diff.documents).toEqual([
      { documentId: 's:a', chunks: 2, texts: 1, tokens: 2 },
      { documentId: 's:d', chunks: 1, texts: 0, tokens: 0 },
      { documentId: 's:e', chunks: 1, texts: 0, tokens: 0 },
    ]);
    const back = await versions().diff('2', '1');
    expect([ids(back.added), ids(back.removed), back.texts]).toEqual([['s:b'], ['s:e'], 2]);
  });

  it('are named as search results and runs name what was searched', async () => {
    await sync({ a: 'word one' });
    const { indexVersion, indexVersionNumber } = await retriever().retrieve('word', localOwner);
    expect(indexVersionNumber).toBe(1);
    await sync({ a: 'word two' });
    expect((await versions().get(indexVersion)).number).toBe(1);
    expect((await retriever().retrieve('word', localOwner)).indexVersionNumber).toBe(2);
    await expect(versions().get('7')).rejects.toMatchObject({ code: 'version-unknown' });
    await expect(versions().get('00ff')).rejects.toMatchObject({ code: 'version-unknown' });
  });

  it('keep old texts readable for those who may read the document now', async () => {
    const ann = { tenant: 'local', user: 'ann', groups: [] };
    const bob = { tenant: 'local', user: 'bob', groups: [] };
    const texts = (text: string, reader: string) =>
      createMemorySource('s', { a: text }, { readers: [reader] });
    await synchroniser().sync([texts('word old', 'user:ann')]);
    const version = (await reader().read('s:a', localOwner))!.version;
    await synchroniser().sync([texts('word new', 'user:bob')]);
    expect(await reader().read('s:a', ann, version)).toBeNull();
    expect((await reader().read('s:a', bob, version))?.text).toBe('word old');
    expect(await reader().read('s:a', bob, 'unknown')).toBeNull();
    // That the document goes lets nobody in who was shut out before.
    await synchroniser().sync([createMemorySource('s', {})]);
    expect(await reader().read('s:a', ann, version)).toBeNull();
    expect((await reader().read('s:a', bob, version))?.text).toBe('word old');
    expect(await reader().read('s:a', bob)).toBeNull();
  });

  it('go by the rule of retention, with their texts and vectors, unless they are pinned', async () => {
    const retention = { keep: 2, days: 0 };
    for (let number = 1; number <= 5; number++) {
      await sync({ a: `word${number}`, b: 'word same' }, {}, retention);
      if (number === 2) await versions().pin('2', true);
    }
    expect((await versions().list()).map(({ number }) => number)).toEqual([5, 4, 2]);
    const revisions = await knowledgeTables(database)
      .selectFrom('document_revisions')
      .select('text')
      .execute();
    expect(revisions.map(({ text }) => text).sort()).toEqual(['word same', 'word2', 'word4', 'word5']);
    const vectors = () => knowledgeTables(database).selectFrom('embeddings').select('indexed_hash').execute();
    expect(await vectors()).toHaveLength(4);
    await expect(versions().get('3')).rejects.toThrow('no longer kept');
    await versions().pin('2', false);
    await sync({ a: 'word5', b: 'word same' }, { prune: true }, retention);
    expect((await versions().list()).map(({ number }) => number)).toEqual([5, 4]);
    expect(await vectors()).toHaveLength(3);
  });

  it('keep what was live in the last days, however many there are', async () => {
    for (let number = 1; number <= 4; number++) await sync({ a: `word${number}` }, {}, { keep: 1, days: 1 });
    expect(await versions().list()).toHaveLength(4);
  });
});

describe('rollback', () => {
  it('makes an older version live again without embedding, as a new version', async () => {
    const first = { a: 'word one\n\nword two', b: 'word bee', c: 'word sea' };
    const second = { a: 'word one\n\nword three', d: 'word sea', e: 'word new' };
    await sync(first);
    const { indexVersion } = await retriever().retrieve('word', localOwner);
    await sync(second);
    const before = model.embeddedDocuments;
    const report = await synchroniser().rollback(1);
    expect(report).toEqual({ to: 1, version: 3, added: 1, changed: 1, removed: 1, renamed: 1, embedded: 0 });
    expect(model.embeddedDocuments).toBe(before);
    expect(await liveTexts()).toEqual(first);
    expect(await foundTexts('word', 'keyword')).toEqual(first);
    expect(await foundTexts('word', 'vector')).toEqual(first);
    const after = await retriever().retrieve('word', localOwner);
    expect(after).toMatchObject({ indexVersion, indexVersionNumber: 3, embeddedShare: 1 });
    expect((await versions().list())[0]).toMatchObject({
      number: 3,
      reason: 'rollback',
      note: 'to version 1',
    });
    expect(await synchroniser().rollback(1)).toMatchObject({ version: null });
    // The next sync brings in what the source holds, and its vectors are still known.
    expect(await sync(second)).toMatchObject({ version: 4, changed: 1, added: 1, embedded: 0 });
    expect(await liveTexts()).toEqual(second);
    await expect(synchroniser().rollback(9)).rejects.toMatchObject({ code: 'version-unknown' });
  });

  it('does not turn access lists back', async () => {
    const outsider = { tenant: 'local', user: 'eve', groups: [] };
    await synchroniser().sync([createMemorySource('s', { a: 'word old' })]);
    await synchroniser().sync([createMemorySource('s', { a: 'word new' }, { readers: ['user:ann'] })]);
    await synchroniser().rollback(1);
    expect(await liveTexts()).toEqual({ a: 'word old' });
    expect((await retriever().retrieve('word', outsider)).hits).toEqual([]);
    // Also where the document had gone meanwhile.
    await synchroniser().sync([createMemorySource('s', {})]);
    await synchroniser().rollback(1);
    expect(await liveTexts()).toEqual({ a: 'word old' });
    expect((await retriever().retrieve('word', outsider)).hits).toEqual([]);
  });

  it('goes back to another embedding model at once, from its kept vectors', async () => {
    await sync({ a: 'word one', b: 'word two' });
    model = createHashingEmbeddingModel({ fingerprint: 'hashing-2', dimensions: 32 });
    expect(await sync({ a: 'word one', b: 'word three' })).toMatchObject({
      version: 2,
      changed: 1,
      embedded: 2,
    });
    expect(await synchroniser().rollback(1)).toMatchObject({ version: 3, changed: 1, embedded: 0 });
    const state = await knowledgeTables(database)
      .selectFrom('index_state')
      .selectAll()
      .executeTakeFirstOrThrow();
    expect(state).toMatchObject({ embedding_fingerprint: 'hashing-1', embedded_chunks: 2, generation: 2 });
    expect(await liveTexts()).toEqual({ a: 'word one', b: 'word two' });
  });
});

const corpora = fc.dictionary(
  fc.constantFrom('a', 'b', 'c', 'd'),
  fc
    .array(fc.constantFrom('word red', 'word green', 'word blue'), { minLength: 1, maxLength: 3 })
    .map((paragraphs) => paragraphs.join('\n\n')),
  { maxKeys: 4 },
);
const steps = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: corpora.map((documents) => ({ documents })) },
    { weight: 1, arbitrary: fc.nat(5).map((back) => ({ back })) },
    { weight: 1, arbitrary: fc.constantFrom(1, 2).map((settings) => ({ settings })) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('hashing-1', 'hashing-2').map((fingerprint) => ({ fingerprint })),
    },
  ),
  { minLength: 1, maxLength: 8 },
);

it('hold what was live, and nothing else is kept, whatever is done', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (sequence) => {
      database = await openDatabase(':memory:', [knowledgeMigrations]);
      store = createMemoryChunkStore();
      model = createHashingEmbeddingModel();
      let settings = 1;
      let documents: Record<string, string> = {};
      const held = new Map<number, Record<string, string>>();
      for (const step of sequence) {
        let version: number | null = null;
        if ('back' in step) {
          const numbers = [...held.keys()];
          const number = numbers[step.back % Math.max(1, numbers.length)];
          if (number === undefined) continue;
          ({ version } = await synchroniser({ settings }).rollback(number));
          expect(await liveTexts()).toEqual(held.get(number));
        } else {
          if ('documents' in step) documents = step.documents;
          if ('settings' in step) settings = step.settings;
          if ('fingerprint' in step) model = createHashingEmbeddingModel(step);
          ({ version } = await synchroniser({ settings }).sync([createMemorySource('s', documents)], {
            allowMassDelete: true,
          }));
          expect(await liveTexts()).toEqual(documents);
          if (Object.keys(documents).length > 0) {
            expect(await foundTexts('word', 'keyword')).toEqual(documents);
            expect(await foundTexts('word', 'vector')).toEqual(documents);
          }
        }
        if (version !== null) held.set(version, await liveTexts());
        await expectConsistent(held);
      }
      await database.close();
    }),
    { numRuns: 25 },
  );
  database = await openDatabase(':memory:', [knowledgeMigrations]);
});

/** Each version holds the texts that were live when it was made; the database keeps no other state, and none is staged. */
async function expectConsistent(held: ReadonlyMap<number, Record<string, string>>): Promise<void> {
  const tables = knowledgeTables(database);
  const rows = await tables
    .selectFrom('version_documents as v')
    .leftJoin('document_revisions as r', (join) =>
      join.onRef('r.document_id', '=', 'v.document_id').onRef('r.revision', '=', 'v.revision'),
    )
    .select(['v.document_id', 'v.revision', 'v.from_version', 'v.to_version', 'r.text'])
    .execute();
  for (const [number, texts] of held) {
    const then = rows.filter((row) => row.from_version <= number && (row.to_version ?? Infinity) > number);
    expect(
      Object.fromEntries(then.map((row) => [row.document_id.slice(2), row.text])),
      `version ${number}`,
    ).toEqual(texts);
    expect(then).toHaveLength(Object.keys(texts).length);
  }
  const names = new Set(rows.map((row) => `${row.document_id}@${row.revision}`));
  const kept = await tables.selectFrom('document_revisions').select(['document_id', 'revision']).execute();
  expect(new Set(kept.map((row) => `${row.document_id}@${row.revision}`))).toEqual(names);
  expect(await tables.selectFrom('staged_documents').selectAll().execute()).toEqual([]);
}
