import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../database/index.ts';
import { tuningMigrations, tuningTables } from '../migrations.ts';
import { plainRows, streamOf } from '../rows.fixture.ts';
import { splitRows } from './split-rows.ts';
import { createTuningDataStore } from './tuning-data-store.ts';

const open = async () => {
  const database = await openDatabase(':memory:', [tuningMigrations]);
  return { database, store: createTuningDataStore(database) };
};
const options = { origin: 'a test' };

describe('the store of rows', () => {
  it('keeps versions, shares equal rows, and makes no version of the same', async () => {
    const { database, store } = await open();
    const rows = plainRows(450);
    const { data } = await store.write('a', streamOf(rows), options);
    expect(data).toMatchObject({ name: 'a', version: 1, rows: 450, splits: { none: 450 }, splitHash: null });
    expect((await store.write('a', rows, options)).unchanged).toBe(true);
    const second = await store.write(
      'a',
      rows.map((row, index) => ({ ...row, split: index < 400 ? ('train' as const) : ('test' as const) })),
      options,
    );
    expect(second.data).toMatchObject({ version: 2, splits: { train: 400, test: 50 }, hash: data.hash });
    const contents = await tuningTables(database).selectFrom('tuning_row_contents').select('hash').execute();
    expect(contents).toHaveLength(450);
    expect(await Array.fromAsync(store.rows('a@1'))).toEqual(rows);
    expect((await Array.fromAsync(store.rows('a', { split: 'test' }))).map(({ id }) => id)).toEqual(
      rows.slice(400).map(({ id }) => id),
    );
    expect(await store.remove('a@1')).toEqual([1]);
    expect((await store.get('a')).version).toBe(2);
    await database.close();
  });

  it('keeps nothing of rows that are cut short, and never takes a number twice', async () => {
    const { database, store } = await open();
    await store.write('a', plainRows(20), options);
    async function* broken() {
      yield* plainRows(300);
      throw new Error('the file ends here');
    }
    await expect(store.write('a', broken(), options)).rejects.toThrow('the file ends here');
    await expect(store.write('a', [...plainRows(5), ...plainRows(1)], options)).rejects.toMatchObject({
      code: 'tuning-row-repeated',
    });
    await expect(store.write('a', [], options)).rejects.toMatchObject({ code: 'tuning-data-empty' });
    await expect(store.write('a b', plainRows(3), options)).rejects.toMatchObject({
      code: 'tuning-data-name-invalid',
    });
    expect(await store.list()).toHaveLength(1);
    expect((await Array.fromAsync(store.rows('a'))).length).toBe(20);
    await expect(store.get('a@7')).rejects.toMatchObject({
      code: 'tuning-data-unknown',
      message: expect.stringContaining('versions 1'),
    });
    await database.close();
  });
});

describe('splitRows', () => {
  const rowsOf = (groups: readonly number[]) =>
    groups.map((group, index) => ({ id: `r${index}`, group: `g${group}` }));
  const method = { by: 'group' as const, validation: 10, test: 20, seed: 's' };

  it('never cuts a group, and never moves a row when others come', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(200), { minLength: 300, maxLength: 400 }),
        fc.array(fc.nat(400), { maxLength: 50 }),
        (groups, more) => {
          const rows = rowsOf(groups);
          const first = splitRows(rows, method);
          const byGroup = new Map<string, string>();
          for (const row of rows) {
            const split = first.get(row.id)!;
            expect(byGroup.get(row.group) ?? split).toBe(split);
            byGroup.set(row.group, split);
          }
          const second = splitRows(rowsOf([...groups, ...more]), method);
          for (const row of rows) expect(second.get(row.id)).toBe(first.get(row.id));
        },
      ),
      { numRuns: 20 },
    );
  });

  it('shares out about as asked', () => {
    const splits = [...splitRows(rowsOf(Array.from({ length: 4000 }, (_, index) => index)), method).values()];
    const share = (split: string): number => splits.filter((each) => each === split).length / 4000;
    // Three standard errors of a share of .2 and .1 of 4,000.
    expect(Math.abs(share('test') - 0.2)).toBeLessThan(0.019);
    expect(Math.abs(share('validation') - 0.1)).toBeLessThan(0.015);
  });

  it('puts the newest groups into the test, by time', () => {
    const rows = Array.from({ length: 10 }, (_, index) => ({ id: `r${index}`, at: `2026-01-${10 + index}` }));
    const splits = splitRows(rows, { ...method, by: 'time' });
    expect(rows.map(({ id }) => splits.get(id))).toEqual([
      ...Array(7).fill('train'),
      'validation',
      'test',
      'test',
    ]);
  });

  it('refuses splits that are missing, cut a group or leave a part empty', () => {
    const given = { ...method, by: 'given' as const };
    expect(() => splitRows([{ id: 'a' }], given)).toThrow(
      expect.objectContaining({ code: 'tuning-split-impossible' }),
    );
    expect(() =>
      splitRows(
        [
          { id: 'a', group: 'g', split: 'train' },
          { id: 'b', group: 'g', split: 'test' },
        ],
        given,
      ),
    ).toThrow(/both in train and in test/);
    expect(() => splitRows([{ id: 'a' }], method)).toThrow(/would be empty/);
  });
});
