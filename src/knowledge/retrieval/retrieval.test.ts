import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { localOwner, type Principal, readerTokens } from '../../core/index.ts';
import { type Database, openDatabase } from '../../database/index.ts';
import { hostileQueries } from '../../testing/chunk-store-conformance.ts';
import { createHashingEmbeddingModel } from '../../testing/hashing-embedding-model.ts';
import { createMemoryChunkStore } from '../../testing/memory-chunk-store.ts';
import { createMemorySource, createParagraphPipeline } from '../../testing/paragraph-corpus.ts';
import type { ChunkStore } from '../chunk-store.ts';
import type { Source } from '../document.ts';
import { knowledgeMigrations } from '../migrations.ts';
import type { RetrieveOptions } from '../retriever.ts';
import { createLanceStore } from '../store/lance-store.ts';
import { createSynchroniser } from '../sync/create-sync.ts';
import { createRetriever } from './create-retriever.ts';
import { fuse } from './fuse.ts';

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A synced corpus and its retriever. */
async function corpus(sources: readonly Source[], store: ChunkStore = createMemoryChunkStore()) {
  const folder = mkdtempSync(join(tmpdir(), 'fulcrum-retrieval-'));
  closers.push(() => rmSync(folder, { recursive: true, force: true }));
  const database: Database = await openDatabase(':memory:', [knowledgeMigrations]);
  closers.push(() => database.close());
  const model = createHashingEmbeddingModel();
  const options = { database, store, embeddingModel: async () => model };
  const synchroniser = createSynchroniser({
    ...options,
    tenant: 'local',
    pipeline: createParagraphPipeline(),
    lockFile: join(folder, 'lock'),
  });
  await synchroniser.sync(sources);
  return { ...options, synchroniser, retriever: createRetriever(options) };
}

describe('fusion', () => {
  it('is the weighted sum of the scores over the query maximum', () => {
    const scores = fuse([{ keyword: 4, vector: 0.4 }, { keyword: 2, vector: 0.8 }, { vector: 0.2 }], 0.8);
    // .8 * .5 + .2 * 1 = .6; .8 * 1 + .2 * .5 = .9; .8 * .25 + .2 * 0 = .2
    expect(scores.map((score) => score.toFixed(10))).toEqual([
      '0.6000000000',
      '0.9000000000',
      '0.2000000000',
    ]);
  });

  it('takes a negative cosine as 0, and judges a chunk without a vector by its keywords', () => {
    expect(fuse([{ keyword: 3, vector: -0.5 }, { keyword: 1.5 }], 0.8)).toEqual([0.19999999999999996, 0.5]);
    expect(fuse([], 0.5)).toEqual([]);
    expect(fuse([{ vector: 0.5 }], 1)).toEqual([1]);
  });
});

describe('the retriever', () => {
  it('says when nothing is synced', async () => {
    const { retriever } = await corpus([]);
    await expect(retriever.retrieve('x', localOwner)).rejects.toMatchObject({ code: 'index-empty' });
  });

  it('gives both arms of every hit, also of those that one arm ranks far below', async () => {
    const documents: Record<string, string> = {
      far: 'needle one two three four five six seven eight nine ten',
    };
    for (let index = 0; index < 150; index++) documents[`d${index}`] = `straw ${index % 7}`;
    const { retriever, store } = await corpus([createMemorySource('s', documents)]);
    const { hits, embeddedShare, queryVector } = await retriever.retrieve('straw needle', localOwner, {
      limit: 160,
    });
    expect(embeddedShare).toBe(1);
    expect(queryVector).toHaveLength(64);
    expect(hits).toHaveLength(151);
    for (const hit of hits) {
      const filter = { chunkIds: [hit.chunkId] };
      const [near] = await store.searchVectors(localOwner, queryVector!, 1, filter);
      const [words] = await store.searchKeywords(localOwner, 'straw needle', 1, filter);
      expect(hit.arms.vector).toBe(near?.score);
      expect(hit.arms.keyword).toBe(words?.score);
    }
    const top = await retriever.retrieve('straw needle', localOwner, { limit: 1 });
    expect(top.hits[0]).toEqual(hits[0]);
  });

  it('takes any query, any limit and any filter as data', async () => {
    const { retriever } = await corpus([createMemorySource('s', { a: 'word river', b: 'other' })]);
    for (const query of hostileQueries)
      for (const arm of ['keyword', 'vector', 'hybrid'] as const)
        expect((await retriever.retrieve(query, localOwner, { arm })).query).toBe(query);
    const none: RetrieveOptions[] = [
      { limit: 0 },
      { filter: { sources: [] } },
      { filter: { sources: ["x' OR '1'='1"] } },
      { filter: { exceptDocuments: ['s:a', 's:b'] } },
    ];
    for (const options of none)
      expect((await retriever.retrieve('river', localOwner, options)).hits).toEqual([]);
    const { hits } = await retriever.retrieve('river', localOwner, { filter: { exceptDocuments: ['s:a'] } });
    expect(hits.map((hit) => hit.documentId)).toEqual(['s:b']);
  });

  it('looks further when the index is full of what is no longer live', async () => {
    const documents: Record<string, string> = {};
    for (let index = 0; index < 40; index++) documents[`d${index}`] = `word ${index}`;
    const made = await corpus([createMemorySource('s', documents)]);
    await made.store.addChunks(
      'local',
      Array.from({ length: 300 }, (_, index) => ({
        id: `s:d1@gone#${index}`,
        documentId: 's:d1',
        version: 'gone',
        source: 's',
        readers: ['everyone'],
        language: null,
        date: null,
        tags: [],
        indexedText: 'word',
      })),
    );
    const { hits } = await made.retriever.retrieve('word', localOwner, { arm: 'keyword', limit: 50 });
    expect(hits).toHaveLength(40);
    expect(new Set(hits.map((hit) => hit.chunkId)).size).toBe(40);
  });

  it('starts anew when a document changes between search and reading', async () => {
    const made = await corpus([createMemorySource('s', { a: 'word old', b: 'word other' })]);
    let once = true;
    const racing: ChunkStore = {
      ...made.store,
      async searchKeywords(...parameters) {
        const found = await made.store.searchKeywords(...parameters);
        if (once) {
          once = false;
          await made.synchroniser.sync([createMemorySource('s', { a: 'word new', b: 'word other' })]);
        }
        return found;
      },
    };
    const { hits } = await createRetriever({ ...made, store: racing }).retrieve('word', localOwner, {
      arm: 'keyword',
    });
    expect(hits.map((hit) => hit.text).sort()).toEqual(['word new', 'word other']);
  });

  it.each(['memory', 'LanceDB'])('searches as if excepted documents were not there (%s)', async (kind) => {
    const texts = { a: 'word river boat', b: 'word boat', c: 'river mill\n\nword word', d: 'mill stone' };
    const makeStore = (): ChunkStore => {
      if (kind === 'memory') return createMemoryChunkStore();
      const directory = mkdtempSync(join(tmpdir(), 'fulcrum-excepted-'));
      closers.push(() => rmSync(directory, { recursive: true, force: true }));
      return createLanceStore({ directory });
    };
    const full = await corpus([createMemorySource('s', texts)], makeStore());
    const search = async (made: typeof full, arm: 'vector' | 'keyword', exceptDocuments: string[]) =>
      (
        await made.retriever.retrieve('word river', localOwner, {
          arm,
          limit: 2,
          filter: { exceptDocuments },
        })
      ).hits.map(({ chunkId, score, arms }) => ({ chunkId, score, arms }));
    for (const hidden of [['a'], ['b', 'c'], ['a', 'b', 'c']]) {
      const left = Object.entries(texts).filter(([key]) => !hidden.includes(key));
      const own = await corpus([createMemorySource('s', Object.fromEntries(left))], makeStore());
      const ids = hidden.map((key) => `s:${key}`);
      expect(await search(full, 'vector', ids)).toEqual(await search(own, 'vector', []));
      // Term statistics are those of the whole corpus, so that keyword scores may differ, but not what is found.
      const found = (hits: { chunkId: string }[]): string[] => hits.map(({ chunkId }) => chunkId).sort();
      expect(found(await search(full, 'keyword', ids))).toEqual(found(await search(own, 'keyword', [])));
    }
  });

  const readerLists = fc.array(
    fc.uniqueArray(fc.constantFrom('everyone', 'user:ann', 'user:bob', 'group:hr', 'group:it')),
    { minLength: 1, maxLength: 12 },
  );
  const principal: fc.Arbitrary<Principal> = fc.record({
    tenant: fc.constant('local'),
    user: fc.constantFrom('ann', 'bob', 'eve'),
    groups: fc.uniqueArray(fc.constantFrom('hr', 'it')),
  });

  it.each(['memory', 'LanceDB'])('shows nobody what they may not read (%s)', async (kind) => {
    await fc.assert(
      fc.asyncProperty(readerLists, principal, async (lists, who) => {
        const sources = lists.map((readers, index) =>
          createMemorySource(`s${index}`, { a: `shared word${index}\n\nshared tail` }, { readers }),
        );
        const tokens = readerTokens(who);
        const mayRead = lists.map((readers) => readers.some((reader) => tokens.includes(reader)));
        const readable = sources.filter((_, index) => mayRead[index]);
        const makeStore = (): ChunkStore => {
          if (kind === 'memory') return createMemoryChunkStore();
          const directory = mkdtempSync(join(tmpdir(), 'fulcrum-access-'));
          closers.push(() => rmSync(directory, { recursive: true, force: true }));
          return createLanceStore({ directory });
        };
        const full = await corpus(sources, makeStore());
        for (const arm of ['keyword', 'vector', 'hybrid'] as const) {
          const { hits } = await full.retriever.retrieve('shared word1', who, { arm, limit: 100 });
          expect(hits).toHaveLength(2 * readable.length);
          for (const hit of hits)
            expect(readable.map((source) => `${source.name}:a`)).toContain(hit.documentId);
        }
        if (readable.length === 0) return;
        const own = await corpus(readable, makeStore());
        const options = { arm: 'vector', limit: 100 } as const;
        const scores = async (made: typeof full) =>
          (await made.retriever.retrieve('shared word1', who, options)).hits.map(
            ({ chunkId, score, arms }) => ({
              chunkId,
              score,
              arms,
            }),
          );
        expect(await scores(full)).toEqual(await scores(own));
      }),
      { numRuns: kind === 'memory' ? 30 : 5 },
    );
  });
});
