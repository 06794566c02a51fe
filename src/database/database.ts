import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Kysely, ParseJSONResultsPlugin, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { FulcrumError, toFulcrumError } from '../core/index.ts';
import { nodeSqliteDialect } from './node-sqlite-dialect.ts';

/** No table in common: a room looks at the handle through its own tables with `tablesOf`. */
// biome-ignore lint/complexity/noBannedTypes: an empty table map is what "no tables" means to Kysely
type NoTables = {};

/** The system of record's handle. Rooms own their tables, migrations and queries; nobody else's. */
export interface Database {
  /** `sqlite` stores JSON as text and booleans as 0 and 1; `postgres` follows with the same queries. */
  readonly engine: 'sqlite' | 'postgres';
  readonly location: string;
  readonly handle: Kysely<NoTables>;
  /** Runs work in one transaction: all of it is durable when the promise resolves, none when it rejects. */
  transaction<T>(work: (transaction: Kysely<NoTables>) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Numbered migrations of one room; names start with the room's name: `knowledge-001-documents`. */
export type Migrations = Readonly<Record<string, Migration>>;

/** The handle seen through the tables of one room. */
export function tablesOf<Tables>(database: Database | Kysely<NoTables>): Kysely<Tables> {
  const handle = 'handle' in database ? database.handle : database;
  return handle as unknown as Kysely<Tables>;
}

/**
 * Opens (creating it where needed) the SQLite database of a project and brings it to the newest migration.
 * WAL mode with full synchronisation: an acknowledged write survives a crash and a power cut. Several
 * processes may write at once; each waits up to 10 s for the others.
 * Throws `database-corrupt`, `database-newer`, `project-readonly` or `disk-full`; in these cases the file is left as it was.
 */
export async function openDatabase(file: string, migrations: readonly Migrations[]): Promise<Database> {
  if (file !== ':memory:') makeFolder(dirname(file));
  const existed = file !== ':memory:' && existsSync(file);
  const handle = new Kysely<NoTables>({
    dialect: nodeSqliteDialect(file),
    plugins: [new ParseJSONResultsPlugin()],
  });
  try {
    if (existed) await refuseNewer(handle, file, migrations);
    await migrate(handle, migrations);
  } catch (error) {
    await handle.destroy().catch(() => undefined);
    throw databaseError(error, file);
  }
  return {
    engine: 'sqlite',
    location: file,
    handle,
    transaction: (work) => handle.transaction().execute(work),
    close: () => handle.destroy(),
  };
}

async function refuseNewer(handle: Kysely<NoTables>, file: string, migrations: readonly Migrations[]) {
  const table = await sql<{
    name: string;
  }>`select name from sqlite_master where name = 'kysely_migration'`.execute(handle);
  if (table.rows.length === 0) return;
  const applied = await sql<{ name: string }>`select name from kysely_migration`.execute(handle);
  const known = new Set(migrations.flatMap((room) => Object.keys(room)));
  const unknown = applied.rows.find((row) => !known.has(row.name));
  if (unknown) throw new FulcrumError('database-newer', { path: file, migration: unknown.name });
}

async function migrate(handle: Kysely<NoTables>, migrations: readonly Migrations[]) {
  const migrator = new Migrator({
    db: handle,
    provider: { getMigrations: async () => Object.assign({}, ...migrations) as Record<string, Migration> },
    allowUnorderedMigrations: true,
  });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error;
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!['EACCES', 'EPERM', 'EROFS'].includes(code)) throw error;
    throw new FulcrumError('project-readonly', { path, problem: code }, { cause: error });
  }
}

/** Gives SQLite's own failures their place in the catalogue. */
function databaseError(error: unknown, file: string): FulcrumError {
  if (error instanceof FulcrumError) return error;
  const text = error instanceof Error ? error.message : String(error);
  if (/file is not a database|malformed|disk image|corrupt/i.test(text))
    return new FulcrumError('database-corrupt', { path: file, problem: text }, { cause: error });
  if (/database is locked|SQLITE_BUSY/i.test(text))
    return new FulcrumError('database-busy', { path: file, seconds: 10 }, { cause: error });
  if (/readonly database|unable to open database file/i.test(text))
    return new FulcrumError('project-readonly', { path: file, problem: text }, { cause: error });
  return toFulcrumError(error);
}
