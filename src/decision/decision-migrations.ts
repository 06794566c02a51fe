import type { Migrations } from '../database/index.ts';

/** Tables of seals and of saved decisions. */
export const decisionMigrations: Migrations = {
  'decision-100-seals': {
    up: async (handle) => {
      await handle.schema
        .createTable('decision_seals')
        .addColumn('hash', 'text', (column) => column.primaryKey())
        .addColumn('content', 'text', (column) => column.notNull())
        .addColumn('dataset', 'text', (column) => column.notNull())
        .addColumn('sealed_at', 'text', (column) => column.notNull())
        .execute();
    },
  },
  'decision-110-records': {
    up: async (handle) => {
      await handle.schema
        .createTable('decision_records')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('decided_at', 'text', (column) => column.notNull())
        .addColumn('decision', 'text', (column) => column.notNull())
        .addColumn('settings', 'text', (column) => column.notNull())
        .addColumn('corpus', 'text')
        .execute();
    },
  },
};
