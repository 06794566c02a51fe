import type { Kysely } from 'kysely';
import { type Database, type Migrations, tablesOf } from '../database/index.ts';

/** Tables of the tuning room. JSON is kept as text and parsed here, never by the database handle. */
export interface TuningTables {
  tuning_data: {
    name: string;
    version: number;
    /** sha256 over the rows in their order. */
    hash: string;
    /** sha256 over ids and splits; null before the data is split. */
    split_hash: string | null;
    rows: number;
    origin: string;
    /** JSON: how it was split; null before. */
    split_method: string | null;
    created_at: string;
  };
  tuning_rows: {
    data: string;
    version: number;
    ordinal: number;
    id: string;
    row_hash: string;
    split: string | null;
  };
  /** The content of rows, kept once for all versions that hold it. */
  tuning_row_contents: { hash: string; content: string };
  tuning_jobs: {
    id: string;
    name: string;
    provider: string;
    provider_job: string | null;
    method: string;
    base: string;
    data: string;
    data_version: number;
    state: string;
    provider_state: string | null;
    /** JSON of settings, output schema and what else the request says. */
    request: string;
    /** JSON of the last status without its product. */
    status: string | null;
    /** JSON of a catalogue error. */
    failure: string | null;
    /** JSON of a `TuningProduct`. */
    product: string | null;
    model: string | null;
    estimate: string | null;
    created_at: string;
    updated_at: string;
  };
  tuning_events: {
    job: string;
    sequence: number;
    at: string;
    level: string;
    message: string;
    metrics: string | null;
  };
  tuned_models: {
    id: string;
    name: string;
    number: number;
    stage: string;
    /** JSON of a `TunedModel`. */
    model: string;
    created_at: string;
    removed_at: string | null;
  };
}

/** Whether anything was ever tuned here, without loading the room. */
export async function hasTunedModels(database: Database): Promise<boolean> {
  const row = await tuningTables(database)
    .selectFrom('tuned_models')
    .select('id')
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** The database seen through the tables of this room. */
export function tuningTables(database: Database | Parameters<typeof tablesOf>[0]): Kysely<TuningTables> {
  return tablesOf<TuningTables>(database).withoutPlugins();
}

export const tuningMigrations: Migrations = {
  'tuning-001-data': {
    up: async (handle) => {
      await handle.schema
        .createTable('tuning_data')
        .addColumn('name', 'text', (column) => column.notNull())
        .addColumn('version', 'integer', (column) => column.notNull())
        .addColumn('hash', 'text', (column) => column.notNull())
        .addColumn('split_hash', 'text')
        .addColumn('rows', 'integer', (column) => column.notNull())
        .addColumn('origin', 'text', (column) => column.notNull())
        .addColumn('split_method', 'text')
        .addColumn('created_at', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('tuning_data_key', ['name', 'version'])
        .execute();
      await handle.schema
        .createTable('tuning_rows')
        .addColumn('data', 'text', (column) => column.notNull())
        .addColumn('version', 'integer', (column) => column.notNull())
        .addColumn('ordinal', 'integer', (column) => column.notNull())
        .addColumn('id', 'text', (column) => column.notNull())
        .addColumn('row_hash', 'text', (column) => column.notNull())
        .addColumn('split', 'text')
        .addPrimaryKeyConstraint('tuning_rows_key', ['data', 'version', 'ordinal'])
        .execute();
      await handle.schema
        .createIndex('tuning_rows_by_id')
        .unique()
        .on('tuning_rows')
        .columns(['data', 'version', 'id'])
        .execute();
      await handle.schema.createIndex('tuning_rows_by_hash').on('tuning_rows').column('row_hash').execute();
      await handle.schema
        .createTable('tuning_row_contents')
        .addColumn('hash', 'text', (column) => column.primaryKey())
        .addColumn('content', 'text', (column) => column.notNull())
        .execute();
    },
  },
  'tuning-002-jobs': {
    up: async (handle) => {
      await handle.schema
        .createTable('tuning_jobs')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('name', 'text', (column) => column.notNull())
        .addColumn('provider', 'text', (column) => column.notNull())
        .addColumn('provider_job', 'text')
        .addColumn('method', 'text', (column) => column.notNull())
        .addColumn('base', 'text', (column) => column.notNull())
        .addColumn('data', 'text', (column) => column.notNull())
        .addColumn('data_version', 'integer', (column) => column.notNull())
        .addColumn('state', 'text', (column) => column.notNull())
        .addColumn('provider_state', 'text')
        .addColumn('request', 'text', (column) => column.notNull())
        .addColumn('status', 'text')
        .addColumn('failure', 'text')
        .addColumn('product', 'text')
        .addColumn('model', 'text')
        .addColumn('estimate', 'text')
        .addColumn('created_at', 'text', (column) => column.notNull())
        .addColumn('updated_at', 'text', (column) => column.notNull())
        .execute();
      await handle.schema
        .createTable('tuning_events')
        .addColumn('job', 'text', (column) => column.notNull())
        .addColumn('sequence', 'integer', (column) => column.notNull())
        .addColumn('at', 'text', (column) => column.notNull())
        .addColumn('level', 'text', (column) => column.notNull())
        .addColumn('message', 'text', (column) => column.notNull())
        .addColumn('metrics', 'text')
        .addPrimaryKeyConstraint('tuning_events_key', ['job', 'sequence'])
        .execute();
    },
  },
  'tuning-003-models': {
    up: async (handle) => {
      await handle.schema
        .createTable('tuned_models')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('name', 'text', (column) => column.notNull())
        .addColumn('number', 'integer', (column) => column.notNull())
        .addColumn('stage', 'text', (column) => column.notNull())
        .addColumn('model', 'text', (column) => column.notNull())
        .addColumn('created_at', 'text', (column) => column.notNull())
        .addColumn('removed_at', 'text')
        .addUniqueConstraint('tuned_models_number', ['name', 'number'])
        .execute();
    },
  },
};
