import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { type Principal, readerTokens } from '../../core/index.ts';
import { checkChunkStore } from '../../testing/chunk-store-conformance.ts';
import { createMemoryChunkStore } from '../../testing/memory-chunk-store.ts';
import type { IndexedChunk } from '../chunk-store.ts';
import { identifierWords } from './identifier-words.ts';
import { createLanceStore } from './lance-store.ts';

const folders: string[] = [];
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fulcrum-lance-'));
  folders.push(folder);
  return folder;
}
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

checkChunkStore({ describe, it }, 'LanceDB', () => createLanceStore({ directory: newFolder() }));
checkChunkStore({ describe, it }, 'the reference in memory', createMemoryChunkStore);

describe('identifier words', () => {
  it('are the parts of camelCase and the whole of snake_case', () => {
    expect(identifierWords('Use generateText, not max_output_tokens or HTTPServer.')).toEqual([
      'generate',
      'text',
      'maxoutputtokens',
      'http',
      'server',
    ]);
    expect(identifierWords('process.env.myKey mRNA DNAs plain Word')).toEqual(['my', 'key']);
  });
});

describe('the LanceDB index', () => {
  const tokens = ['everyone', 'user:ann', 'group:g1', 'group:g2', "user:o'x"];
  const principal = fc.record({
    tenant: fc.constant('one'),
    user: fc.constantFrom('ann', "o'x", 'nobody'),
    groups: fc.uniqueArray(fc.constantFrom('g1', 'g2')),
  });

  it('never returns what may not be read, and scores vectors as if nothing else were there', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ readers: fc.uniqueArray(fc.constantFrom(...tokens)), seed: fc.nat(1000) }), {
          minLength: 1,
          maxLength: 30,
        }),
        principal,
        async (rows, who) => {
          const chunks = rows.map((row, index) => ({
            ...text(`d${index}`, `word w${row.seed % 5}`),
            readers: row.readers,
            vector: randomVector(row.seed),
          }));
          const readable = chunks.filter((chunk) => isReadable(chunk.readers, who));
          const [full, own] = [newFolder(), newFolder()].map((directory) => createLanceStore({ directory }));
          await full!.addChunks('one', chunks);
          await full!.addVectors('one', chunks);
          await own!.addVectors('one', readable);
          const query = randomVector(4242);
          const seen = await full!.searchVectors(who, query, 50);
          expect(seen).toEqual(await own!.searchVectors(who, query, 50));
          expect(seen).toHaveLength(readable.length);
          const words = await full!.searchKeywords(who, 'word w1', 50);
          expect(words.map((hit) => hit.id).sort()).toEqual(readable.map((chunk) => chunk.id).sort());
          await full!.close();
          await own!.close();
        },
      ),
      { numRuns: 12 },
    );
  });

  it('finds all that few may read when there is a vector index', async () => {
    const store = createLanceStore({ directory: newFolder(), exactRows: 1000 });
    const all = Array.from({ length: 6000 }, (_, index) => ({
      ...text(`d${index}`, 'word'),
      readers: index % 100 === 0 ? ['user:ann'] : index % 2 === 0 ? ['group:half'] : ['group:rest'],
      // Codes of one bit per dimension need dimensions to tell vectors apart.
      vector: randomVector(index + 1, 256),
    }));
    await store.addVectors('one', all);
    await store.optimize('one');
    const query = randomVector(99_999, 256);
    const principals: [Principal, number][] = [
      [{ tenant: 'one', user: 'ann', groups: [] }, 60],
      [{ tenant: 'one', user: 'bob', groups: ['half', 'rest'] }, 10],
    ];
    for (const [who, limit] of principals) {
      const expected = all
        .filter((row) => isReadable(row.readers, who))
        .map((row) => ({ id: row.id, score: dot(row.vector, query) }))
        .sort((a, b) => b.score - a.score)
        .slice(0, limit);
      const found = new Set((await store.searchVectors(who, query, limit)).map((hit) => hit.id));
      const recall = expected.filter((row) => found.has(row.id)).length / limit;
      expect(recall, who.user).toBeGreaterThanOrEqual(who.user === 'ann' ? 1 : 0.6);
    }
    await store.close();
  });

  it('made by an earlier release is searched as it is, counts as empty for a sync, and is replaced by the first write', async () => {
    const directory = newFolder();
    const { connect, Index } = await import('@lancedb/lancedb');
    const lance = await connect(directory);
    const old = { id: 'a', document_id: 'a', version: 'v', source: 's', readers: ['everyone'] };
    const table = await lance.createTable('keywords_one', [{ ...old, indexed_text: 'word' }]);
    await table.createIndex('indexed_text', { config: Index.fts() });
    await lance.createTable('vectors_one', [{ ...old, vector: [1, 0, 0] }]);
    lance.close();
    const store = createLanceStore({ directory });
    const who: Principal = { tenant: 'one', user: 'u', groups: [] };
    expect(await store.searchKeywords(who, 'word', 5)).toHaveLength(1);
    await expect(store.searchKeywords(who, 'word', 5, { from: '2026-01-01' })).rejects.toMatchObject({
      code: 'index-outdated',
    });
    await expect(
      store.searchVectors(who, Float32Array.of(1, 0, 0), 5, { languages: ['en'] }),
    ).rejects.toMatchObject({
      code: 'index-outdated',
    });
    await store.optimize('one');
    expect(await store.listVersions('one')).toEqual([]);
    await store.addChunks('one', [{ ...text('b', 'word'), language: 'en' }]);
    await store.addVectors('one', [{ ...text('b', ''), vector: Float32Array.of(0, 1, 0) }]);
    expect((await store.searchKeywords(who, 'word', 5, { languages: ['en'] })).map(({ id }) => id)).toEqual([
      'b',
    ]);
    expect(await store.listVersions('one')).toEqual([
      { documentId: 'b', version: 'v', chunks: 1, vectors: 1 },
    ]);
    await store.close();
  });

  it('is seen by another process at once and survives a damaged file only as damaged', async () => {
    const directory = newFolder();
    const writer = createLanceStore({ directory });
    const reader = createLanceStore({ directory });
    const who: Principal = { tenant: 'one', user: 'u', groups: [] };
    expect(await reader.searchKeywords(who, 'word', 5)).toEqual([]);
    await writer.addChunks('one', [text('a', 'word')]);
    expect(await reader.searchKeywords(who, 'word', 5)).toHaveLength(1);
    await writer.clear('one');
    await writer.addChunks('one', [text('a', 'word'), text('b', 'word')]);
    expect(await reader.searchKeywords(who, 'word', 5)).toHaveLength(2);
    await reader.close();
    await writer.close();

    const versions = join(directory, 'keywords_one.lance', '_versions');
    for (const file of readdirSync(versions)) writeFileSync(join(versions, file), '');
    const damaged = createLanceStore({ directory });
    await expect(damaged.searchKeywords(who, 'word', 5)).rejects.toMatchObject({ code: 'index-damaged' });
    await damaged.clear('one');
    await damaged.addChunks('one', [text('c', 'word')]);
    expect((await damaged.searchKeywords(who, 'word', 5)).map((hit) => hit.id)).toEqual(['c']);
    await damaged.close();
  });
});

function text(id: string, indexedText: string): IndexedChunk {
  const [language, date, tags] = [null, null, []];
  return {
    id,
    documentId: id,
    version: 'v',
    source: 's',
    readers: ['everyone'],
    language,
    date,
    tags,
    indexedText,
  };
}

function isReadable(readers: readonly string[], principal: Principal): boolean {
  return readerTokens(principal).some((token) => readers.includes(token));
}

function randomVector(seed: number, dimensions = 16): Float32Array {
  let state = seed * 2654435761 + 1;
  const next = (): number => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 374761393) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  const values = Float32Array.from({ length: dimensions }, next);
  const length = Math.hypot(...values);
  return values.map((value) => value / length);
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, index) => sum + value * b[index]!, 0);
}
