import type { Kysely } from 'kysely';
import { canonicalJson, FulcrumError } from '../../core/index.ts';
import { type Database, type Migrations, tablesOf } from '../../database/index.ts';
import { scorerDefinitions } from '../scorers/prepare-scorers.ts';
import type { Scorer } from '../scorers/scorer.ts';

interface ScorerTables {
  evaluation_run_scorers: { run: string; metric: string; definition: string };
}

/** Migrations of the definitions of scorers; the evaluation room adds them to its own. */
export const scorerMigrations: Migrations = {
  'evaluation-400-run-scorers': {
    up: async (handle) => {
      await handle.schema
        .createTable('evaluation_run_scorers')
        .addColumn('run', 'text', (column) => column.notNull())
        .addColumn('metric', 'text', (column) => column.notNull())
        .addColumn('definition', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('evaluation_run_scorers_key', ['run', 'metric'])
        .execute();
    },
  },
};

function tables(database: Database): Kysely<ScorerTables> {
  return tablesOf<ScorerTables>(database).withoutPlugins();
}

/** Keeps how runs were scored, where the name of a metric does not say it. */
export async function keepScorerDefinitions(
  database: Database,
  runs: readonly string[],
  scorers: readonly Scorer[],
): Promise<void> {
  const rows = runs.flatMap((run) =>
    Object.entries(scorerDefinitions(scorers)).map(([metric, definition]) => ({
      run,
      metric,
      definition: canonicalJson(definition),
    })),
  );
  if (rows.length === 0) return;
  await tables(database)
    .insertInto('evaluation_run_scorers')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(['run', 'metric'])
        .doUpdateSet(({ ref }) => ({ definition: ref('excluded.definition') })),
    )
    .execute();
}

/** Definition by metric of the configured and own scorers of a run; empty where it had none. */
export async function definitionsOfRun(database: Database, run: string): Promise<Record<string, unknown>> {
  const rows = await tables(database)
    .selectFrom('evaluation_run_scorers')
    .select(['metric', 'definition'])
    .where('run', '=', run)
    .orderBy('metric')
    .execute();
  return Object.fromEntries(
    rows.map(({ metric, definition }) => [metric, JSON.parse(definition) as unknown]),
  );
}

/** Throws `run-mismatch` for runs whose scores of a metric were made by different rules. */
export async function refuseMixedScorers(
  database: Database,
  runs: readonly string[],
  metric: string,
): Promise<void> {
  const rows = await tables(database)
    .selectFrom('evaluation_run_scorers')
    .select(['run', 'definition'])
    .where('run', 'in', [...runs])
    .where('metric', '=', metric)
    .orderBy('run')
    .execute();
  const [first] = rows;
  const other = rows.find(({ definition }) => definition !== first?.definition);
  if (first && other)
    throw new FulcrumError('run-mismatch', {
      problem: `the scorer "${metric}" was another in ${first.run} than in ${other.run}; run them again, answers are kept.`,
      metric,
    });
}
