import type { Kysely } from 'kysely';
import { type Migrations, tablesOf } from '../../database/index.ts';

/** Tombstones of what a deletion of documents took from evaluation; no texts but questions that people wrote. */
export interface ErasureTables {
  /** Documents whose answers are no longer kept, also those that a running process brings later. */
  evaluation_erased_documents: { document_hash: string; deletion: string; erased_at: string };
  evaluation_erased_answers: {
    run: string;
    sample: string;
    repetition: number;
    deletion: string;
    erased_at: string;
  };
  evaluation_erased_samples: {
    dataset: string;
    id: string;
    /** Split that it was in. */
    split: string | null;
    /** What is left: JSON with evidence as document, offsets and hash, group and tags; the question where a person wrote it. */
    rest: string;
    deletion: string;
    erased_at: string;
  };
}

/** The handle seen through these tables, giving stored text back as it was stored. */
export function erasureTables(database: Parameters<typeof tablesOf>[0]): Kysely<ErasureTables> {
  return tablesOf<ErasureTables>(database).withoutPlugins();
}

/** Migration of these tables; the evaluation room adds it to its own. */
export const erasureMigrations: Migrations = {
  'evaluation-700-erasures': {
    up: async (handle) => {
      await handle.schema
        .createTable('evaluation_erased_documents')
        .addColumn('document_hash', 'text', (column) => column.primaryKey())
        .addColumn('deletion', 'text', (column) => column.notNull())
        .addColumn('erased_at', 'text', (column) => column.notNull())
        .execute();
      await handle.schema
        .createTable('evaluation_erased_answers')
        .addColumn('run', 'text', (column) => column.notNull())
        .addColumn('sample', 'text', (column) => column.notNull())
        .addColumn('repetition', 'integer', (column) => column.notNull())
        .addColumn('deletion', 'text', (column) => column.notNull())
        .addColumn('erased_at', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('evaluation_erased_answers_key', ['run', 'sample', 'repetition'])
        .execute();
      await handle.schema
        .createTable('evaluation_erased_samples')
        .addColumn('dataset', 'text', (column) => column.notNull())
        .addColumn('id', 'text', (column) => column.notNull())
        .addColumn('split', 'text')
        .addColumn('rest', 'text', (column) => column.notNull())
        .addColumn('deletion', 'text', (column) => column.notNull())
        .addColumn('erased_at', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('evaluation_erased_samples_key', ['dataset', 'id'])
        .execute();
    },
  },
};
