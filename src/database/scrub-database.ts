import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import { FulcrumError } from '../core/index.ts';
import type { Database } from './database.ts';

/** How long readers of other processes are waited for. */
const patienceMs = 20_000;

/**
 * Makes deleted rows vanish from the bytes of the files: the database is written anew without free space, and the
 * write-ahead log, which holds pages as they were, is emptied. Throws `database-busy` while another process reads
 * for longer than 20 s; calling it again is safe.
 */
export async function scrubDatabase(database: Database): Promise<void> {
  if (database.engine !== 'sqlite' || database.location === ':memory:') return;
  const until = Date.now() + patienceMs;
  // Every connection overwrites what it deletes (`secure_delete`); this also drops pages that were never part of a table.
  await patiently(until, database.location, async () => {
    await sql`vacuum`.execute(database.handle);
    return true;
  });
  await patiently(until, database.location, async () => {
    const { rows } = await sql<{ busy: number }>`pragma wal_checkpoint(truncate)`.execute(database.handle);
    return rows[0]?.busy === 0;
  });
}

async function patiently(until: number, path: string, attempt: () => Promise<boolean>): Promise<void> {
  for (;;) {
    try {
      if (await attempt()) return;
    } catch (error) {
      if (!/locked|busy|SQL statements in progress/i.test(String(error))) throw error;
    }
    if (Date.now() > until) throw new FulcrumError('database-busy', { path, seconds: patienceMs / 1000 });
    await wait(200);
  }
}
