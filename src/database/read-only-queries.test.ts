import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createReadOnlyQueries } from './read-only-queries.ts';

const folder = mkdtempSync(join(tmpdir(), 'fulcrum-queries-'));
const file = join(folder, 'shop.sqlite');
const queries = createReadOnlyQueries();
const run = (sql: string, options: { file?: string; timeoutMs?: number; maxRows?: number } = {}) =>
  queries.run({ file, sql, timeoutMs: 20_000, maxRows: 1000, ...options });
const endless = 'with recursive n(x) as (select 1 union all select x + 1 from n) select count(*) from n';

let before: Buffer;
beforeAll(() => {
  const database = new DatabaseSync(file);
  database.exec(
    "create table teas (name text, grams integer, price real); insert into teas values ('sencha', 50, 4.5), ('assam', 100, null)",
  );
  database.close();
  before = readFileSync(file);
});
afterAll(() => {
  queries.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a read-only query', () => {
  it('gives rows in order, big integers and blobs included', async () => {
    expect(await run('select name, price from teas order by grams desc')).toEqual({
      status: 'rows',
      columns: ['name', 'price'],
      rows: [
        ['assam', null],
        ['sencha', 4.5],
      ],
    });
    expect(await run('select 9223372036854775807, x\'00ff\', 3, "text"')).toMatchObject({
      rows: [[9223372036854775807n, new Uint8Array([0, 255]), 3, 'text']],
    });
  });

  it('fails with a reason for wrong SQL, too many rows and a file that is no database', async () => {
    expect(await run('select colour from teas')).toMatchObject({
      reason: 'sql',
      problem: 'no such column: colour',
    });
    expect(await run('select * from teas', { maxRows: 1 })).toMatchObject({ reason: 'too-many-rows' });
    expect(await run('select * from teas', { maxRows: 2 })).toMatchObject({ status: 'rows' });
    expect(await run('select 1', { file: join(folder, 'none.sqlite') })).toMatchObject({
      reason: 'database',
    });
    expect(existsSync(join(folder, 'none.sqlite'))).toBe(false);
    writeFileSync(
      join(folder, 'text.sqlite'),
      'no database at all, but long enough to have a header '.repeat(20),
    );
    expect(await run('select 1', { file: join(folder, 'text.sqlite') })).toMatchObject({
      reason: 'database',
    });
  });

  it.each([
    "attach database 'evil.sqlite' as evil",
    'insert into teas values (1, 2, 3)',
    'delete from teas',
    'drop table teas',
    'create table evil (x)',
    'create temp table evil (x)',
    'pragma writable_schema = 1',
    'pragma journal_mode = wal',
    "select * from pragma_table_info('teas')",
    "select load_extension('libevil')",
    "vacuum into 'evil.sqlite'",
    'begin immediate',
    'savepoint s',
    'reindex',
    "with x as (select 1) insert into teas select 'a', 1, 1",
    'select zeroblob(1000000000)',
    'select group_concat(a.x) from (select hex(randomblob(8000000)) x) a, (values (1), (2), (3)) b',
  ])('refuses %s and leaves everything as it was', async (sql) => {
    expect(await run(sql)).toMatchObject({ status: 'failed', reason: 'sql' });
    expect(readFileSync(file)).toEqual(before);
    for (const evil of ['evil.sqlite', join(folder, 'evil.sqlite')]) expect(existsSync(evil)).toBe(false);
  });

  it('is stopped after its time while this process goes on, and the next one works', async () => {
    let beats = 0;
    const heart = setInterval(() => beats++, 20);
    expect(await run(endless, { timeoutMs: 600 })).toMatchObject({ reason: 'timeout' });
    clearInterval(heart);
    expect(beats).toBeGreaterThan(5);
    expect(await run('select 1')).toMatchObject({ rows: [[1]] });
  });

  it('runs out of the memory that it is given, not of the memory of the machine', async () => {
    const hungry = `with recursive n(x) as (select zeroblob(8000000) union all select zeroblob(8000000) from n) select count(distinct x || random()) from n`;
    expect(await run(hungry, { timeoutMs: 50_000 })).toMatchObject({
      reason: 'too-much-memory',
    });
    expect(await run('select 1')).toMatchObject({ status: 'rows' });
  });

  it('does not outlive a starter that was killed', async () => {
    const script = join(folder, 'starter.mts');
    const source = join(import.meta.dirname, 'read-only-queries.ts');
    writeFileSync(
      script,
      `import { createReadOnlyQueries } from ${JSON.stringify(source)};
       const queries = createReadOnlyQueries();
       await queries.run({ file: ${JSON.stringify(file)}, sql: 'select 1', timeoutMs: 20_000, maxRows: 1 });
       console.log('ready');
       await queries.run({ file: ${JSON.stringify(file)}, sql: ${JSON.stringify(endless)}, timeoutMs: 1000, maxRows: 1 });`,
    );
    const starter = spawn(process.execPath, [script], {
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    await new Promise((resolve) => starter.stdout.once('data', resolve));
    starter.kill('SIGKILL');
    const alive = (): boolean => {
      try {
        process.kill(-starter.pid!, 0);
        return true;
      } catch {
        return false;
      }
    };
    for (let waited = 0; alive() && waited < 20_000; waited += 100)
      await new Promise((resolve) => setTimeout(resolve, 100));
    expect(alive()).toBe(false);
  });
});
