import { deepStrictEqual, ok, rejects, strictEqual } from 'node:assert/strict';
import type { Principal } from '../core/index.ts';
import type { ChunkStore, IndexedChunk, IndexedRow, IndexedVector } from '../knowledge/index.ts';

/** What the suite needs of a test runner; `describe` and `it` of Vitest, Jest or `node:test` fit. */
export interface TestRunner {
  describe(name: string, define: () => void): void;
  it(name: string, run: () => Promise<void>): void;
}

const ann: Principal = { tenant: 'one', user: 'ann', groups: ['staff'] };
const bob: Principal = { tenant: 'one', user: "b'ob", groups: [] };
const stranger: Principal = { tenant: 'two', user: 'ann', groups: ['staff'] };

/** Queries that must be taken as words, never as a language. */
export const hostileQueries: readonly string[] = [
  '',
  ' \n\t',
  '"',
  "'; DROP TABLE keywords_one; --",
  'a AND (b OR',
  'field:value^2 ~3 *',
  '🙂👩‍👩‍👧‍👦',
  '\u0000\ud800',
  '\\',
  'the of and',
  'x'.repeat(10_000),
  Array.from({ length: 2000 }, (_, index) => `word${index}`).join(' '),
];

/**
 * Checks an implementation of `ChunkStore` against what the port promises. Each test makes its own empty store
 * with `create` and closes it.
 */
export function checkChunkStore(
  runner: TestRunner,
  name: string,
  create: () => Promise<ChunkStore> | ChunkStore,
): void {
  const check = (title: string, run: (store: ChunkStore) => Promise<void>): void =>
    runner.it(title, async () => {
      const store = await create();
      try {
        await run(store);
      } finally {
        await store.close();
      }
    });

  runner.describe(`${name} as a chunk store`, () => {
    check('finds nothing while it is empty', async (store) => {
      deepStrictEqual(await store.searchKeywords(ann, 'word', 10), []);
      deepStrictEqual(await store.searchVectors(ann, unit(0), 10), []);
      deepStrictEqual(await store.listVersions('one'), []);
      await store.removeVersions('one', [{ documentId: 'x', version: 'y' }]);
      await store.optimize('one');
      await store.scrub('one');
      await store.clearVectors('one');
      await store.clear('one');
    });

    check('finds what was added at once, and after optimize', async (store) => {
      await store.addChunks('one', [chunk('a', 'river bank water'), chunk('b', 'money bank')]);
      await store.addVectors('one', [vector('a', 0), vector('b', 60)]);
      for (const round of ['before', 'after']) {
        deepStrictEqual(ids(await store.searchKeywords(ann, 'river', 10)), ['a'], round);
        const near = await store.searchVectors(ann, unit(0), 10);
        deepStrictEqual(ids(near), ['a', 'b'], round);
        closeTo(near[0]?.score, 1);
        closeTo(near[1]?.score, 0.5);
        deepStrictEqual(ids(await store.searchVectors(ann, unit(0), 1)), ['a'], round);
        await store.optimize('one');
      }
    });

    check(
      'finds what is left after a scrub, and nothing after the last document was removed',
      async (store) => {
        await store.addChunks('one', [chunk('a', 'river bank water'), chunk('b', 'money bank')]);
        await store.addVectors('one', [vector('a', 0), vector('b', 60)]);
        await store.optimize('one');
        const versionOf = (documentId: string) => [{ documentId, version: chunk(documentId, '').version }];
        await store.removeVersions('one', versionOf('b'));
        await store.scrub('one');
        deepStrictEqual(ids(await store.searchKeywords(ann, 'bank', 10)), ['a']);
        deepStrictEqual(ids(await store.searchVectors(ann, unit(0), 10)), ['a']);
        await store.addChunks('one', [chunk('c', 'river delta')]);
        deepStrictEqual(ids(await store.searchKeywords(ann, 'river', 10)).sort(), ['a', 'c']);
        await store.removeVersions('one', [...versionOf('a'), ...versionOf('c')]);
        await store.scrub('one');
        deepStrictEqual(await store.searchKeywords(ann, 'river', 10), []);
        deepStrictEqual(await store.listVersions('one'), []);
      },
    );

    check('scores rarer words higher and gives positive scores', async (store) => {
      await store.addChunks('one', [
        chunk('a', 'common rare'),
        chunk('b', 'common other'),
        chunk('c', 'common third'),
      ]);
      await store.optimize('one');
      const hits = await store.searchKeywords(ann, 'rare common', 10);
      strictEqual(hits[0]?.id, 'a');
      strictEqual(hits.length, 3);
      ok(hits.every((hit) => hit.score > 0));
    });

    check('finds identifiers by their parts and written otherwise', async (store) => {
      await store.addChunks('one', [chunk('a', 'call generateText now'), chunk('b', 'set max_tokens here')]);
      for (const query of ['generate text', 'generateText', 'generate_text'])
        deepStrictEqual(ids(await store.searchKeywords(ann, query, 10)), ['a'], query);
      for (const query of ['tokens', 'maxTokens', 'max_tokens'])
        deepStrictEqual(ids(await store.searchKeywords(ann, query, 10)), ['b'], query);
    });

    check('shows a principal only what it may read', async (store) => {
      const lists = { a: ['everyone'], b: ['user:ann'], c: ['group:staff'], d: ["user:b'ob"], e: [] };
      for (const [id, readers] of Object.entries(lists)) {
        await store.addChunks('one', [{ ...chunk(id, 'word'), readers }]);
        await store.addVectors('one', [{ ...vector(id, 0), readers }]);
      }
      for (const [principal, expected] of [
        [ann, ['a', 'b', 'c']],
        [bob, ['a', 'd']],
        [stranger, []],
      ] as const) {
        deepStrictEqual(ids(await store.searchKeywords(principal, 'word', 10)), expected);
        deepStrictEqual(ids(await store.searchVectors(principal, unit(0), 10)), expected);
      }
      deepStrictEqual(ids(await store.searchVectors(ann, unit(0), 10, { chunkIds: ['b', 'd'] })), ['b']);
    });

    check('narrows by source, excepted documents and chunk ids', async (store) => {
      const rows = ['a', 'b', "c'"].map((id) => ({ ...chunk(id, 'word'), source: `from ${id}` }));
      await store.addChunks('one', rows);
      await store.addVectors(
        'one',
        rows.map((row) => ({ ...row, vector: unit(0) })),
      );
      for (const [filter, expected] of [
        [{ sources: ["from c'", 'from a'] }, ['a', "c'"]],
        [{ sources: [] }, []],
        [{ exceptDocuments: ["c'"] }, ['a', 'b']],
        [{ exceptDocuments: [] }, ['a', 'b', "c'"]],
        [{ chunkIds: ["c'", 'nothing'] }, ["c'"]],
        [{ chunkIds: [] }, []],
        [{ chunkIds: ['a', 'b'], exceptDocuments: ['a'] }, ['b']],
      ] as const) {
        deepStrictEqual(ids(await store.searchKeywords(ann, 'word', 10, filter)), expected);
        deepStrictEqual(ids(await store.searchVectors(ann, unit(0), 10, filter)), expected);
      }
    });

    check('narrows by metadata, language and date', async (store) => {
      const day = (text: string): number => Date.parse(`${text}T00:00:00Z`);
      const rows = [
        { ...chunk('a', 'word'), tags: ['kind=guide', 'team=x'], language: 'en', date: day('2026-01-31') },
        {
          ...chunk('b', 'word'),
          tags: ["kind=it's", 'team=x', 'team=y'],
          language: 'en-GB',
          date: day('2026-02-01'),
        },
        {
          ...chunk('c', 'word'),
          tags: ['kind=guide'],
          language: 'eng',
          date: day('2026-01-31') + 86_399_999,
        },
        { ...chunk('d', 'word'), tags: [], language: null, date: null },
        { ...chunk('e', 'word'), tags: ['kind=guide'], language: 'en', date: 0, readers: ['user:other'] },
      ];
      await store.addChunks('one', rows);
      await store.addVectors(
        'one',
        rows.map((entry) => ({ ...entry, vector: unit(0) })),
      );
      for (const round of ['before', 'after']) {
        for (const [filter, expected] of [
          [{ metadata: {} }, ['a', 'b', 'c', 'd']],
          [{ metadata: { kind: ['guide'] } }, ['a', 'c']],
          [{ metadata: { kind: ['guide', "it's"] } }, ['a', 'b', 'c']],
          [{ metadata: { kind: ['guide'], team: ['x'] } }, ['a']],
          [{ metadata: { team: ['y', 'none'] } }, ['b']],
          [{ metadata: { kind: [] } }, []],
          [{ metadata: { other: ['guide'] } }, []],
          [{ languages: ['EN'] }, ['a', 'b']],
          [{ languages: ['en-gb', 'eng'] }, ['b', 'c']],
          [{ languages: ['e_g', 'e%', "e'"] }, []],
          [{ languages: ['*'] }, ['a', 'b', 'c']],
          [{ languages: [] }, []],
          [{ from: '2026-01-31' }, ['a', 'b', 'c']],
          [{ to: '2026-01-31' }, ['a', 'c']],
          [{ to: '2026-01-31T00:00:00Z' }, ['a']],
          [{ from: '2026-01-31T01:00:00+01:00', to: '2026-01-31T00:00' }, ['a']],
          [{ from: '2026-02-02' }, []],
          [{ languages: ['en'], metadata: { team: ['x'] }, from: '2026-02-01', sources: ['s'] }, ['b']],
        ] as const) {
          const title = `${round} ${JSON.stringify(filter)}`;
          deepStrictEqual(ids(await store.searchKeywords(ann, 'word', 10, filter)), expected, title);
          deepStrictEqual(ids(await store.searchVectors(ann, unit(0), 10, filter)), expected, title);
        }
        await store.optimize('one');
      }
      for (const from of ['yesterday', '2026-02-30', '2026-1-1', ''])
        for (const search of [
          store.searchKeywords(ann, 'word', 10, { from }),
          store.searchVectors(ann, unit(0), 10, { from }),
        ])
          await rejects(search, { code: 'filter-invalid' });
    });

    check('fills the limit with the next best when the best document is excepted', async (store) => {
      await store.addChunks('one', [chunk('a', 'word'), chunk('b', 'word and many others beside it')]);
      await store.addVectors('one', [vector('a', 0), vector('b', 60)]);
      const filter = { exceptDocuments: ['a'] };
      deepStrictEqual(ids(await store.searchKeywords(ann, 'word', 1)), ['a']);
      deepStrictEqual(ids(await store.searchKeywords(ann, 'word', 1, filter)), ['b']);
      deepStrictEqual(ids(await store.searchVectors(ann, unit(0), 1)), ['a']);
      deepStrictEqual(ids(await store.searchVectors(ann, unit(0), 1, filter)), ['b']);
    });

    check('removes exactly the versions named and lists the rest', async (store) => {
      for (const version of ['v1', 'v2'])
        for (const id of ['a', "b'"]) {
          await store.addChunks('one', [{ ...chunk(id, 'word'), id: `${id}@${version}`, version }]);
          await store.addVectors('one', [{ ...vector(id, 0), id: `${id}@${version}`, version }]);
        }
      await store.removeVersions('one', [
        { documentId: 'a', version: 'v1' },
        { documentId: "b'", version: 'v2' },
        { documentId: 'unknown', version: 'v1' },
      ]);
      const left = (await store.listVersions('one')).sort((x, y) => (x.documentId < y.documentId ? -1 : 1));
      deepStrictEqual(left, [
        { documentId: 'a', version: 'v2', chunks: 1, vectors: 1 },
        { documentId: "b'", version: 'v1', chunks: 1, vectors: 1 },
      ]);
      deepStrictEqual(ids(await store.searchKeywords(ann, 'word', 10)), ['a@v2', "b'@v1"]);
      deepStrictEqual(ids(await store.searchVectors(ann, unit(0), 10)), ['a@v2', "b'@v1"]);
    });

    check('keeps tenants apart, and texts when vectors go', async (store) => {
      for (const tenant of ['one', 'two']) {
        await store.addChunks(tenant, [chunk(tenant, 'word')]);
        await store.addVectors(tenant, [vector(tenant, 0)]);
      }
      deepStrictEqual(ids(await store.searchKeywords(stranger, 'word', 10)), ['two']);
      await store.clear('two');
      deepStrictEqual(await store.listVersions('two'), []);
      await store.clearVectors('one');
      deepStrictEqual(await store.listVersions('one'), [
        { documentId: 'one', version: 'v', chunks: 1, vectors: 0 },
      ]);
      await store.addVectors('one', [{ ...vector('one', 0), vector: Float32Array.of(0, 0, 1) }]);
      deepStrictEqual(ids(await store.searchVectors(ann, Float32Array.of(0, 0, 1), 10)), ['one']);
    });

    check('takes any query as words', async (store) => {
      await store.addChunks('one', [chunk('a', 'word river')]);
      for (const query of hostileQueries)
        ok(Array.isArray(await store.searchKeywords(ann, query, 10)), query);
      deepStrictEqual(ids(await store.searchKeywords(ann, "'; DROP TABLE river", 10)), ['a']);
    });
  });
}

function chunk(id: string, indexedText: string): IndexedChunk {
  return { ...row(id), indexedText };
}

function vector(id: string, degrees: number): IndexedVector {
  return { ...row(id), vector: unit(degrees) };
}

function row(id: string): IndexedRow {
  return {
    id,
    documentId: id,
    version: 'v',
    source: 's',
    readers: ['everyone'],
    language: null,
    date: null,
    tags: [],
  };
}

/** Unit vector in the plane: the cosine of two is the cosine of the angle between them. */
function unit(degrees: number): Float32Array {
  const radians = (degrees * Math.PI) / 180;
  return Float32Array.of(Math.cos(radians), Math.sin(radians));
}

function ids(hits: readonly { id: string }[]): string[] {
  return hits.map((hit) => hit.id).sort();
}

function closeTo(value: number | undefined, expected: number): void {
  ok(value !== undefined && Math.abs(value - expected) < 1e-5, `${value} is not ${expected}`);
}
