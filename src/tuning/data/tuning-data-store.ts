import { createHash } from 'node:crypto';
import { canonicalJson, FulcrumError, sha256, suggest, type WorkOptions } from '../../core/index.ts';
import type { Database } from '../../database/index.ts';
import { tuningTables } from '../migrations.ts';
import { type TuningRow, type TuningSplit, tuningRowSchema } from './tuning-row.ts';

/** A version of a set of rows, without the rows. */
export interface TuningData {
  readonly name: string;
  /** From 1; a version never changes but by deletion of documents. */
  readonly version: number;
  readonly hash: string;
  /** Null before the data is split. */
  readonly splitHash: string | null;
  readonly rows: number;
  /** Rows by split; `none` for those without. */
  readonly splits: Readonly<Record<string, number>>;
  readonly origin: string;
  readonly createdAt: string;
}

/** Labelled rows of a project, by name and version. Rows come and go as streams. */
export interface TuningDataStore {
  /**
   * Keeps rows as the next version of a name, all of them or none. The same rows with the same splits as the newest version
   * make no new one. Throws `tuning-data-name-invalid`, `tuning-row-repeated`, `tuning-data-empty` and what the rows throw.
   */
  write(
    name: string,
    rows: AsyncIterable<TuningRow> | Iterable<TuningRow>,
    options: WorkOptions & { readonly origin: string; readonly splitMethod?: unknown },
  ): Promise<{ data: TuningData; unchanged: boolean }>;
  list(): Promise<TuningData[]>;
  /** `NAME` for the newest version, or `NAME@VERSION`. Throws `tuning-data-unknown`. */
  get(reference: string): Promise<TuningData>;
  /** In their order. Throws `tuning-data-unknown`. */
  rows(reference: string, options?: { readonly split?: TuningSplit | undefined }): AsyncIterable<TuningRow>;
  /** Removes a name with all its versions, or one version; returns the versions that went. Throws `tuning-data-unknown`. */
  remove(reference: string): Promise<number[]>;
}

/** Rows written or read by one statement. */
const rowsAtOnce = 200;

const namePattern = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,62}$/;

/** Refuses what could not stand before `@VERSION` or in a file name. Throws `tuning-data-name-invalid`. */
export function requireTuningDataName(name: string): void {
  if (!namePattern.test(name))
    throw new FulcrumError('tuning-data-name-invalid', { name: name.slice(0, 80) });
}

export function createTuningDataStore(database: Database): TuningDataStore {
  const tables = tuningTables(database);

  const list = async (): Promise<TuningData[]> => {
    const versions = await tables
      .selectFrom('tuning_data')
      .selectAll()
      .orderBy('name')
      .orderBy('version')
      .execute();
    const counts = await tables
      .selectFrom('tuning_rows')
      .select(({ fn }) => ['data', 'version', 'split', fn.countAll<number>().as('count')])
      .groupBy(['data', 'version', 'split'])
      .execute();
    return versions.map((row) => ({
      name: row.name,
      version: row.version,
      hash: row.hash,
      splitHash: row.split_hash,
      rows: row.rows,
      splits: Object.fromEntries(
        counts
          .filter(({ data, version }) => data === row.name && version === row.version)
          .map(({ split, count }) => [split ?? 'none', Number(count)]),
      ),
      origin: row.origin,
      createdAt: row.created_at,
    }));
  };

  const get = async (reference: string): Promise<TuningData> => {
    const { name, version } = parseReference(reference);
    const all = await list();
    const found = all.findLast(
      (data) => data.name === name && (version === null || data.version === version),
    );
    if (found) return found;
    const versions = all.filter((data) => data.name === name).map((data) => data.version);
    throw new FulcrumError('tuning-data-unknown', {
      data: reference,
      suggestion:
        versions.length > 0
          ? `It has the versions ${versions.join(', ')}.`
          : suggest(name, [...new Set(all.map((data) => data.name))]),
    });
  };

  /** Rows without a head are of an attempt that was cut short. */
  const removeVersion = async (name: string, version: number): Promise<void> => {
    await database.transaction(async (transaction) => {
      const inside = tuningTables(transaction);
      await inside
        .deleteFrom('tuning_rows')
        .where('data', '=', name)
        .where('version', '=', version)
        .execute();
      await inside
        .deleteFrom('tuning_data')
        .where('name', '=', name)
        .where('version', '=', version)
        .execute();
      await removeUnused(inside);
    });
  };

  return {
    list,
    get,
    async write(name, rows, { origin, splitMethod, onProgress, signal }) {
      requireTuningDataName(name);
      const newest = (await list()).findLast((data) => data.name === name);
      const version = (await lastVersion(tables, name)) + 1;
      try {
        const written = await writeRows(database, { name, version, rows, onProgress, signal });
        if (written.rows === 0) throw new FulcrumError('tuning-data-empty', { data: name });
        if (newest && newest.hash === written.hash && newest.splitHash === written.splitHash) {
          await removeVersion(name, version);
          return { data: newest, unchanged: true };
        }
        await tables
          .insertInto('tuning_data')
          .values({
            name,
            version,
            hash: written.hash,
            split_hash: written.splitHash,
            rows: written.rows,
            origin,
            split_method: splitMethod === undefined ? null : JSON.stringify(splitMethod),
            created_at: new Date().toISOString(),
          })
          .execute();
      } catch (error) {
        await removeVersion(name, version);
        throw error;
      }
      return { data: await get(`${name}@${version}`), unchanged: false };
    },
    async *rows(reference, { split } = {}) {
      const { name, version } = await get(reference);
      let after = -1;
      for (;;) {
        let query = tables
          .selectFrom('tuning_rows')
          .innerJoin('tuning_row_contents', 'tuning_row_contents.hash', 'tuning_rows.row_hash')
          .select(['ordinal', 'content', 'split'])
          .where('data', '=', name)
          .where('version', '=', version)
          .where('ordinal', '>', after)
          .orderBy('ordinal')
          .limit(rowsAtOnce);
        if (split !== undefined) query = query.where('split', '=', split);
        const page = await query.execute();
        for (const row of page)
          yield {
            ...(JSON.parse(row.content) as TuningRow),
            ...(row.split === null ? {} : { split: row.split as TuningSplit }),
          };
        if (page.length < rowsAtOnce) return;
        after = page.at(-1)!.ordinal;
      }
    },
    async remove(reference) {
      const { name, version } = parseReference(reference);
      await get(reference);
      const going = (await list()).filter(
        (data) => data.name === name && (version === null || data.version === version),
      );
      for (const data of going) await removeVersion(name, data.version);
      return going.map((data) => data.version);
    },
  };
}

/** `NAME@2` in its parts; the version is null where the newest is meant. */
export function parseReference(reference: string): { name: string; version: number | null } {
  const found = /^(.*)@(\d+)$/.exec(reference);
  return found ? { name: found[1]!, version: Number(found[2]) } : { name: reference, version: null };
}

type Tables = ReturnType<typeof tuningTables>;

async function lastVersion(tables: Tables, name: string): Promise<number> {
  const last = await tables
    .selectFrom('tuning_rows')
    .select(({ fn }) => fn.max('version').as('version'))
    .where('data', '=', name)
    .executeTakeFirst();
  const head = await tables
    .selectFrom('tuning_data')
    .select(({ fn }) => fn.max('version').as('version'))
    .where('name', '=', name)
    .executeTakeFirst();
  return Math.max(Number(last?.version ?? 0), Number(head?.version ?? 0));
}

interface Written {
  readonly rows: number;
  readonly hash: string;
  readonly splitHash: string | null;
}

async function writeRows(
  database: Database,
  request: WorkOptions & {
    readonly name: string;
    readonly version: number;
    readonly rows: AsyncIterable<TuningRow> | Iterable<TuningRow>;
  },
): Promise<Written> {
  const { name, version, rows, onProgress, signal } = request;
  const all = createHash('sha256');
  const splits = createHash('sha256');
  let count = 0;
  let isSplit = false;
  let batch: { ordinal: number; id: string; row_hash: string; split: string | null; content: string }[] = [];
  const flush = async (): Promise<void> => {
    const going = batch;
    batch = [];
    if (going.length > 0) await insertRows(database, name, version, going);
    onProgress?.({ phase: 'rows', done: count, total: null, unit: 'rows' });
  };
  for await (const given of rows) {
    signal?.throwIfAborted();
    const { split, ...row } = tuningRowSchema.parse(given);
    const content = canonicalJson(row);
    const rowHash = sha256(content);
    all.update(`${rowHash}\n`);
    splits.update(`${row.id}\u0000${split ?? ''}\n`);
    isSplit ||= split !== undefined;
    batch.push({ ordinal: count++, id: row.id, row_hash: rowHash, split: split ?? null, content });
    if (batch.length >= rowsAtOnce) await flush();
  }
  await flush();
  return { rows: count, hash: all.digest('hex'), splitHash: isSplit ? splits.digest('hex') : null };
}

async function insertRows(
  database: Database,
  data: string,
  version: number,
  rows: readonly { ordinal: number; id: string; row_hash: string; split: string | null; content: string }[],
): Promise<void> {
  await database.transaction(async (transaction) => {
    const tables = tuningTables(transaction);
    const ids = rows.map(({ id }) => id);
    const repeated =
      ids.find((id, index) => ids.indexOf(id) !== index) ??
      (
        await tables
          .selectFrom('tuning_rows')
          .select('id')
          .where('data', '=', data)
          .where('version', '=', version)
          .where('id', 'in', ids)
          .executeTakeFirst()
      )?.id;
    if (repeated !== undefined) throw new FulcrumError('tuning-row-repeated', { row: repeated });
    await tables
      .insertInto('tuning_row_contents')
      .values(rows.map(({ row_hash, content }) => ({ hash: row_hash, content })))
      .onConflict((conflict) => conflict.column('hash').doNothing())
      .execute();
    await tables
      .insertInto('tuning_rows')
      .values(rows.map(({ content: _content, ...row }) => ({ data, version, ...row })))
      .execute();
  });
}

/** Contents that no version holds any more. */
async function removeUnused(tables: Tables): Promise<void> {
  await tables
    .deleteFrom('tuning_row_contents')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('tuning_rows')
            .select('id')
            .whereRef('tuning_rows.row_hash', '=', 'tuning_row_contents.hash'),
        ),
      ),
    )
    .execute();
}
