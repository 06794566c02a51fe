import type { Kysely } from 'kysely';
import { newId } from '../../../core/index.ts';
import { type Database, type Migrations, tablesOf } from '../../../database/index.ts';

/** Tables of frozen splits and of the looks at their test samples. */
export interface SplitTables {
  evaluation_frozen_splits: { dataset: string; hash: string; method: string; frozen_at: string };
  evaluation_test_looks: {
    id: string;
    dataset: string;
    hash: string;
    reason: string;
    detail: string;
    samples: number;
    taken_at: string;
  };
}

/** Migration of these tables; the evaluation room adds it to its own. */
export const splitMigrations: Migrations = {
  'evaluation-110-splits': {
    up: async (handle) => {
      await handle.schema
        .createTable('evaluation_frozen_splits')
        .addColumn('dataset', 'text', (column) => column.primaryKey())
        .addColumn('hash', 'text', (column) => column.notNull())
        .addColumn('method', 'text', (column) => column.notNull())
        .addColumn('frozen_at', 'text', (column) => column.notNull())
        .execute();
      await handle.schema
        .createTable('evaluation_test_looks')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('dataset', 'text', (column) => column.notNull())
        .addColumn('hash', 'text', (column) => column.notNull())
        .addColumn('reason', 'text', (column) => column.notNull())
        .addColumn('detail', 'text', (column) => column.notNull())
        .addColumn('samples', 'integer', (column) => column.notNull())
        .addColumn('taken_at', 'text', (column) => column.notNull())
        .execute();
    },
  },
};

/** A dataset whose splits stand for good. */
export interface FrozenSplit {
  readonly dataset: string;
  /** Hash of the dataset with its splits. */
  readonly hash: string;
  /** How it was split, as one JSON object. */
  readonly method: Readonly<Record<string, unknown>>;
  readonly frozenAt: string;
}

/** Somebody or something saw the test samples of a frozen dataset. */
export interface TestLook {
  /** The command, e.g. `eval run`. */
  readonly reason: string;
  /** What was run or written, e.g. names of variants. */
  readonly detail: string;
  /** Test samples that were seen. */
  readonly samples: number;
  readonly takenAt: string;
}

/** The tables of frozen splits, through the database or a transaction, with stored text as it was stored. */
export function splitTables(database: Database | Parameters<typeof tablesOf>[0]): Kysely<SplitTables> {
  return tablesOf<SplitTables>(database).withoutPlugins();
}

/** The frozen split of a dataset, or null. */
export async function findFrozenSplit(
  tables: Kysely<SplitTables>,
  dataset: string,
): Promise<FrozenSplit | null> {
  const row = await tables
    .selectFrom('evaluation_frozen_splits')
    .selectAll()
    .where('dataset', '=', dataset)
    .executeTakeFirst();
  if (!row) return null;
  return { dataset, hash: row.hash, method: JSON.parse(row.method), frozenAt: row.frozen_at };
}

/** Looks at the test samples of a dataset, oldest first. */
export async function listTestLooks(database: Database, dataset: string): Promise<TestLook[]> {
  const rows = await splitTables(database)
    .selectFrom('evaluation_test_looks')
    .selectAll()
    .where('dataset', '=', dataset)
    .orderBy('id')
    .execute();
  return rows.map(({ reason, detail, samples, taken_at }) => ({
    reason,
    detail,
    samples,
    takenAt: taken_at,
  }));
}

/** Logs a look at test samples; does nothing for a dataset that is not frozen, or where none was seen. */
export async function logTestLook(
  database: Database,
  look: { dataset: string; reason: string; detail: string; samples: number },
): Promise<void> {
  if (look.samples === 0) return;
  const tables = splitTables(database);
  const frozen = await findFrozenSplit(tables, look.dataset);
  if (!frozen) return;
  await tables
    .insertInto('evaluation_test_looks')
    .values({ ...look, id: newId('look'), hash: frozen.hash, taken_at: new Date().toISOString() })
    .execute();
}
