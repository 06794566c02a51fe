import type { Migrations } from '../../database/index.ts';

/** Migrations of the tables of looks; the evaluation room adds them to its own. */
export const looksMigrations: Migrations = {
  'evaluation-100-looks': {
    up: async (handle) => {
      await handle.schema
        .createTable('evaluation_looks')
        .addColumn('comparison', 'text', (column) => column.notNull())
        .addColumn('samples_hash', 'text', (column) => column.notNull())
        .addColumn('look', 'integer', (column) => column.notNull())
        .addColumn('taken_at', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('evaluation_looks_key', ['comparison', 'samples_hash'])
        .addUniqueConstraint('evaluation_looks_number', ['comparison', 'look'])
        .execute();
    },
  },
  'evaluation-101-look-plans': {
    up: async (handle) => {
      await handle.schema
        .createTable('evaluation_look_plans')
        .addColumn('comparison', 'text', (column) => column.primaryKey())
        .addColumn('looks', 'integer', (column) => column.notNull())
        .addColumn('spending', 'text', (column) => column.notNull())
        .addColumn('declared_at', 'text', (column) => column.notNull())
        .execute();
      await handle.schema
        .createTable('evaluation_sequences')
        .addColumn('comparison', 'text', (column) => column.notNull())
        .addColumn('sample', 'text', (column) => column.notNull())
        .addColumn('position', 'integer', (column) => column.notNull())
        .addColumn('scores_hash', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('evaluation_sequences_key', ['comparison', 'sample'])
        .execute();
    },
  },
};
