import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sample } from '../../../core/index.ts';
import { createReadOnlyQueries, type SqlValue } from '../../../database/index.ts';
import { judgedText, scoresOf, valuesOf } from '../judged.fixture.ts';
import { type SqlRows, sameResult } from './compare-results.ts';
import { type SqlOptions, sqlScorer } from './sql-scorer.ts';
import { sqlShape } from './sql-text.ts';

describe('the shape of a statement', () => {
  it.each([
    ['select 1', 1, false],
    ['select 1;', 1, false],
    [' ; ; ', 0, false],
    ['-- select 1; select 2\n', 0, false],
    ['select 1; select 2', 2, false],
    ["select ';' || 'it''s; order by'", 1, false],
    ['select ";" from [a;b] /* ; order by 1 */', 1, false],
    ['select a from t order by a', 1, true],
    ['select a from t ORDER\n  BY a desc limit 3', 1, true],
    ['select a from (select a from t order by a)', 1, false],
    ['with x as (select a from t order by a) select * from x', 1, false],
    ['select row_number() over (order by a) from t', 1, false],
    ['select a from t union select b from u order by 1', 1, true],
    ['select "order" by from t', 1, false],
    ["select 'never closed; order by 1", 1, false],
  ])('%s', (sql, statements, ordered) => {
    expect(sqlShape(sql)).toEqual({ statements, ordered });
  });

  it('is found in linear time', () => {
    for (const hostile of [
      "'".repeat(200_001),
      '/*'.repeat(100_000),
      '*'.repeat(200_000),
      '('.repeat(200_000),
    ])
      expect(sqlShape(hostile).ordered).toBe(false);
  });
});

describe('results are the same', () => {
  const same = (gold: SqlRows, predicted: SqlRows, ordered = false, columns?: [number, number]): boolean =>
    sameResult(gold, predicted, {
      ordered,
      columns: columns ?? [gold[0]?.length ?? 0, predicted[0]?.length ?? 0],
    });

  it('as bags of rows: order does not matter, duplicates do', () => {
    expect(same([[1], [2], [2]], [[2], [1], [2]])).toBe(true);
    expect(same([[1], [2], [2]], [[2], [1], [1]])).toBe(false);
    expect(same([[1], [2]], [[2], [1], [2]])).toBe(false);
    expect(same([[1], [2]], [[2], [1]], true)).toBe(false);
    expect(same([[1], [2]], [[1], [2]], true)).toBe(true);
  });

  it('under some order of the columns, one for all rows', () => {
    expect(
      same(
        [
          [1, 'a'],
          [2, 'b'],
        ],
        [
          ['b', 2],
          ['a', 1],
        ],
      ),
    ).toBe(true);
    expect(
      same(
        [
          [1, 'a'],
          [2, 'b'],
        ],
        [
          ['b', 1],
          ['a', 2],
        ],
      ),
    ).toBe(false);
    // Each column and each row has the values of another, but no order of the columns makes the rows equal.
    expect(
      same(
        [
          [1, 2],
          [1, 2],
        ],
        [
          [1, 2],
          [2, 1],
        ],
      ),
    ).toBe(false);
    expect(
      same(
        [
          [1, 2],
          [2, 1],
        ],
        [
          [2, 1],
          [1, 2],
        ],
      ),
    ).toBe(true);
    expect(
      same(
        [
          [1, 'a'],
          [2, 'b'],
        ],
        [
          ['a', 1],
          ['b', 2],
        ],
        true,
      ),
    ).toBe(true);
    expect(same([[1, 'a']], [[1, 'a', 'a']])).toBe(false);
    expect(same([[1, 1]], [[1, 2]])).toBe(false);
  });

  it('by value: numbers at 10 digits, texts exactly, null as null', () => {
    expect(same([[0.1 + 0.2, 1]], [[0.3, 1.0]])).toBe(true);
    expect(same([[1]], [['1']])).toBe(false);
    expect(same([['a']], [['A']])).toBe(false);
    expect(same([[null]], [[null]])).toBe(true);
    expect(same([[null]], [['null']])).toBe(false);
    expect(same([[0]], [[-0]])).toBe(true);
    expect(same([[10n ** 17n]], [[10n ** 17n]])).toBe(true);
    expect(same([[new Uint8Array([1])]], [[new Uint8Array([1])]])).toBe(true);
    expect(same([['a\u0001', 'b']], [['a', '\u0001b']])).toBe(false);
    expect(same([], [], false, [1, 1])).toBe(true);
    expect(same([], [], false, [1, 2])).toBe(false);
  });

  it('is decided for many rows and columns that look alike', () => {
    const wide = [new Array<SqlValue>(30).fill(1), new Array<SqlValue>(30).fill(2)];
    expect(same(wide, [...wide].reverse())).toBe(true);
    const long = Array.from({ length: 20_000 }, (_, row) => [row, row % 7, `text ${row % 100}`, null]);
    const turned = [...long].reverse().map((row) => [...row].reverse());
    expect(same(long, turned)).toBe(true);
    expect(same(long, turned.with(5, [null, 'text 1', 3, 0]))).toBe(false);
    // Every column has each of 0 to 4 equally often, and so has every pair of columns: only whole rows tell them apart.
    const alike = (shift: number) =>
      Array.from({ length: 5 ** 4 }, (_, index) => {
        const digits = [0, 1, 2, 3].map((place) => Math.floor(index / 5 ** place) % 5);
        return [
          ...digits,
          ...digits.map((digit, place) => (digit * (place + 1) + shift) % 5),
          digits[0]! * digits[1]!,
        ];
      });
    expect(same(alike(1), alike(1).reverse())).toBe(true);
  });

  it('agree with trying every order of the columns', () => {
    const table = fc.array(fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 3, maxLength: 3 }), {
      minLength: 1,
      maxLength: 4,
    });
    const orders = [
      [0, 1, 2],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ];
    const bag = (rows: SqlRows): string => rows.map(String).sort().join(';');
    fc.assert(
      fc.property(table, table, fc.constantFrom(...orders), (one, other, order) => {
        const turned = one.map((row) => order.map((column) => row[column]!)).reverse();
        expect(same(one, turned)).toBe(true);
        const any = orders.some(
          (each) => bag(one) === bag(other.map((row) => each.map((column) => row[column]!))),
        );
        expect(same(one, other)).toBe(any);
        const inOrder = orders.some(
          (each) => String(one) === String(other.map((row) => each.map((column) => row[column]!))),
        );
        expect(same(one, other, true)).toBe(inOrder);
      }),
      { numRuns: 300 },
    );
  });
});

const folder = mkdtempSync(join(tmpdir(), 'fulcrum-sql-'));
const queries = createReadOnlyQueries();
const options: SqlOptions = {
  databases: ['shop.sqlite'],
  directory: folder,
  fenced: false,
  gold: 'reference',
  timeoutSeconds: 20,
  maxRows: 1000,
  order: 'gold',
  queries,
};

beforeAll(() => {
  for (const [file, rows] of [
    ['shop.sqlite', "('sencha', 50, 4.5), ('assam', 100, 6), ('oolong', 100, 8)"],
    ['thin.sqlite', "('sencha', 50, 4.5)"],
  ] as const) {
    const database = new DatabaseSync(join(folder, file));
    database.exec(
      `create table teas (name text, grams integer, price real); insert into teas values ${rows}`,
    );
    database.close();
  }
});
afterAll(() => {
  queries.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('SQL by execution', () => {
  const judge = (
    text: string | null,
    reference?: string,
    more: Partial<SqlOptions> = {},
    sample: Partial<Sample> = {},
  ) =>
    valuesOf(
      sqlScorer('sql', { ...options, ...more }),
      judgedText(text, { ...(reference === undefined ? {} : { reference }), ...sample }),
    );

  it('compares results, not texts', async () => {
    expect(
      await judge(
        'SELECT grams, name FROM teas WHERE price > 5;',
        'select name, grams from teas where price >= 6',
      ),
    ).toEqual({
      sql: 1,
      'sql.invalid': 0,
    });
    expect(await judge('select name from teas', 'select name from teas where grams = 100')).toMatchObject({
      sql: 0,
    });
  });

  it('asks for an order only where the gold does', async () => {
    const up = 'select name from teas order by price';
    const down = 'select name from teas order by price desc';
    expect(await judge(down, up)).toMatchObject({ sql: 0 });
    expect(await judge(down, 'select name from teas')).toMatchObject({ sql: 1 });
    expect(await judge(down, up, { order: 'never' })).toMatchObject({ sql: 1 });
    expect(await judge(down, 'select name from teas', { order: 'always' })).toMatchObject({ sql: 0 });
  });

  it('takes the statement out of a JSON answer', async () => {
    const gold = 'select name from teas';
    const inJson = { member: 'sql' };
    expect(await judge('{"sql": "SELECT name FROM teas"}', gold, inJson)).toEqual({
      sql: 1,
      'sql.invalid': 0,
    });
    for (const other of [
      'SELECT name FROM teas',
      '{"query": "SELECT name FROM teas"}',
      '["x"]',
      '{"sql": 3}',
    ])
      expect(await judge(other, gold, inJson)).toEqual({ sql: 0, 'sql.invalid': 1 });
  });

  it('must hold on every database', async () => {
    const gold = "select price from teas where name = 'sencha'";
    expect(await judge('select min(price) from teas', gold)).toMatchObject({ sql: 1 });
    expect(await judge('select price from teas limit 1', gold, { databases: ['thin.sqlite'] })).toMatchObject(
      { sql: 1 },
    );
    const guess = 'select price from teas where grams < 100 or price < 7';
    expect(await judge(guess, gold, { databases: ['thin.sqlite'] })).toMatchObject({ sql: 1 });
    expect(await judge(guess, gold, { databases: ['thin.sqlite', 'shop.sqlite'] })).toMatchObject({ sql: 0 });
    expect(
      await judge('select 4.5', gold, { databases: ['{label}.sqlite'] }, { label: 'thin' }),
    ).toMatchObject({ sql: 1 });
    expect(
      await judge('select 4.5', gold, { databases: ['{label}.sqlite'] }, { label: '../thin' }),
    ).toMatchObject({
      sql: 'error: the label "../thin" names no database',
    });
  });

  it('tells a wrong statement (0 with its reason) from a wrong gold (an error)', async () => {
    const scores = await scoresOf(
      sqlScorer('sql', options),
      judgedText('select colour from teas', { reference: 'select 1' }),
    );
    expect(scores).toEqual({
      sql: { status: 'scored', value: 0, detail: { invalid: 'sql', problem: 'no such column: colour' } },
      'sql.invalid': {
        status: 'scored',
        value: 1,
        detail: { invalid: 'sql', problem: 'no such column: colour' },
      },
    });
    expect(await judge('select 1', 'select colour from teas')).toEqual({
      sql: 'error: the gold SQL fails (sql: no such column: colour)',
      'sql.invalid': 0,
    });
    expect(await judge('select 1', 'select 1; select 2')).toMatchObject({
      sql: 'error: the gold SQL fails (several-statements)',
    });
    expect(await judge('select 1', 'select 1', { databases: ['none.sqlite'] })).toMatchObject({
      sql: 'error: none.sqlite: unable to open database file',
    });
    expect(await judge('select name from teas', 'select 1', { maxRows: 2 })).toEqual({
      sql: 0,
      'sql.invalid': 1,
    });
    expect(await judge('select 1', 'select name from teas', { maxRows: 2 })).toMatchObject({
      sql: 'error: the gold SQL fails (too-many-rows: more than 2 rows)',
    });
  });

  it('has its classes: refused, empty, several statements, fenced, no gold, unanswerable', async () => {
    expect(await judge(null, 'select 1')).toEqual({ sql: 0, 'sql.invalid': 'abstained' });
    expect(await judge('', 'select 1')).toEqual({ sql: 0, 'sql.invalid': 1 });
    expect(await judge('select 1; drop table teas', 'select 1')).toEqual({ sql: 0, 'sql.invalid': 1 });
    expect(await judge('```sql\nselect 1\n```', 'select 1')).toEqual({ sql: 0, 'sql.invalid': 1 });
    expect(await judge('```sql\nselect 1\n```', 'select 1', { fenced: true })).toEqual({
      sql: 1,
      'sql.invalid': 0,
    });
    expect(await judge('select 1')).toMatchObject({ sql: 'no-gold' });
    expect(await judge(null, undefined, {}, { answerable: false })).toMatchObject({ sql: 1 });
    expect(await judge('select 1', undefined, {}, { answerable: false })).toMatchObject({ sql: 0 });
    const empty = "select name from teas where name = 'mate'";
    const [found] = Object.values(
      await scoresOf(sqlScorer('sql', options), judgedText(empty, { reference: empty })),
    );
    expect(found).toEqual({ status: 'scored', value: 1, detail: { emptyGold: true } });
  });

  it('is done no harm by hostile statements', async () => {
    const before = readFileSync(join(folder, 'shop.sqlite'));
    for (const hostile of [
      "attach 'evil.sqlite' as evil",
      'pragma journal_mode = wal',
      "update teas set name = 'x'",
      "select load_extension('x')",
      'with recursive n(x) as (select 1 union all select x + 1 from n) select count(*) from n',
    ])
      expect(await judge(hostile, 'select 1', { timeoutSeconds: 1 }), hostile).toEqual({
        sql: 0,
        'sql.invalid': 1,
      });
    expect(readFileSync(join(folder, 'shop.sqlite'))).toEqual(before);
  });
});

const defog = join(
  process.env.FULCRUM_SHARED_DATA ?? join(import.meta.dirname, '../../../../../shared/data'),
  'sql-defog',
);

describe.skipIf(!existsSync(defog))('on the questions of sql-defog (skipped where they are absent)', () => {
  it('every gold statement agrees with itself', async () => {
    const rows = ['questions_gen', 'instruct_basic', 'instruct_advanced'].flatMap(
      (name) =>
        parse(readFileSync(join(defog, `${name}_sqlite.csv`)), {
          columns: true,
          relax_quotes: true,
        }) as Record<string, string>[],
    );
    const scorers = sqlScorer('sql', {
      ...options,
      databases: ['{label}.sqlite'],
      directory: join(defog, 'sqlite'),
    });
    const served = rows.filter((row) => existsSync(join(defog, 'sqlite', `${row.db_name}.sqlite`)));
    const values: (number | string)[] = [];
    for (const row of served) {
      const alternatives = row
        .query!.split(';')
        .map((text) => text.trim())
        .filter((text) => text !== '');
      const sample = { references: alternatives, label: row.db_name! };
      const { sql } = await valuesOf(scorers, judgedText(alternatives[0]!, sample));
      values.push(sql!);
    }
    expect(values.filter((value) => value !== 1)).toEqual([]);
    expect(values).toHaveLength(190);
  });
});
