import { sql } from 'kysely';
import { type Database, type Migrations, tablesOf } from '../../database/index.ts';
import {
  type AnswerLabel,
  answerLabelSchema,
  type Review,
  reviewDecisionSchema,
  sampleEditSchema,
} from './review.ts';

interface ReviewTables {
  sample_reviews: {
    dataset: string;
    sample: string;
    rater: string;
    decision: string;
    edit: string | null;
    note: string | null;
    sample_hash: string;
    decided_at: string;
  };
  answer_labels: {
    run: string;
    sample: string;
    rater: string;
    answer: string;
    label: string;
    stratum: string;
    inclusion: number;
    decided_at: string;
  };
}

/** Migrations of review; the evaluation room adds them to its own. */
export const reviewMigrations: Migrations = {
  'evaluation-210-reviews': {
    up: async (handle) => {
      await handle.schema
        .createTable('sample_reviews')
        .addColumn('dataset', 'text', (column) => column.notNull())
        .addColumn('sample', 'text', (column) => column.notNull())
        .addColumn('rater', 'text', (column) => column.notNull())
        .addColumn('decision', 'text', (column) => column.notNull())
        .addColumn('edit', 'text')
        .addColumn('note', 'text')
        .addColumn('sample_hash', 'text', (column) => column.notNull())
        .addColumn('decided_at', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('sample_reviews_key', ['dataset', 'sample', 'rater'])
        .execute();
      await handle.schema
        .createTable('answer_labels')
        .addColumn('run', 'text', (column) => column.notNull())
        .addColumn('sample', 'text', (column) => column.notNull())
        .addColumn('rater', 'text', (column) => column.notNull())
        .addColumn('answer', 'text', (column) => column.notNull())
        .addColumn('label', 'text', (column) => column.notNull())
        .addColumn('stratum', 'text', (column) => column.notNull())
        .addColumn('inclusion', sql`double precision`, (column) => column.notNull())
        .addColumn('decided_at', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('answer_labels_key', ['run', 'sample', 'rater'])
        .execute();
    },
  },
};

/** A person's judgement of the answer of a run to a sample. */
export interface KeptLabel {
  readonly run: string;
  readonly sample: string;
  readonly rater: string;
  /** Key of the answer that was judged (see `answerKey`). */
  readonly answer: string;
  readonly label: AnswerLabel;
  /** Why the sample was in the queue. */
  readonly stratum: 'disagreement' | 'random';
  /** Probability with which the queue drew the sample, in (0, 1]; weights are its inverse. */
  readonly inclusion: number;
}

/** Decisions and labels of people; durable when a promise resolves. The last word of a rater on a thing counts. */
export interface ReviewStore {
  /** All or none are kept. */
  keepReviews(dataset: string, reviews: readonly Review[]): Promise<void>;
  /** Sorted by rater and sample. */
  reviews(dataset: string): Promise<Review[]>;
  /** All or none are kept. */
  keepLabels(labels: readonly KeptLabel[]): Promise<void>;
  /** Sorted by run, sample and rater. */
  labels(runs: readonly string[]): Promise<KeptLabel[]>;
}

export function createReviewStore(database: Database): ReviewStore {
  const tablesIn = (handle: Parameters<typeof tablesOf>[0]) =>
    tablesOf<ReviewTables>(handle).withoutPlugins();
  const tables = tablesIn(database.handle);
  return {
    async keepReviews(dataset, reviews) {
      await database.transaction(async (transaction) => {
        for (const { sample, rater, decision, edit, note, sampleHash } of reviews) {
          const columns = {
            decision,
            edit: edit === null ? null : JSON.stringify(edit),
            note,
            sample_hash: sampleHash,
            decided_at: new Date().toISOString(),
          };
          await tablesIn(transaction)
            .insertInto('sample_reviews')
            .values({ dataset, sample, rater, ...columns })
            .onConflict((conflict) => conflict.columns(['dataset', 'sample', 'rater']).doUpdateSet(columns))
            .execute();
        }
      });
    },
    async reviews(dataset) {
      const rows = await tables
        .selectFrom('sample_reviews')
        .selectAll()
        .where('dataset', '=', dataset)
        .orderBy('rater')
        .orderBy('sample')
        .execute();
      return rows.map((row) => ({
        sample: row.sample,
        rater: row.rater,
        decision: reviewDecisionSchema.parse(row.decision),
        edit: row.edit === null ? null : sampleEditSchema.parse(JSON.parse(row.edit)),
        note: row.note,
        sampleHash: row.sample_hash,
      }));
    },
    async keepLabels(labels) {
      await database.transaction(async (transaction) => {
        for (const { run, sample, rater, ...judged } of labels) {
          const columns = { ...judged, decided_at: new Date().toISOString() };
          await tablesIn(transaction)
            .insertInto('answer_labels')
            .values({ run, sample, rater, ...columns })
            .onConflict((conflict) => conflict.columns(['run', 'sample', 'rater']).doUpdateSet(columns))
            .execute();
        }
      });
    },
    async labels(runs) {
      if (runs.length === 0) return [];
      const rows = await tables
        .selectFrom('answer_labels')
        .selectAll()
        .where('run', 'in', [...runs])
        .orderBy('run')
        .orderBy('sample')
        .orderBy('rater')
        .execute();
      return rows.map(({ decided_at: _when, label, stratum, ...row }) => ({
        ...row,
        label: answerLabelSchema.parse(label),
        stratum: stratum === 'random' ? 'random' : 'disagreement',
      }));
    },
  };
}
