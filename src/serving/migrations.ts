import type { Migrations } from '../database/index.ts';

/** Tables of the serving room. */
export interface ServingTables {
  serving_keys: {
    id: string;
    /** sha256 of the secret part. */
    secret_hash: string;
    /** JSON of an `ApiKey` without its id. */
    key: string;
    created_at: string;
    expires_at: string | null;
    revoked_at: string | null;
  };
  serving_spend: { key: string; day: string; usd: number; requests: number };
  serving_audit: {
    number: number;
    at: string;
    actor: string;
    action: string;
    subject: string;
    detail: string | null;
  };
  serving_routes: {
    name: string;
    number: number;
    /** JSON of a `Route`. */
    route: string;
    at: string;
    actor: string;
    reason: string;
  };
}

export const servingMigrations: Migrations = {
  'serving-001-keys': {
    up: async (handle) => {
      await handle.schema
        .createTable('serving_keys')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('secret_hash', 'text', (column) => column.notNull())
        .addColumn('key', 'text', (column) => column.notNull())
        .addColumn('created_at', 'text', (column) => column.notNull())
        .addColumn('expires_at', 'text')
        .addColumn('revoked_at', 'text')
        .execute();
      await handle.schema
        .createTable('serving_spend')
        .addColumn('key', 'text', (column) => column.notNull())
        .addColumn('day', 'text', (column) => column.notNull())
        .addColumn('usd', 'double precision', (column) => column.notNull())
        .addColumn('requests', 'integer', (column) => column.notNull())
        .addPrimaryKeyConstraint('serving_spend_key', ['key', 'day'])
        .execute();
      await handle.schema
        .createTable('serving_audit')
        .addColumn('number', 'integer', (column) => column.primaryKey().autoIncrement())
        .addColumn('at', 'text', (column) => column.notNull())
        .addColumn('actor', 'text', (column) => column.notNull())
        .addColumn('action', 'text', (column) => column.notNull())
        .addColumn('subject', 'text', (column) => column.notNull())
        .addColumn('detail', 'text')
        .execute();
    },
  },
  'serving-002-routes': {
    up: async (handle) => {
      await handle.schema
        .createTable('serving_routes')
        .addColumn('name', 'text', (column) => column.notNull())
        .addColumn('number', 'integer', (column) => column.notNull())
        .addColumn('route', 'text', (column) => column.notNull())
        .addColumn('at', 'text', (column) => column.notNull())
        .addColumn('actor', 'text', (column) => column.notNull())
        .addColumn('reason', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('serving_routes_key', ['name', 'number'])
        .execute();
    },
  },
};
