import { sql } from 'kysely';
import type { Migrations } from '../../database/index.ts';
import type { UsageKind } from './usage-row.ts';

/** A row of imported usage as it is stored. */
export interface StoredRow {
  set_name: string;
  /** Hash of what the row is; the same row of a second import has the same one. */
  key: string;
  content: string;
  format: string;
  kind: UsageKind;
  at: string | null;
  until: string | null;
  provider: string | null;
  model: string | null;
  requests: number | null;
  input_tokens: number;
  cached_tokens: number | null;
  written_tokens: number | null;
  output_tokens: number;
  reasoning_tokens: number | null;
  batch: number | null;
  usd: number | null;
}

export interface UsageTables {
  decision_usage: StoredRow;
  decision_usage_imports: {
    set_name: string;
    file: string;
    format: string;
    records: number;
    added: number;
    imported_at: string;
  };
}

/** Tables of imported usage. */
export const usageMigrations: Migrations = {
  'decision-001-usage': {
    up: async (handle) => {
      await handle.schema
        .createTable('decision_usage')
        .addColumn('set_name', 'text', (column) => column.notNull())
        .addColumn('key', 'text', (column) => column.notNull())
        .addColumn('content', 'text', (column) => column.notNull())
        .addColumn('format', 'text', (column) => column.notNull())
        .addColumn('kind', 'text', (column) => column.notNull())
        .addColumn('at', 'text')
        .addColumn('until', 'text')
        .addColumn('provider', 'text')
        .addColumn('model', 'text')
        .addColumn('requests', 'bigint')
        .addColumn('input_tokens', 'bigint', (column) => column.notNull())
        .addColumn('cached_tokens', 'bigint')
        .addColumn('written_tokens', 'bigint')
        .addColumn('output_tokens', 'bigint', (column) => column.notNull())
        .addColumn('reasoning_tokens', 'bigint')
        .addColumn('batch', 'integer')
        .addColumn('usd', sql`double precision`)
        .addPrimaryKeyConstraint('decision_usage_key', ['set_name', 'key'])
        .execute();
      await handle.schema
        .createTable('decision_usage_imports')
        .addColumn('set_name', 'text', (column) => column.notNull())
        .addColumn('file', 'text', (column) => column.notNull())
        .addColumn('format', 'text', (column) => column.notNull())
        .addColumn('records', 'integer', (column) => column.notNull())
        .addColumn('added', 'integer', (column) => column.notNull())
        .addColumn('imported_at', 'text', (column) => column.notNull())
        .execute();
    },
  },
};
