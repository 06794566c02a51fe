import { type Kysely, sql } from 'kysely';
import type { Migrations } from '../../database/index.ts';

/** Migrations of runs after the first; the evaluation room adds them to its own. */
export const runMigrations: Migrations = {
  'evaluation-200-repeats': {
    up: async (handle) => {
      for (const [column, value] of [
        ['repeats', 1],
        ['first_repetition', 0],
      ] as const)
        await handle.schema
          .alterTable('evaluation_runs')
          .addColumn(column, 'integer', (definition) => definition.notNull().defaultTo(value))
          .execute();
      // A primary key cannot be changed in place, so the results move to a table that has the repetition in it.
      await handle.schema.alterTable('evaluation_results').renameTo('evaluation_results_before').execute();
      await handle.schema
        .createTable('evaluation_results')
        .addColumn('run', 'text', (column) => column.notNull())
        .addColumn('sample', 'text', (column) => column.notNull())
        .addColumn('repetition', 'integer', (column) => column.notNull())
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
        .addPrimaryKeyConstraint('evaluation_results_repeats_key', ['run', 'sample', 'repetition'])
        .execute();
      const names = [
        'cluster',
        'tags',
        'answer_key',
        'output_hash',
        'refusal',
        'confidence',
        'usage',
        'cost',
        'seconds',
        'scores',
        'error',
      ];
      const columns = sql.join(names.map((name) => sql.ref(name)));
      await sql`insert into evaluation_results (run, sample, repetition, ${columns})
        select run, sample, 0, ${columns} from evaluation_results_before`.execute(handle as Kysely<unknown>);
      await handle.schema.dropTable('evaluation_results_before').execute();
      await handle.schema
        .createIndex('evaluation_results_clusters')
        .on('evaluation_results')
        .columns(['run', 'cluster', 'sample', 'repetition'])
        .execute();
    },
  },
};
