import type { Migrations } from '../database/index.ts';

/** Tables of the jobs room. */
export interface JobTables {
  jobs: {
    id: string;
    kind: string;
    /** JSON text. */
    input: string;
    state: string;
    progress: string | null;
    result: string | null;
    error: string | null;
    cancel_requested: number;
    heartbeat_at: string | null;
    created_at: string;
    updated_at: string;
  };
}

export const jobMigrations: Migrations = {
  'jobs-001-jobs': {
    up: async (handle) => {
      await handle.schema
        .createTable('jobs')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('kind', 'text', (column) => column.notNull())
        .addColumn('input', 'text', (column) => column.notNull())
        .addColumn('state', 'text', (column) => column.notNull())
        .addColumn('progress', 'text')
        .addColumn('result', 'text')
        .addColumn('error', 'text')
        .addColumn('cancel_requested', 'integer', (column) => column.notNull().defaultTo(0))
        .addColumn('heartbeat_at', 'text')
        .addColumn('created_at', 'text', (column) => column.notNull())
        .addColumn('updated_at', 'text', (column) => column.notNull())
        .execute();
    },
  },
};
