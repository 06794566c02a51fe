import { constants, DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import type { QueryOutcome, ReadOnlyQuery, SqlValue } from './read-only-query.ts';

// Entry point of the process that runs untrusted queries; see read-only-queries.ts.

/** Memory of this process; SQLite's own limit has no effect as Node compiles it. */
const memoryLimitBytes = 768 * 1024 * 1024;
const valueLimitBytes = 16 * 1024 * 1024;
const outputLimitBytes = 32 * 1024 * 1024;
/** Seconds after which a query that nobody stopped stops itself: its starter may have been killed. */
const graceSeconds = 2;

/** What a `select` needs; everything else is refused when the statement is compiled. */
const allowedActions: ReadonlySet<number> = new Set([
  constants.SQLITE_SELECT,
  constants.SQLITE_READ,
  constants.SQLITE_FUNCTION,
  constants.SQLITE_RECURSIVE,
]);
const refusedFunctions: ReadonlySet<string> = new Set(['load_extension', 'fts3_tokenizer']);

const deadline = watchOverItself();

process.on('message', (task: ReadOnlyQuery) => {
  Atomics.store(deadline, 0, Math.ceil(performance.now() / 1000 + task.timeoutMs / 1000 + graceSeconds));
  const reply = answer(task);
  Atomics.store(deadline, 0, 0);
  process.send?.(reply);
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');

function answer({ file, sql, maxRows, parameters }: ReadOnlyQuery): QueryOutcome {
  let database: DatabaseSync;
  try {
    database = open(file);
  } catch (error) {
    return { status: 'failed', reason: 'database', problem: (error as Error).message };
  }
  try {
    return read(database, { sql, maxRows, parameters });
  } catch (error) {
    const { message } = error as Error;
    const problem =
      message === 'not authorized' ? 'it does more than read: only a select is allowed' : message;
    return { status: 'failed', reason: 'sql', problem };
  } finally {
    database.close();
  }
}

function open(file: string): DatabaseSync {
  const database = new DatabaseSync(file, {
    readOnly: true,
    allowExtension: false,
    // What other clients of SQLite accept by default, and published gold queries use.
    enableDoubleQuotedStringLiterals: true,
    limits: { length: valueLimitBytes, attach: 0 },
    timeout: 1000,
  });
  // Intermediate results stay off the disk, where nothing limits them.
  database.exec('pragma temp_store = memory');
  // Reads the header: a file that is no database is found out here.
  database.prepare('select count(*) from sqlite_master').get();
  database.setAuthorizer((action, first, second) => {
    const allowed =
      (allowedActions.has(action) &&
        !(action === constants.SQLITE_FUNCTION && refusedFunctions.has(second ?? ''))) ||
      // The full-text module asks it of itself.
      (action === constants.SQLITE_PRAGMA && first === 'data_version');
    return allowed ? constants.SQLITE_OK : constants.SQLITE_DENY;
  });
  return database;
}

function read(
  database: DatabaseSync,
  { sql, maxRows, parameters = {} }: Pick<ReadOnlyQuery, 'sql' | 'maxRows' | 'parameters'>,
): QueryOutcome {
  const statement = database.prepare(sql);
  statement.setReadBigInts(true);
  statement.setReturnArrays(true);
  const columns = statement.columns().map(({ name }) => name);
  if (columns.length === 0) return { status: 'failed', reason: 'sql', problem: 'it is no query' };
  const rows: SqlValue[][] = [];
  let bytes = 0;
  for (const row of statement.iterate({ ...parameters }) as Iterable<unknown>) {
    if (rows.length === maxRows)
      return { status: 'failed', reason: 'too-many-rows', problem: `more than ${maxRows} rows` };
    const values = (row as SqlValue[]).map(shortened);
    for (const value of values) bytes += sizeOf(value);
    if (bytes > outputLimitBytes)
      return { status: 'failed', reason: 'too-much-output', problem: `more than ${outputLimitBytes} bytes` };
    rows.push(values);
  }
  return { status: 'rows', columns, rows };
}

function shortened(value: SqlValue): SqlValue {
  const isSafe = typeof value === 'bigint' && Number.isSafeInteger(Number(value));
  return isSafe ? Number(value) : value;
}

function sizeOf(value: SqlValue): number {
  if (typeof value === 'string') return value.length;
  return value instanceof Uint8Array ? value.byteLength : 8;
}

/**
 * Starts a thread that ends this process after the deadline (seconds of its clock, 0 for none) in the cell returned,
 * and when it takes too much memory, by another signal so that the two can be told apart.
 */
function watchOverItself(): Int32Array<SharedArrayBuffer> {
  const cells = new Int32Array(new SharedArrayBuffer(8));
  const watch = `
    const { workerData: { cells, start, memoryLimitBytes } } = require('node:worker_threads');
    for (;;) {
      Atomics.wait(cells, 1, 0, 100);
      const deadline = Atomics.load(cells, 0);
      if (deadline !== 0 && (Date.now() - start) / 1000 > deadline) process.kill(process.pid, 'SIGKILL');
      if (process.memoryUsage.rss() > memoryLimitBytes) process.kill(process.pid, 'SIGTERM');
    }`;
  const workerData = { cells, start: performance.timeOrigin, memoryLimitBytes };
  new Worker(watch, { eval: true, workerData }).unref();
  return cells;
}
