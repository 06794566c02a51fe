import type { Kysely } from 'kysely';
import { type Migrations, tablesOf } from '../../database/index.ts';

/** Tables of deletions for good. No text of a document is in them. */
export interface DeletionTables {
  document_deletions: {
    id: string;
    tenant: string;
    /**
     * `requested`: nothing is taken away yet; `taken`: no table holds the documents, but index and files may; `done`.
     * Whatever is not done is finished before a command shows anything.
     */
    state: string;
    /** JSON array of document ids. */
    documents: string;
    requested_at: string;
    /** Name of who asked for it, as the system has it. */
    requested_by: string;
    reason: string | null;
    /** 1 when the questions that people wrote about the documents go too. */
    questions: number;
    /** JSON of the receipt as far as it is known; null before anything is taken. */
    receipt: string | null;
    /** Key of the hashes in the receipt; it never leaves the project. */
    salt: string;
    finished_at: string | null;
    /** Hash of the finished receipt. */
    receipt_hash: string | null;
  };
  /** Documents that sync leaves out: hash of the id or of the canonical text. */
  document_tombstones: {
    tenant: string;
    kind: 'id' | 'content';
    hash: string;
    deletion: string;
    created_at: string;
  };
}

/** The handle seen through these tables, giving stored text back as it was stored. */
export function deletionTables(database: Parameters<typeof tablesOf>[0]): Kysely<DeletionTables> {
  return tablesOf<DeletionTables>(database).withoutPlugins();
}

/** Migration of these tables; the knowledge room adds it to its own. */
export const deletionMigrations: Migrations = {
  'knowledge-010-deletions': {
    up: async (handle) => {
      await handle.schema
        .createTable('document_deletions')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('tenant', 'text', (column) => column.notNull())
        .addColumn('state', 'text', (column) => column.notNull())
        .addColumn('documents', 'text', (column) => column.notNull())
        .addColumn('requested_at', 'text', (column) => column.notNull())
        .addColumn('requested_by', 'text', (column) => column.notNull())
        .addColumn('reason', 'text')
        .addColumn('questions', 'integer', (column) => column.notNull())
        .addColumn('receipt', 'text')
        .addColumn('salt', 'text', (column) => column.notNull())
        .addColumn('finished_at', 'text')
        .addColumn('receipt_hash', 'text')
        .execute();
      await handle.schema
        .createTable('document_tombstones')
        .addColumn('tenant', 'text', (column) => column.notNull())
        .addColumn('kind', 'text', (column) => column.notNull())
        .addColumn('hash', 'text', (column) => column.notNull())
        .addColumn('deletion', 'text', (column) => column.notNull())
        .addColumn('created_at', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('document_tombstones_key', ['tenant', 'kind', 'hash'])
        .execute();
    },
  },
};

/** Whether a deletion was begun and not finished. */
export async function hasUnfinishedDeletions(database: Parameters<typeof tablesOf>[0]): Promise<boolean> {
  const row = await deletionTables(database)
    .selectFrom('document_deletions')
    .select('id')
    .where('state', '!=', 'done')
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
