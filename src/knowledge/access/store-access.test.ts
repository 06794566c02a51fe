import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { type Principal, readerTokens } from '../../core/index.ts';
import { createMemoryChunkStore } from '../../testing/memory-chunk-store.ts';
import type { ChunkFilter, ChunkStore } from '../chunk-store.ts';
import { searchPredicate } from '../store/lance-filter.ts';
import { createLanceStore } from '../store/lance-store.ts';

const folders: string[] = [];
const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'fulcrum-access-'));
  folders.push(folder);
  return folder;
};
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const dimensions = 48;
const words = ['river', 'bank', 'stone', 'tree', 'cloud'];
const tokens = ['everyone', 'user:ann', 'user:bob', 'group:hr', 'group:staff', "group:o'x"];

/** A document as the model of the test holds it; one chunk each. */
interface ModelDocument {
  readonly tenant: string;
  readonly key: number;
  readonly version: number;
  readonly readers: readonly string[];
  readonly text: readonly string[];
  readonly tag: string;
}

const idOf = ({ key, version }: ModelDocument): string => `d${key}@${version}#0`;

function vectorOf({ key, version }: Pick<ModelDocument, 'key' | 'version'>): Float32Array {
  let state = (key * 7919 + version * 104_729 + 1) >>> 0;
  const values = Float32Array.from({ length: dimensions }, () => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 374761393) >>> 0;
    return state / 2 ** 32 - 0.5;
  });
  const length = Math.hypot(...values);
  return values.map((value) => value / length);
}

const cosine = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, i) => sum + value * b[i]!, 0);

/** Puts a document in, its earlier state out, as a sync does. */
async function put(
  store: ChunkStore,
  document: ModelDocument,
  before: ModelDocument | undefined,
): Promise<void> {
  const row = {
    id: idOf(document),
    documentId: `d${document.key}`,
    version: String(document.version),
    source: `s${document.key % 2}`,
    readers: document.readers,
    language: document.key % 3 === 0 ? 'en' : null,
    date: document.key * 86_400_000,
    tags: [`kind=${document.tag}`],
  };
  await store.addChunks(document.tenant, [{ ...row, indexedText: document.text.join(' ') }]);
  await store.addVectors(document.tenant, [{ ...row, vector: vectorOf(document) }]);
  if (before) await drop(store, before);
}

const drop = (store: ChunkStore, { tenant, key, version }: ModelDocument): Promise<void> =>
  store.removeVersions(tenant, [{ documentId: `d${key}`, version: String(version) }]);

/** A change: of text, access list or tag, a removal, or a folding of new rows into the indexes. */
const stepArbitrary = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('put' as const),
      tenant: fc.constantFrom('one', 'two'),
      key: fc.nat(7),
      readers: fc.uniqueArray(fc.constantFrom(...tokens), { maxLength: 3 }),
      text: fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 4 }),
      tag: fc.constantFrom('a', 'b'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('remove' as const),
      tenant: fc.constantFrom('one', 'two'),
      key: fc.nat(7),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('optimize' as const), tenant: fc.constantFrom('one', 'two') }),
  },
);

const principalArbitrary: fc.Arbitrary<Principal> = fc.record({
  tenant: fc.constant('one'),
  user: fc.constantFrom('ann', 'bob', 'nobody'),
  groups: fc.uniqueArray(fc.constantFrom('hr', 'staff', "o'x", 'everyone'), { maxLength: 3 }),
});

/** Filters as a caller, a prompt or a model might send them, hostile ones included. */
const filterArbitrary: fc.Arbitrary<ChunkFilter> = fc.record(
  {
    sources: fc.uniqueArray(fc.constantFrom('s0', 's1', "s0') OR (true", '%')),
    exceptDocuments: fc.uniqueArray(fc.constantFrom('d0', 'd3', "d1') OR ('1'='1")),
    chunkIds: fc.uniqueArray(
      fc.constantFrom(...Array.from({ length: 16 }, (_, index) => `d${index % 8}@${index >> 1}#0`)),
    ),
    metadata: fc.constantFrom(
      { kind: ['a'] },
      { kind: ['a', 'b'] },
      { readers: ['everyone'] },
      { "kind=a']) OR (true": ['b'] },
    ),
    languages: fc.constantFrom(['en'], ['*'], ["en') OR (true"]),
    from: fc.constantFrom('1970-01-03', '1900-01-01'),
  },
  { requiredKeys: [] },
);

const isReadable = (document: ModelDocument, who: Principal): boolean =>
  document.tenant === who.tenant && readerTokens(who).some((token) => document.readers.includes(token));

function passes(document: ModelDocument, filter: ChunkFilter): boolean {
  const { key, tag } = document;
  const metadata = Object.entries(filter.metadata ?? {});
  return (
    (filter.sources?.includes(`s${key % 2}`) ?? true) &&
    !filter.exceptDocuments?.includes(`d${key}`) &&
    (filter.chunkIds?.includes(idOf(document)) ?? true) &&
    metadata.every(([name, values]) => name === 'kind' && values.includes(tag)) &&
    (filter.languages === undefined ||
      (key % 3 === 0 && filter.languages.some((range) => range === 'en' || range === '*'))) &&
    (filter.from === undefined || key * 86_400_000 >= Date.parse(filter.from))
  );
}

const stores: [string, number, () => ChunkStore][] = [
  ['the reference in memory', 150, createMemoryChunkStore],
  ['LanceDB', 6, () => createLanceStore({ directory: newFolder() })],
  [
    'LanceDB with isolated statistics',
    5,
    () => createLanceStore({ directory: newFolder(), isolateStatistics: true }),
  ],
];

describe.each(stores)('access in %s', (_name, numRuns, create) => {
  it('holds after every change, for any principal and filter, as if nothing else were there', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(stepArbitrary, { minLength: 4, maxLength: 9 }),
        fc.array(fc.tuple(principalArbitrary, filterArbitrary), { minLength: 3, maxLength: 3 }),
        async (steps, askers) => {
          // The same changes with and without those of the other tenant.
          const [both, alone] = [create(), create()];
          const live = new Map<string, ModelDocument>();
          for (const [version, step] of steps.entries()) {
            const into = step.tenant === 'one' ? [both, alone] : [both];
            if (step.kind === 'optimize') for (const store of into) await store.optimize(step.tenant);
            else {
              const at = `${step.tenant} ${step.key}`;
              const before = live.get(at);
              if (step.kind === 'put') live.set(at, { ...step, version });
              else live.delete(at);
              for (const store of into) {
                if (step.kind === 'put') await put(store, { ...step, version }, before);
                else if (before) await drop(store, before);
              }
            }
          }
          for (const [who, filter] of askers)
            for (const narrowed of [{}, filter])
              await check({ both, alone, live: [...live.values()], who, narrowed });
          await both.close();
          await alone.close();
        },
      ),
      { numRuns },
    );
  }, 60_000);
});

async function check(world: {
  both: ChunkStore;
  alone: ChunkStore;
  live: readonly ModelDocument[];
  who: Principal;
  narrowed: ChunkFilter;
}): Promise<void> {
  const { both, alone, who, narrowed } = world;
  const seen = world.live.filter((document) => isReadable(document, who) && passes(document, narrowed));
  const query = vectorOf({ key: 99, version: 99 });
  const near = await both.searchVectors(who, query, 50, narrowed);
  const expected = seen
    .map((document) => ({ id: idOf(document), score: cosine(vectorOf(document), query) }))
    .sort((a, b) => b.score - a.score);
  expect(near.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
  for (const [index, hit] of near.entries()) expect(hit.score).toBeCloseTo(expected[index]!.score, 4);
  expect(near).toEqual(await alone.searchVectors(who, query, 50, narrowed));

  const found = await both.searchKeywords(who, 'river stone', 50, narrowed);
  const matching = seen.filter(({ text }) => text.includes('river') || text.includes('stone'));
  expect(found.map(({ id }) => id).sort()).toEqual(matching.map(idOf).sort());
  expect(found).toEqual(await alone.searchKeywords(who, 'river stone', 50, narrowed));
}

describe('isolated statistics', () => {
  const ann: Principal = { tenant: 'one', user: 'ann', groups: [] };
  const of = (key: number, readers: readonly string[], text: readonly string[]): ModelDocument => ({
    tenant: 'one',
    key,
    version: 0,
    readers,
    text,
    tag: 'a',
  });
  const readable = [
    of(0, ['user:ann'], ['river', 'bank']),
    of(1, ['user:ann'], ['stone', 'bank', 'tree']),
    of(2, ['everyone'], ['river', 'stone', 'stone']),
  ];
  const secret = Array.from({ length: 6 }, (_, index) => of(10 + index, ['group:hr'], ['river', 'cloud']));

  /** Ann's keyword scores where the secret documents are there and where they are not. */
  async function scores(isolateStatistics: boolean) {
    const lists = [];
    for (const documents of [readable, [...readable, ...secret]]) {
      const store = createLanceStore({ directory: newFolder(), isolateStatistics });
      for (const document of documents) await put(store, document, undefined);
      await store.optimize('one');
      lists.push(await store.searchKeywords(ann, 'river stone', 10));
      await store.close();
    }
    return lists;
  }

  it('make keyword scores exactly what they are without the chunks that may not be read', async () => {
    const [without, beside] = await scores(true);
    expect(beside).toEqual(without);
    expect(beside).toHaveLength(3);
    // The side channel that it closes: without it the secret documents change the scores.
    const [open, leaking] = await scores(false);
    expect(leaking!.map(({ id }) => id).sort()).toEqual(open!.map(({ id }) => id).sort());
    expect(leaking!.map(({ score }) => score)).not.toEqual(open!.map(({ score }) => score));
  });

  it('keep apart from the second index of a tenant', async () => {
    const directory = newFolder();
    const store = createLanceStore({ directory, isolateStatistics: true });
    const second = { ...of(0, ['user:ann'], ['river']), tenant: 'one.1' };
    await put(store, second, undefined);
    await put(store, { ...second, tenant: 'one' }, undefined);
    expect(await store.listVersions('one')).toHaveLength(1);
    await store.clear('one');
    expect(await store.listVersions('one')).toEqual([]);
    expect(await store.searchKeywords({ ...ann, tenant: 'one.1' }, 'river', 5)).toHaveLength(1);
    await store.close();
  });

  it('move chunks when the setting changes: what lies elsewhere counts as missing', async () => {
    const directory = newFolder();
    const document = of(0, ['user:ann'], ['river']);
    const versions = (chunks: number) => [{ documentId: 'd0', version: '0', chunks, vectors: 1 }];
    const settings = [false, ['s0'], ['s1'], true] as const;
    for (const [index, isolateStatistics] of settings.entries()) {
      const store = createLanceStore({ directory, isolateStatistics });
      if (index > 0) {
        expect(await store.listVersions('one'), String(isolateStatistics)).toEqual(versions(0));
        await store.removeVersions('one', [{ documentId: 'd0', version: '0' }]);
      }
      await put(store, document, undefined);
      await store.optimize('one');
      expect(await store.listVersions('one')).toEqual(versions(1));
      expect(await store.searchKeywords(ann, 'river', 5)).toHaveLength(1);
      await store.close();
    }
  });
});

describe('access behind a vector index', () => {
  const rows = 3000;
  const all = Array.from({ length: rows }, (_, key): ModelDocument => {
    // 0.2 % of the rows, as far apart as can be.
    const few = key % 500 === 7;
    const readers = few ? ['user:few', 'group:half'] : key % 2 === 0 ? ['group:half'] : ['group:rest'];
    return { tenant: 'one', key, version: 0, readers, text: ['river'], tag: 'a' };
  });
  const rowOf = (document: ModelDocument) => ({
    id: idOf(document),
    documentId: `d${document.key}`,
    version: '0',
    source: 's',
    readers: document.readers,
    language: null,
    date: null,
    tags: [],
  });

  it('fills the lists of a reader of 0.2 % of the rows, and of a reader just above the threshold', async () => {
    const store = createLanceStore({ directory: newFolder(), exactRows: 400 });
    await store.addChunks(
      'one',
      all.map((document) => ({ ...rowOf(document), indexedText: 'river' })),
    );
    await store.addVectors(
      'one',
      all.map((document) => ({ ...rowOf(document), vector: vectorOf(document) })),
    );
    await store.optimize('one');
    const few: Principal = { tenant: 'one', user: 'few', groups: [] };
    const half: Principal = { tenant: 'one', user: 'x', groups: ['half'] };
    for (let query = 0; query < 10; query++) {
      const point = vectorOf({ key: 5000 + query, version: 1 });
      const exact = all
        .filter((document) => isReadable(document, few))
        .map((document) => ({ id: idOf(document), score: cosine(vectorOf(document), point) }))
        .sort((a, b) => b.score - a.score);
      expect((await store.searchVectors(few, point, 10)).map(({ id }) => id)).toEqual(
        exact.map(({ id }) => id),
      );
      const hits = await store.searchVectors(half, point, 50);
      expect(hits).toHaveLength(50);
      expect(hits.every(({ id }) => isReadable(all[Number(/\d+/.exec(id)![0])]!, half))).toBe(true);
      // A filter on top leaves few rows of many: the list is full all the same.
      const chunkIds = all.filter(({ key }) => key % 100 === 0).map(idOf);
      expect(await store.searchVectors(half, point, 30, { chunkIds })).toHaveLength(30);
    }
    expect(await store.searchKeywords(few, 'river', 100)).toHaveLength(rows / 500);
    await store.close();
  });

  it('asks the index of access lists in both arms and reads no row to tell who may', async () => {
    const directory = newFolder();
    const store = createLanceStore({ directory, exactRows: 400 });
    const documents = all.slice(0, 600);
    await store.addChunks(
      'one',
      documents.map((document) => ({ ...rowOf(document), indexedText: 'river' })),
    );
    await store.addVectors(
      'one',
      documents.map((document) => ({ ...rowOf(document), vector: vectorOf(document) })),
    );
    await store.optimize('one');
    await store.close();
    const { connect, MatchQuery } = await import('@lancedb/lancedb');
    const lance = await connect(directory);
    const [keywords, vectors] = await Promise.all(
      ['keywords_one', 'vectors_one'].map((name) => lance.openTable(name)),
    );
    const who: Principal = { tenant: 'one', user: "o'x", groups: ['few'] };
    const point = vectorOf({ key: 1, version: 0 });
    const predicate = searchPredicate(who, { metadata: { team: ['a'] } })!;
    const river = new MatchQuery('river', 'indexed_text');
    const plans = await Promise.all([
      keywords!.query().fullTextSearch(river).where(predicate).limit(10).explainPlan(true),
      vectors!.query().nearestTo(point).distanceType('cosine').where(predicate).limit(10).explainPlan(true),
      vectors!.query().nearestTo(point).bypassVectorIndex().where(predicate).limit(10).explainPlan(true),
    ]);
    for (const plan of plans) {
      expect(plan).toMatch(/ScalarIndexQuery: .*user:o'x, group:few.*@readers_idx\(LabelList\)/);
      expect(plan).toMatch(/ScalarIndexQuery: .*team=a.*@tags_idx\(LabelList\)/);
      expect(plan).not.toMatch(/FilterExec: .*array_has_any/);
    }
    lance.close();
  });
});
