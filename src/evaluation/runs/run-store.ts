import type { Selectable } from 'kysely';
import { type Answer, FulcrumError, newId, suggest } from '../../core/index.ts';
import type { Database } from '../../database/index.ts';
import { type EvaluationTables, evaluationTables } from '../migrations.ts';
import type { Run, SampleResult } from './run.ts';

/** What is known of a run before it starts. */
export type NewRun = Omit<Run, 'id' | 'startedAt' | 'finishedAt' | 'origin'>;

/** Runs, their results and the cache of answers. Every call is durable when its promise resolves. */
export interface RunStore {
  /** The unfinished run of the same plan, or a new one. */
  begin(plan: string, run: NewRun): Promise<Run>;
  /** Keeps the result of one sample and, where there is one, its answer for later runs. */
  keep(run: string, result: SampleResult, answer?: KeptAnswer): Promise<void>;
  finish(run: string): Promise<Run>;
  /** Keeps a finished run with its results, replacing one of the same id. */
  put(run: Run, results: readonly SampleResult[]): Promise<void>;
  /** Newest first. */
  list(): Promise<Run[]>;
  /** Throws `run-unknown`. */
  get(id: string): Promise<Run>;
  /** Sorted by sample id, by code units. */
  results(run: string): Promise<SampleResult[]>;
  /** Answers of a run by sample id; recorded runs have none. */
  answers(run: string): Promise<Map<string, Answer>>;
  /** The keys that have a finished answer, out of those given. */
  knownAnswers(keys: readonly string[]): Promise<Set<string>>;
  answer(key: string): Promise<Answer | null>;
}

/** A finished answer under the hash of everything that it depends on. */
export interface KeptAnswer {
  readonly key: string;
  readonly variant: string;
  readonly answer: Answer;
}

/** Keys looked up by one query. */
const keysAtOnce = 400;

export function createRunStore(database: Database): RunStore {
  const tables = evaluationTables(database);

  const get = async (id: string): Promise<Run> => {
    const row = await tables
      .selectFrom('evaluation_runs')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    if (row) return toRun(row);
    const known = await tables.selectFrom('evaluation_runs').select('id').execute();
    const suggestion = suggest(
      id,
      known.map((run) => run.id),
    );
    throw new FulcrumError('run-unknown', { run: id, suggestion });
  };

  return {
    get,
    async begin(plan, run) {
      const open = await tables
        .selectFrom('evaluation_runs')
        .selectAll()
        .where('plan', '=', plan)
        .where('finished_at', 'is', null)
        .orderBy('started_at', 'desc')
        .executeTakeFirst();
      if (open) return toRun(open);
      const fresh: Run = {
        ...run,
        id: newId('run'),
        origin: 'live',
        startedAt: new Date().toISOString(),
        finishedAt: null,
      };
      await tables.insertInto('evaluation_runs').values(fromRun(plan, fresh)).execute();
      return fresh;
    },
    async keep(run, result, answer) {
      await database.transaction(async (transaction) => {
        const inside = evaluationTables(transaction);
        if (answer)
          await inside
            .insertInto('evaluation_answers')
            .values({
              key: answer.key,
              variant: answer.variant,
              sample: result.sample,
              answer: JSON.stringify(answer.answer),
              created_at: new Date().toISOString(),
            })
            .onConflict((conflict) => conflict.column('key').doNothing())
            .execute();
        await putResult(inside, run, result, answer?.key ?? null);
      });
    },
    async finish(run) {
      await tables
        .updateTable('evaluation_runs')
        .set({ finished_at: new Date().toISOString() })
        .where('id', '=', run)
        .execute();
      return get(run);
    },
    async put(run, results) {
      await database.transaction(async (transaction) => {
        const inside = evaluationTables(transaction);
        await inside.deleteFrom('evaluation_results').where('run', '=', run.id).execute();
        await inside.deleteFrom('evaluation_runs').where('id', '=', run.id).execute();
        await inside.insertInto('evaluation_runs').values(fromRun(run.id, run)).execute();
        for (const result of results) await putResult(inside, run.id, result, null);
      });
    },
    async list() {
      const rows = await tables
        .selectFrom('evaluation_runs')
        .selectAll()
        .orderBy('started_at', 'desc')
        .orderBy('id', 'desc')
        .execute();
      return rows.map(toRun);
    },
    async results(run) {
      const rows = await tables.selectFrom('evaluation_results').selectAll().where('run', '=', run).execute();
      return rows.map(toResult).sort((a, b) => (a.sample < b.sample ? -1 : 1));
    },
    async answers(run) {
      const rows = await tables
        .selectFrom('evaluation_results')
        .innerJoin('evaluation_answers', 'evaluation_answers.key', 'evaluation_results.answer_key')
        .select(['evaluation_results.sample as sample', 'evaluation_answers.answer as answer'])
        .where('run', '=', run)
        .execute();
      return new Map(rows.map((row) => [row.sample, JSON.parse(row.answer) as Answer]));
    },
    async knownAnswers(keys) {
      const known = new Set<string>();
      for (let at = 0; at < keys.length; at += keysAtOnce) {
        const part = keys.slice(at, at + keysAtOnce);
        const rows = await tables
          .selectFrom('evaluation_answers')
          .select('key')
          .where('key', 'in', part)
          .execute();
        for (const { key } of rows) known.add(key);
      }
      return known;
    },
    async answer(key) {
      const row = await tables
        .selectFrom('evaluation_answers')
        .select('answer')
        .where('key', '=', key)
        .executeTakeFirst();
      return row ? (JSON.parse(row.answer) as Answer) : null;
    },
  };
}

async function putResult(
  tables: ReturnType<typeof evaluationTables>,
  run: string,
  result: SampleResult,
  answerKey: string | null,
): Promise<void> {
  const columns = {
    cluster: result.group,
    tags: JSON.stringify(result.tags),
    answer_key: answerKey,
    output_hash: result.output,
    refusal: result.refusal,
    confidence: result.confidence,
    usage: JSON.stringify(result.usage),
    cost: JSON.stringify(result.cost),
    seconds: result.seconds,
    scores: JSON.stringify(result.scores),
    error: result.error === null ? null : JSON.stringify(result.error),
  };
  await tables
    .insertInto('evaluation_results')
    .values({ run, sample: result.sample, ...columns })
    .onConflict((conflict) => conflict.columns(['run', 'sample']).doUpdateSet(columns))
    .execute();
}

function fromRun(plan: string, run: Run): EvaluationTables['evaluation_runs'] {
  return {
    id: run.id,
    plan,
    dataset: run.dataset.name,
    dataset_hash: run.dataset.hash,
    split: run.split,
    sample_limit: run.sampleLimit,
    variant: run.variant,
    kind: run.kind,
    deployable: run.deployable ? 1 : 0,
    definition: JSON.stringify(run.definition),
    definition_hash: run.definitionHash,
    metrics: JSON.stringify(run.metrics),
    samples: run.samples,
    origin: run.origin,
    concurrency: run.concurrency,
    version: run.version,
    node: run.node,
    started_at: run.startedAt,
    finished_at: run.finishedAt,
  };
}

function toRun(row: Selectable<EvaluationTables['evaluation_runs']>): Run {
  return {
    id: row.id,
    dataset: { name: row.dataset, hash: row.dataset_hash },
    split: row.split,
    sampleLimit: row.sample_limit,
    variant: row.variant,
    kind: row.kind,
    deployable: row.deployable === 1,
    definition: JSON.parse(row.definition) as Record<string, unknown>,
    definitionHash: row.definition_hash,
    metrics: JSON.parse(row.metrics) as string[],
    samples: row.samples,
    origin: row.origin === 'recorded' ? 'recorded' : 'live',
    concurrency: row.concurrency,
    version: row.version,
    node: row.node,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
  };
}

function toResult(row: Selectable<EvaluationTables['evaluation_results']>): SampleResult {
  return {
    sample: row.sample,
    group: row.cluster,
    tags: JSON.parse(row.tags) as string[],
    output: row.output_hash,
    refusal: row.refusal as SampleResult['refusal'],
    confidence: row.confidence,
    usage: JSON.parse(row.usage) as SampleResult['usage'],
    cost: JSON.parse(row.cost) as SampleResult['cost'],
    seconds: row.seconds,
    scores: JSON.parse(row.scores) as SampleResult['scores'],
    error: row.error === null ? null : (JSON.parse(row.error) as SampleResult['error']),
  };
}
