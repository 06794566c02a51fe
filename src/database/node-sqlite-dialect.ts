import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { type SqliteDatabase, SqliteDialect } from 'kysely';

/** How long a writer waits for another process before it gives up. */
const busyTimeoutMs = 10_000;
/** Prepared statements kept per connection. */
const statementCacheSize = 500;

/** Kysely's own SQLite dialect over `node:sqlite`, which has another method set than the client it expects. */
export function nodeSqliteDialect(file: string): SqliteDialect {
  return new SqliteDialect({ database: async () => openConnection(file) });
}

/** Pages kept in memory, in KiB. With SQLite's own 2,000 the indexes of 100,000 chunks are read again at each batch of a sync. */
const cacheKib = 16_384;

function openConnection(file: string): SqliteDatabase {
  const connection = new DatabaseSync(file, { timeout: busyTimeoutMs });
  connection.exec(
    'pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma secure_delete = on',
  );
  connection.exec(`pragma cache_size = -${cacheKib}`);
  const statements = new Map<string, StatementSync>();
  const prepare = (text: string): StatementSync => {
    const known = statements.get(text);
    if (known) return known;
    const statement = connection.prepare(text);
    if (statements.size < statementCacheSize) statements.set(text, statement);
    return statement;
  };
  return {
    close: () => connection.close(),
    prepare(text) {
      // A transaction here always writes; taking the write lock at once avoids failing half-way on a stale read.
      const statement = prepare(text === 'begin' ? 'begin immediate' : text);
      return {
        reader: statement.columns().length > 0,
        all: (parameters) => statement.all(...parameters.map(bindable)),
        run: (parameters) => {
          // A full disk ends the transaction by itself; a failing rollback would hide why.
          if (text === 'rollback' && !connection.isTransaction) return { changes: 0, lastInsertRowid: 0 };
          return statement.run(...parameters.map(bindable));
        },
        iterate: (parameters) => statement.iterate(...parameters.map(bindable)) as IterableIterator<unknown>,
      };
    },
  };
}

function bindable(value: unknown): SQLInputValue {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof Date) return value.toISOString();
  return value as SQLInputValue;
}
