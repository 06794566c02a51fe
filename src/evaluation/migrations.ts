import { type Generated, type Kysely, sql } from 'kysely';
import { type Database, type Migrations, tablesOf } from '../database/index.ts';
import { cellMigrations } from './claims/cell-store.ts';
import { looksMigrations } from './comparison/looks-migrations.ts';
import { sampleOrderMigrations } from './datasets/sample-order-migrations.ts';
import { splitMigrations } from './datasets/splits/frozen-splits.ts';
import { type ErasureTables, erasureMigrations } from './erasure/erasure-migrations.ts';
import { factMigrations } from './facts/proposal-store.ts';
import { generationMigrations } from './generation/candidate-store.ts';
import { judgeMigrations } from './judges/judge-store.ts';
import { reviewMigrations } from './review/review-store.ts';
import { claimMigrations } from './runs/run-claim.ts';
import { runMigrations } from './runs/run-migrations.ts';
import { scorerMigrations } from './runs/scorer-definitions.ts';

/** Tables of datasets and runs. JSON is kept as text and parsed here, never by the database handle. */
export interface EvaluationTables extends ErasureTables {
  evaluation_datasets: { name: string; hash: string; samples: number; origin: string; imported_at: string };
  evaluation_samples: {
    dataset: string;
    ordinal: number;
    id: string;
    split: string | null;
    sample: string;
    /** `orderOf` the id. */
    seeded_order: string;
  };
  evaluation_runs: {
    id: string;
    /** Same text for two runs that would do the same work; used to go on with a run that was cut short. */
    plan: string;
    dataset: string;
    dataset_hash: string;
    split: string | null;
    sample_limit: number | null;
    variant: string;
    kind: string;
    deployable: number;
    definition: string;
    definition_hash: string;
    metrics: string;
    samples: number;
    repeats: Generated<number>;
    first_repetition: Generated<number>;
    origin: string;
    concurrency: number;
    version: string;
    node: string;
    started_at: string;
    finished_at: string | null;
  };
  evaluation_results: {
    run: string;
    sample: string;
    repetition: number;
    cluster: string;
    tags: string;
    /** Row of `evaluation_answers`; null for an error and in a recorded run. */
    answer_key: string | null;
    output_hash: string | null;
    refusal: string | null;
    confidence: number | null;
    usage: string;
    cost: string;
    seconds: number | null;
    scores: string;
    error: string | null;
  };
  evaluation_answers: { key: string; variant: string; sample: string; answer: string; created_at: string };
}

/** The handle seen through the tables of this room, giving stored text back as it was stored. */
export function evaluationTables(
  database: Database | Parameters<typeof tablesOf>[0],
): Kysely<EvaluationTables> {
  // The handle's JSON plugin would turn an answer that looks like JSON into an object.
  return tablesOf<EvaluationTables>(database).withoutPlugins();
}

/** Migrations of the evaluation room. */
export const evaluationMigrations: Migrations = {
  ...looksMigrations,
  ...runMigrations,
  ...claimMigrations,
  ...splitMigrations,
  ...sampleOrderMigrations,
  ...generationMigrations,
  ...reviewMigrations,
  ...factMigrations,
  ...scorerMigrations,
  ...judgeMigrations,
  ...cellMigrations,
  ...erasureMigrations,
  'evaluation-001-datasets': {
    up: async (handle) => {
      await handle.schema
        .createTable('evaluation_datasets')
        .addColumn('name', 'text', (column) => column.primaryKey())
        .addColumn('hash', 'text', (column) => column.notNull())
        .addColumn('samples', 'integer', (column) => column.notNull())
        .addColumn('origin', 'text', (column) => column.notNull())
        .addColumn('imported_at', 'text', (column) => column.notNull())
        .execute();
      await handle.schema
        .createTable('evaluation_samples')
        .addColumn('dataset', 'text', (column) => column.notNull())
        .addColumn('ordinal', 'integer', (column) => column.notNull())
        .addColumn('id', 'text', (column) => column.notNull())
        .addColumn('split', 'text')
        .addColumn('sample', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('evaluation_samples_key', ['dataset', 'id'])
        .execute();
    },
  },
  'evaluation-002-runs': {
    up: async (handle) => {
      await handle.schema
        .createTable('evaluation_runs')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('plan', 'text', (column) => column.notNull())
        .addColumn('dataset', 'text', (column) => column.notNull())
        .addColumn('dataset_hash', 'text', (column) => column.notNull())
        .addColumn('split', 'text')
        .addColumn('sample_limit', 'integer')
        .addColumn('variant', 'text', (column) => column.notNull())
        .addColumn('kind', 'text', (column) => column.notNull())
        .addColumn('deployable', 'integer', (column) => column.notNull())
        .addColumn('definition', 'text', (column) => column.notNull())
        .addColumn('definition_hash', 'text', (column) => column.notNull())
        .addColumn('metrics', 'text', (column) => column.notNull())
        .addColumn('samples', 'integer', (column) => column.notNull())
        .addColumn('origin', 'text', (column) => column.notNull())
        .addColumn('concurrency', 'integer', (column) => column.notNull())
        .addColumn('version', 'text', (column) => column.notNull())
        .addColumn('node', 'text', (column) => column.notNull())
        .addColumn('started_at', 'text', (column) => column.notNull())
        .addColumn('finished_at', 'text')
        .execute();
      await handle.schema
        .createTable('evaluation_results')
        .addColumn('run', 'text', (column) => column.notNull())
        .addColumn('sample', 'text', (column) => column.notNull())
        .addColumn('cluster', 'text', (column) => column.notNull())
        .addColumn('tags', 'text', (column) => column.notNull())
        .addColumn('answer_key', 'text')
        .addColumn('output_hash', 'text')
        .addColumn('refusal', 'text')
        .addColumn('confidence', sql`double precision`)
        .addColumn('usage', 'text', (column) => column.notNull())
        .addColumn('cost', 'text', (column) => column.notNull())
        .addColumn('seconds', sql`double precision`)
        .addColumn('scores', 'text', (column) => column.notNull())
        .addColumn('error', 'text')
        .addPrimaryKeyConstraint('evaluation_results_key', ['run', 'sample'])
        .execute();
      await handle.schema
        .createTable('evaluation_answers')
        .addColumn('key', 'text', (column) => column.primaryKey())
        .addColumn('variant', 'text', (column) => column.notNull())
        .addColumn('sample', 'text', (column) => column.notNull())
        .addColumn('answer', 'text', (column) => column.notNull())
        .addColumn('created_at', 'text', (column) => column.notNull())
        .execute();
    },
  },
};
