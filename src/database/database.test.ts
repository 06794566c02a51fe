import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toFulcrumError } from '../core/index.ts';
import { type Migrations, openDatabase, tablesOf } from './database.ts';
import { lockProject } from './project-lock.ts';

interface CounterTables {
  counters: { name: string; value: number };
}
const migrations: Migrations = {
  'counter-001-counters': {
    up: async (handle) => {
      await handle.schema
        .createTable('counters')
        .addColumn('name', 'text', (column) => column.primaryKey())
        .addColumn('value', 'integer')
        .execute();
    },
  },
};

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fulcrum-database-'));
  file = join(folder, 'state', 'fulcrum.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the database', () => {
  it('keeps what was written, in order of transactions', async () => {
    const database = await openDatabase(file, [migrations]);
    const tables = tablesOf<CounterTables>(database);
    await tables.insertInto('counters').values({ name: 'a', value: 0 }).execute();
    await Promise.all(
      Array.from({ length: 50 }, () =>
        database.transaction(async (transaction) => {
          const own = tablesOf<CounterTables>(transaction);
          const { value } = await own
            .selectFrom('counters')
            .select('value')
            .where('name', '=', 'a')
            .executeTakeFirstOrThrow();
          await own
            .updateTable('counters')
            .set({ value: value + 1 })
            .where('name', '=', 'a')
            .execute();
        }),
      ),
    );
    await database.close();
    const again = await openDatabase(file, [migrations]);
    const row = await tablesOf<CounterTables>(again).selectFrom('counters').selectAll().executeTakeFirst();
    expect(row).toEqual({ name: 'a', value: 50 });
    await again.close();
  });

  it('takes nothing of a transaction that fails', async () => {
    const database = await openDatabase(file, [migrations]);
    await expect(
      database.transaction(async (transaction) => {
        await tablesOf<CounterTables>(transaction)
          .insertInto('counters')
          .values({ name: 'x', value: 1 })
          .execute();
        throw new Error('stop');
      }),
    ).rejects.toThrow('stop');
    expect(await tablesOf<CounterTables>(database).selectFrom('counters').selectAll().execute()).toEqual([]);
    await database.close();
  });

  it('refuses a file that is no database and leaves it alone', async () => {
    await openDatabase(file, [migrations]).then((database) => database.close());
    writeFileSync(
      file,
      'this is not a database, it only has its name, and it is long enough to have a header',
    );
    const before = readFileSync(file);
    await expect(openDatabase(file, [migrations])).rejects.toMatchObject({ code: 'database-corrupt' });
    expect(readFileSync(file)).toEqual(before);
  });

  it('says that it may not write, instead of calling that a defect', async () => {
    // A folder in the place of the file cannot be opened by anybody, root included.
    mkdirSync(file, { recursive: true });
    await expect(openDatabase(file, [migrations])).rejects.toMatchObject({ code: 'project-readonly' });
    const database = await openDatabase(join(folder, 'other.db'), [migrations]);
    await sql`pragma query_only = on`.execute(database.handle);
    const writing = tablesOf<CounterTables>(database).insertInto('counters').values({ name: 'a', value: 0 });
    const thrown = await writing.execute().catch((error: unknown) => toFulcrumError(error));
    expect(thrown).toMatchObject({ code: 'project-readonly' });
    await database.close();
  });

  it.skipIf(process.getuid?.() === 0)('says so of a folder without the right to write', async () => {
    (await openDatabase(file, [migrations])).close();
    chmodSync(file, 0o444);
    chmodSync(dirname(file), 0o555);
    await expect(openDatabase(file, [migrations])).rejects.toMatchObject({ code: 'project-readonly' });
    chmodSync(dirname(file), 0o755);
  });

  it('refuses a database of a newer version and leaves it alone', async () => {
    const newer: Migrations = { ...migrations, 'counter-002-later': { up: async () => undefined } };
    await openDatabase(file, [newer]).then((database) => database.close());
    await expect(openDatabase(file, [migrations])).rejects.toMatchObject({
      code: 'database-newer',
      data: { migration: 'counter-002-later' },
    });
    await openDatabase(file, [newer]).then((database) => database.close());
  });

  it('takes several writing processes at once', async () => {
    await openDatabase(file, [migrations]).then(async (database) => {
      await tablesOf<CounterTables>(database)
        .insertInto('counters')
        .values({ name: 'a', value: 0 })
        .execute();
      await database.close();
    });
    const program = `
      import { openDatabase, tablesOf } from ${JSON.stringify(join(import.meta.dirname, 'database.ts'))};
      const migrations = { 'counter-001-counters': { up: async () => { throw new Error('must not run again'); } } };
      const database = await openDatabase(${JSON.stringify(file)}, [migrations]);
      for (let i = 0; i < 100; i++) await database.transaction(async (transaction) => {
        const { value } = await tablesOf(transaction).selectFrom('counters').select('value').executeTakeFirstOrThrow();
        await tablesOf(transaction).updateTable('counters').set({ value: value + 1 }).execute();
      });
      await database.close();`;
    const script = join(folder, 'writer.mts');
    writeFileSync(script, program);
    await Promise.all(
      Array.from(
        { length: 3 },
        () =>
          new Promise<void>((resolve, reject) => {
            spawn(process.execPath, [script], { stdio: 'inherit' }).on('exit', (code) =>
              code === 0 ? resolve() : reject(new Error(`exit ${code}`)),
            );
          }),
      ),
    );
    const connection = new DatabaseSync(file);
    expect(connection.prepare('select value from counters').get()).toEqual({ value: 300 });
    connection.close();
  });
});

describe('the project lock', () => {
  it('is held by one, names the holder, and is free after release', () => {
    const lock = join(folder, 'sync.lock');
    const release = lockProject(lock, 'sync');
    expect(() => lockProject(lock, 'sync')).toThrow(/sync, process \d+/);
    release();
    lockProject(lock, 'sync')();
  });

  it('is free after its holder was killed', () => {
    const lock = join(folder, 'sync.lock');
    const script = join(folder, 'holder.mts');
    writeFileSync(
      script,
      `
      import { lockProject } from ${JSON.stringify(join(import.meta.dirname, 'project-lock.ts'))};
      lockProject(${JSON.stringify(lock)}, 'sync');
      process.kill(process.pid, 'SIGKILL');`,
    );
    expect(() => execFileSync(process.execPath, [script])).toThrow();
    lockProject(lock, 'sync')();
  });
});
