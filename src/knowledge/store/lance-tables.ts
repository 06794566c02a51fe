import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Connection, Index, Table } from '@lancedb/lancedb';
import { FulcrumError } from '../../core/index.ts';

/** Caches of one process, in bytes; the library's own defaults are 6 GB and 1 GB. */
const indexCacheBytes = 256n * 1024n * 1024n;
const metadataCacheBytes = 64n * 1024n * 1024n;
/** How often a commit that lost against another process is tried again. */
const commitAttempts = 6;
/** How often a query is tried whose state of the table another process removes, as a deletion for good does. */
const replacedAttempts = 5;

/** Kinds of tables; each tenant has one of each, and with isolated statistics a table of keywords for each access list. */
export type TableKind = 'keywords' | 'vectors';

const listMark = '.list-';

/**
 * Names of tables: `keywords_TENANT`, `vectors_TENANT`, `keywords_TENANT.list-LIST`. A tenant's name holds no dot, but for
 * the number of a second index: `acme.1`.
 */
export function tableName(tenant: string, kind: TableKind, list?: string): string {
  return list === undefined ? `${kind}_${tenant}` : `${kind}_${tenant}${listMark}${list}`;
}

/** Whether a table is one of those for a single access list. */
export function isListTable(name: string): boolean {
  return name.includes(listMark);
}

/** The tables of a LanceDB folder by their names: opened once, reopened when another process replaced them. */
export interface LanceTables {
  /** Names of the tables of a tenant and kind that were made, in order. */
  names(tenant: string, kind: TableKind): Promise<string[]>;
  /** Null where the table was never made. */
  open(name: string): Promise<Table | null>;
  /** Opens the table, making it where it is missing or outdated; `dimensions` makes it one of vectors. */
  ensure(name: string, dimensions?: number): Promise<Table>;
  drop(name: string): Promise<void>;
  /** Runs a query; when it fails the table is opened anew and the query tried once more, or some times where files are gone. */
  read<T>(name: string, absent: T, query: (table: Table) => Promise<T>): Promise<T>;
  /** Runs a change; only a commit that lost against another process is repeated. */
  write<T>(change: () => Promise<T>): Promise<T>;
  close(): void;
}

/** Opens nothing yet: library and folder are loaded at the first use. Failures are `disk-full` or `index-damaged`. */
export function createLanceTables(directory: string): LanceTables {
  const opened = new Map<string, Promise<Table | null>>();
  let connection: Promise<Connection> | null = null;

  const connect = (): Promise<Connection> => {
    connection ??= (async () => {
      // LanceDB warns on every query otherwise; it reads this when it is loaded.
      process.env.LANCEDB_LOG ??= 'error';
      const lancedb = await import('@lancedb/lancedb');
      const session = new lancedb.Session(indexCacheBytes, metadataCacheBytes);
      // 0: what another process wrote is seen by the next query.
      return lancedb.connect(directory, { readConsistencyInterval: 0 }, session);
    })();
    return connection;
  };

  const allNames = async (): Promise<string[]> => (await connect()).tableNames({ limit: 100_000 });

  const openExisting = async (name: string): Promise<Table | null> =>
    (await allNames()).includes(name) ? (await connect()).openTable(name) : null;

  const open = async (name: string): Promise<Table | null> => {
    let table = opened.get(name);
    if (!table) {
      table = openExisting(name);
      opened.set(name, table);
    }
    try {
      const found = await table;
      if (!found) opened.delete(name);
      return found;
    } catch (error) {
      opened.delete(name);
      throw indexError(error, directory);
    }
  };

  const tables: LanceTables = {
    async names(tenant, kind) {
      const shared = tableName(tenant, kind);
      try {
        return (await allNames())
          .filter((name) => name === shared || name.startsWith(`${shared}${listMark}`))
          .sort();
      } catch (error) {
        throw indexError(error, directory);
      }
    },
    open,
    async ensure(name, dimensions) {
      // The files of a table may have gone while it was open.
      const outdated = async (): Promise<boolean> => {
        const table = await open(name);
        return table !== null && (await isOutdated(table));
      };
      const drop = await outdated().catch(() => {
        opened.delete(name);
        return outdated();
      });
      let existing = await open(name);
      if (existing && drop) {
        await tables.drop(name);
        existing = null;
      }
      const table =
        existing ?? (await tables.write(async () => createTable(await connect(), name, dimensions)));
      opened.set(name, Promise.resolve(table));
      if (dimensions === undefined) await tables.write(() => ensureFullText(table));
      return table;
    },
    async drop(name) {
      opened.delete(name);
      try {
        if ((await allNames()).includes(name)) await (await connect()).dropTable(name);
      } catch {
        // A damaged table may refuse to be dropped; its folder may not.
      }
      rmSync(join(directory, `${name}.lance`), { recursive: true, force: true });
    },
    async read(name, absent, query) {
      for (let attempt = 1; ; attempt++) {
        const table = await open(name);
        if (!table) return absent;
        try {
          return await query(table);
        } catch (error) {
          opened.delete(name);
          if (attempt >= (isReplaced(error) ? replacedAttempts : 2)) throw indexError(error, directory);
          if (attempt > 1) await wait(100 * attempt);
        }
      }
    },
    async write(change) {
      for (let attempt = 1; ; attempt++) {
        try {
          return await change();
        } catch (error) {
          if (attempt === commitAttempts || !isLostCommit(error)) throw indexError(error, directory);
          await wait(50 * attempt);
        }
      }
    },
    close() {
      opened.clear();
      void connection?.then((lance) => lance.close()).catch(() => undefined);
      connection = null;
    },
  };
  return tables;
}

/** Whether a table was made by a release that had fewer columns. The next sync makes it anew from the database. */
export async function isOutdated(table: Table): Promise<boolean> {
  return !(await table.schema()).fields.some((field) => field.name === 'tags');
}

async function createTable(lance: Connection, name: string, dimensions: number | undefined): Promise<Table> {
  const { Field, FixedSizeList, Float32, Float64, List, Schema, Utf8 } = await import('apache-arrow');
  const text = (field: string) => new Field(field, new Utf8(), false);
  const texts = (field: string) => new Field(field, new List(new Field('item', new Utf8(), true)), false);
  const last =
    dimensions === undefined
      ? text('indexed_text')
      : new Field('vector', new FixedSizeList(dimensions, new Field('item', new Float32(), true)), false);
  const schema = new Schema([
    text('id'),
    text('document_id'),
    text('version'),
    text('source'),
    texts('readers'),
    new Field('language', new Utf8(), true),
    // Milliseconds; every instant of a calendar is exact in a double, and the library takes numbers for it.
    new Field('date', new Float64(), true),
    texts('tags'),
    last,
  ]);
  return lance.createEmptyTable(name, schema);
}

/** A process may have been killed between making the table and its index. */
async function ensureFullText(table: Table): Promise<void> {
  const indexes = await table.listIndices();
  if (indexes.some((index) => index.columns.includes('indexed_text'))) return;
  await table.createIndex('indexed_text', { config: await fullTextIndex() });
}

/** How the text of chunks is indexed by words. */
export async function fullTextIndex(): Promise<Index> {
  const { Index: Kinds } = await import('@lancedb/lancedb');
  return Kinds.fts({
    baseTokenizer: 'simple',
    language: 'English',
    stem: true,
    removeStopWords: true,
    asciiFolding: true,
    withPosition: false,
  });
}

/** Whether a state of the table is gone that the query still read: another process removed it, or the index is damaged. */
function isReplaced(error: unknown): boolean {
  return !(error instanceof FulcrumError) && /not found/i.test(String(error));
}

function isLostCommit(error: unknown): boolean {
  return /commit conflict|concurrent commit/i.test(String(error));
}

/** Gives LanceDB's failures their place in the catalogue. */
function indexError(error: unknown, path: string): FulcrumError {
  if (error instanceof FulcrumError) return error;
  const problem = String(error instanceof Error ? error.message : error);
  if (/no space left|os error 28|quota exceeded/i.test(problem))
    return new FulcrumError('disk-full', { path }, { cause: error });
  const firstLine = problem.split('\n')[0] ?? problem;
  return new FulcrumError('index-damaged', { path, problem: firstLine.slice(0, 200) }, { cause: error });
}
