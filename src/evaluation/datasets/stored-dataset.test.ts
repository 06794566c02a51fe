import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { contentHash, type Sample } from '../../core/index.ts';
import { openDatabase } from '../../database/index.ts';
import { evaluationMigrations } from '../migrations.ts';
import { sampleOrder } from '../runs/sample-order.ts';
import { createDatasetStore, datasetHash } from './dataset-store.ts';
import { sampleOrderMigrations } from './sample-order-migrations.ts';
import { samplesAtOnce } from './sample-source.ts';

const samplesOf = (count: number): Sample[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `s${index}`,
    input: `question ${index}`,
    answerable: true,
    split: index % 3 === 0 ? ('test' as const) : ('dev' as const),
  }));

async function idsOf(pages: AsyncIterable<readonly Sample[]>): Promise<string[][]> {
  const found: string[][] = [];
  for await (const page of pages) found.push(page.map(({ id }) => id));
  return found;
}

describe('a stored dataset', () => {
  it('gives its samples page by page in the seeded order, whole, by split and up to a limit', async () => {
    const database = await openDatabase(':memory:', [evaluationMigrations]);
    const samples = samplesOf(2 * samplesAtOnce + 1);
    const store = createDatasetStore(database);
    await store.save('many', samples, 'script');
    const stored = await store.open('many');
    const ids = samples.map(({ id }) => id);
    const pages = await idsOf(stored.pages());
    expect(pages.map((page) => page.length)).toEqual([samplesAtOnce, samplesAtOnce, 1]);
    expect(pages.flat()).toEqual(sampleOrder(ids));
    // 0, 3, … 399 are of the test split: 134.
    const test = samples.filter(({ split }) => split === 'test').map(({ id }) => id);
    expect((await idsOf(stored.pages('test'))).flat()).toEqual(sampleOrder(test));
    expect((await idsOf(stored.pages('test', 5))).flat()).toEqual(sampleOrder(test).slice(0, 5));
    expect([await stored.count(), await stored.count('test'), await stored.count('test', 5)]).toEqual([
      401, 134, 5,
    ]);
    await expect(stored.count('train')).rejects.toMatchObject({ code: 'dataset-empty' });
    await expect(idsOf(stored.pages('train'))).rejects.toMatchObject({ code: 'dataset-empty' });
    await database.close();
  });

  it('of an older database is ordered by the migration', async () => {
    const { 'evaluation-600-sample-order': added, ...older } = {
      ...evaluationMigrations,
      ...sampleOrderMigrations,
    };
    const database = await openDatabase(':memory:', [older]);
    for (const sample of samplesOf(1001))
      await sql`insert into evaluation_samples (dataset, ordinal, id, split, sample)
        values ('old', 0, ${sample.id}, null, ${JSON.stringify(sample)})`.execute(database.handle);
    await added!.up(database.handle);
    const rows = await sql<{ id: string }>`select id from evaluation_samples
      order by seeded_order, id`.execute(database.handle);
    expect(rows.rows.map(({ id }) => id)).toEqual(sampleOrder(samplesOf(1001).map(({ id }) => id)));
    await database.close();
  });
});

it('the hash of a dataset is that of the canonical JSON of its samples by id', () => {
  const samples = samplesOf(12);
  const sorted = [...samples].sort((a, b) => (a.id < b.id ? -1 : 1));
  expect(datasetHash([...samples].reverse())).toBe(contentHash(sorted));
  expect(datasetHash([])).toBe(contentHash([]));
});
