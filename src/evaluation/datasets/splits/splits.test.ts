import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { FulcrumError, type Sample } from '../../../core/index.ts';
import { type Database, openDatabase } from '../../../database/index.ts';
import { evaluationMigrations, evaluationTables } from '../../migrations.ts';
import { createDatasetStore, type DatasetStore, datasetHash } from '../dataset-store.ts';
import { freezeSplit } from './freeze-split.ts';
import { findFrozenSplit, listTestLooks, logTestLook, splitTables } from './frozen-splits.ts';
import { parseShares, parseStratify, type SplitMethod, splitSamples } from './split-dataset.ts';
import { timeOrder } from './time-order.ts';

const method: SplitMethod = { by: 'group', shares: { train: 0.6, dev: 0.2, test: 0.2 }, seed: 's' };
const make = (count: number, more: (index: number) => Partial<Sample> = () => ({})): Sample[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `${index}`,
    input: `q${index}`,
    answerable: true,
    ...more(index),
  }));
const failure = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof FulcrumError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'none';
};

describe('splitting by group', () => {
  it('keeps groups whole, keeps the samples, and hits the shares as nearly as groups allow', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 20, maxLength: 60 });
    fc.assert(
      fc.property(sizes, fc.string(), (groups, seed) => {
        const samples = groups.flatMap((size, group) =>
          make(size, (index) => ({ id: `${group}-${index}`, group: `g${group}` })),
        );
        const { samples: split, counts } = splitSamples('d', samples, { ...method, seed });
        expect(split.map(({ split: _split, ...rest }) => rest)).toEqual(samples);
        const byGroup = new Map<string, Set<string>>();
        for (const { group, split: name } of split)
          byGroup.set(group!, (byGroup.get(group!) ?? new Set()).add(name!));
        for (const names of byGroup.values()) expect(names.size).toBe(1);
        for (const name of ['train', 'dev', 'test'] as const)
          expect(Math.abs(counts[name] - method.shares[name] * samples.length)).toBeLessThanOrEqual(6);
      }),
      { numRuns: 100 },
    );
  });

  it('shares strata out alike, exactly where they divide', () => {
    const samples = make(100, (index) => ({
      label: ['a', 'b', 'b', 'b'][index % 4]!,
      tags: [`lang:${index % 2}`, 'x'],
    }));
    const { strata } = splitSamples('d', samples, { ...method, stratify: 'label' });
    expect(strata).toEqual({ a: { train: 15, dev: 5, test: 5 }, b: { train: 45, dev: 15, test: 15 } });
    const tagged = splitSamples('d', samples, { ...method, stratify: 'tag:lang:' }).strata;
    expect(tagged).toEqual({
      'lang:0': { train: 30, dev: 10, test: 10 },
      'lang:1': { train: 30, dev: 10, test: 10 },
    });
  });

  it('depends on the seed and on nothing else', () => {
    const samples = make(50);
    const one = splitSamples('d', samples, method).samples;
    const reversed = splitSamples('d', [...samples].reverse(), method).samples;
    expect(datasetHash(reversed)).toBe(datasetHash(one));
    expect(datasetHash(splitSamples('d', samples, { ...method, seed: 't' }).samples)).not.toBe(
      datasetHash(one),
    );
  });

  it('says why it cannot', () => {
    expect(failure(() => splitSamples('d', make(2), method))).toContain('it has 2 groups');
    const heavy = make(100, (index) => ({ group: index < 98 ? 'big' : `${index}` }));
    expect(splitSamples('d', heavy, method).counts).toEqual({ train: 98, dev: 1, test: 1 });
    expect(failure(() => parseShares('60/20'))).toContain('60/20');
    expect(failure(() => parseShares('80/20/0'))).toContain('some test');
    expect(failure(() => parseShares('90/20/-10'))).toContain('usage');
    expect(parseShares('80/0/20')).toEqual({ train: 0.8, dev: 0, test: 0.2 });
    expect(failure(() => parseStratify('tag:'))).toContain('tag:PREFIX');
  });
});

describe('splitting by time', () => {
  it('gives the newest to test, a group where its newest sample stands', () => {
    const samples = make(10, (index) => ({ tags: [`time:2024-01-${String(index + 1).padStart(2, '0')}`] }));
    // Sample 0 belongs with sample 9 and so comes last of all.
    samples[0] = { ...samples[0]!, group: 'long' };
    samples[9] = { ...samples[9]!, group: 'long' };
    const { samples: split, counts, reachingBack } = splitSamples('d', samples, { ...method, by: 'time' });
    expect(split.map((sample) => sample.split)).toEqual([
      'test',
      'train',
      'train',
      'train',
      'train',
      'train',
      'train',
      'dev',
      'dev',
      'test',
    ]);
    expect([counts, reachingBack]).toEqual([{ train: 6, dev: 2, test: 2 }, 1]);
  });

  it('orders numbers by size, dates by date, versions by their parts', () => {
    expect(timeOrder(['10', '9', '-1'])).toEqual([10, 9, -1]);
    expect(timeOrder(['2024-02-01', '2024-01-31T23:00:00Z'])).toEqual([
      Date.parse('2024-02-01'),
      Date.parse('2024-01-31T23:00:00Z'),
    ]);
    expect(timeOrder(['1.10', 'v1.9', '1.9', '1.10'])).toEqual(timeOrder(['1.10', 'v1.9', '1.9', '1.10']));
    expect(timeOrder(['v1.10', 'v1.9', 'v1.10'])).toEqual([1, 0, 1]);
  });

  it('names a sample without a time', () => {
    const samples = make(5, (index) => ({ tags: index === 3 ? [] : [`time:${index}`] }));
    expect(failure(() => splitSamples('d', samples, { ...method, by: 'time' }))).toContain(
      'sample "3" has no tag that starts with "time:"',
    );
  });
});

describe('splits that are given', () => {
  const given: SplitMethod = { ...method, by: 'given' };
  it('are taken as they are, unless one is missing or a group is cut', () => {
    const samples = make(4, (index) => ({ split: index < 2 ? ('train' as const) : ('test' as const) }));
    expect(splitSamples('d', samples, given).counts).toEqual({ train: 2, dev: 0, test: 2 });
    const cut = samples.map((sample) => ({ ...sample, group: 'g' }));
    expect(failure(() => splitSamples('d', cut, given))).toContain('1 groups are in more than one split');
    expect(failure(() => splitSamples('d', make(2), given))).toContain('sample "0" has no split');
  });
});

describe('a frozen dataset', () => {
  let database: Database;
  let store: DatasetStore;
  beforeEach(async () => {
    database = await openDatabase(':memory:', [evaluationMigrations]);
    store = createDatasetStore(database);
    await store.save('d', make(20), 'd.jsonl');
  });
  const code = (promise: Promise<unknown>): Promise<string> =>
    promise.then(
      () => 'none',
      (error: FulcrumError) => error.code,
    );

  it('cannot be split again, changed or replaced; another name can', async () => {
    const { frozen, counts } = await freezeSplit(database, { dataset: 'd', method });
    expect(counts).toEqual({ train: 12, dev: 4, test: 4 });
    const kept = await store.get('d');
    expect([kept.hash, kept.splits]).toEqual([frozen.hash, { dev: 4, test: 4, train: 12 }]);
    expect(await findFrozenSplit(splitTables(database), 'd')).toEqual({ ...frozen, method: { ...method } });
    expect(await code(freezeSplit(database, { dataset: 'd', method }))).toBe('dataset-frozen');
    expect(await code(freezeSplit(database, { dataset: 'd', as: 'e', method }))).toBe('dataset-frozen');
    expect(await code(store.save('d', make(3), 'x'))).toBe('dataset-frozen');
    expect((await store.save('d', kept.content, 'x')).unchanged).toBe(true);
    expect(await code(freezeSplit(database, { dataset: 'none', method }))).toBe('dataset-unknown');
  });

  it('leaves everything as it was when it fails', async () => {
    const shares = { train: 0.6, dev: 0.2, test: 0.2 };
    await store.save(
      'one',
      make(5, () => ({ group: 'g' })),
      'x',
    );
    expect(await code(freezeSplit(database, { dataset: 'one', method: { ...method, shares } }))).toBe(
      'split-impossible',
    );
    expect(await findFrozenSplit(splitTables(database), 'one')).toBeNull();
    expect((await store.get('one')).splits).toEqual({ none: 5 });
  });

  it('with runs is frozen under another name', async () => {
    const { hash } = await store.get('d');
    const run = { id: 'r', plan: 'p', dataset: 'd', dataset_hash: hash, split: null, sample_limit: null };
    const rest = {
      variant: 'v',
      kind: 'k',
      deployable: 1,
      definition: '{}',
      definition_hash: 'h',
      metrics: '[]',
    };
    const times = {
      samples: 1,
      origin: 'live',
      concurrency: 1,
      version: '0',
      node: 'v24',
      started_at: '',
      finished_at: null,
    };
    await evaluationTables(database)
      .insertInto('evaluation_runs')
      .values({ ...run, ...rest, ...times })
      .execute();
    expect(await code(freezeSplit(database, { dataset: 'd', method }))).toBe('dataset-exists');
    expect((await freezeSplit(database, { dataset: 'd', as: 'd2', method })).frozen.dataset).toBe('d2');
    expect((await store.get('d')).hash).toBe(hash);
  });

  it('logs looks at test samples, and only those', async () => {
    const look = { dataset: 'd', reason: 'eval run', detail: 'rag' };
    await logTestLook(database, { ...look, samples: 4 });
    expect(await listTestLooks(database, 'd')).toEqual([]);
    await freezeSplit(database, { dataset: 'd', method });
    await logTestLook(database, { ...look, samples: 4 });
    await logTestLook(database, { ...look, samples: 0 });
    expect(await listTestLooks(database, 'd')).toMatchObject([
      { reason: 'eval run', detail: 'rag', samples: 4 },
    ]);
  });
});
