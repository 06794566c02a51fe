import { type Answer, FulcrumError, newId, suggest } from '../../core/index.ts';
import type { Database } from '../../database/index.ts';
import { evaluationTables } from '../migrations.ts';
import {
  cachedAnswers,
  type KeptAnswer,
  keysAtOnce,
  knownAnswers,
  putAnswers,
  rowsAtOnce,
  slices,
} from './answer-cache.ts';
import type { Run, SampleResult } from './run.ts';
import { type ClaimedWork, claimRun, type RunClaim } from './run-claim.ts';
import { fromResult, fromRun, toResult, toRun } from './run-rows.ts';

/** What is known of a run before it starts. */
export type NewRun = Omit<Run, 'id' | 'startedAt' | 'finishedAt' | 'origin'>;

/** Runs, their results and the cache of answers. Every call is durable when its promise resolves. */
export interface RunStore {
  /** The unfinished run of the same plan, or a new one. */
  begin(plan: string, run: NewRun): Promise<Run>;
  /** Keeps results in one commit and, where there are some, their answers for later runs. */
  keep(run: string, results: readonly KeptResult[]): Promise<void>;
  /** Keeps an answer before it is scored. */
  keepAnswer(sample: string, answer: KeptAnswer): Promise<void>;
  finish(run: string): Promise<Run>;
  /** Marks a finished run as unfinished, so that `begin` with its plan goes on with it. */
  reopen(run: string): Promise<void>;
  /** Keeps a finished run with its results, replacing one of the same id. */
  put(run: Run, results: readonly SampleResult[]): Promise<void>;
  /** Newest first. */
  list(): Promise<Run[]>;
  /** Throws `run-unknown`. */
  get(id: string): Promise<Run>;
  /** Sorted by sample id, by code units, then by repetition. For runs that fit in memory; else `pages`. */
  results(run: string): Promise<SampleResult[]>;
  /** The results a page at a time, ordered by sample and repetition, or by group before these. */
  pages(run: string, order: 'sample' | 'group'): AsyncGenerator<readonly SampleResult[]>;
  /** Samples that a run has results of. */
  countSamples(run: string): Promise<number>;
  /** Whether there is a single answer in a run. */
  hasAnswer(run: string): Promise<boolean>;
  /** The results of the samples given, in no order. */
  resultsOf(run: string, samples: readonly string[]): Promise<SampleResult[]>;
  /** `sample` and `repetition` of the results without an error, out of the samples given. */
  answered(
    run: string,
    samples: readonly string[],
  ): Promise<readonly { sample: string; repetition: number }[]>;
  /** First answers of a run by sample id; recorded runs have none. */
  answers(run: string): Promise<Map<string, Answer>>;
  /** All answers of a run to the samples given, by `REPETITION:SAMPLE`. */
  answersPage(run: string, samples: readonly string[]): Promise<Map<string, Answer>>;
  /** The keys that have a finished answer, out of those given. */
  knownAnswers(keys: readonly string[]): Promise<Set<string>>;
  /** Finished answers by key, out of those given. */
  cachedAnswers(keys: readonly string[]): Promise<Map<string, Answer>>;
  /** Claims the answers of a variant to a dataset for this process. Throws `run-busy` when another one is at them. */
  claim(work: ClaimedWork): Promise<RunClaim>;
}

/** A result with its answer under the hash of everything that it depends on; without one for an error. */
export interface KeptResult {
  readonly result: SampleResult;
  readonly answer?: KeptAnswer | undefined;
  /** Whether the answer was in the cache already and need not be written again. */
  readonly cached?: boolean | undefined;
}

/** Rows of one page. */
const pageSize = 200;

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

  const pages: RunStore['pages'] = async function* (run, order) {
    let last: { cluster: string; sample: string; repetition: number } | null = null;
    for (;;) {
      let query = tables.selectFrom('evaluation_results').selectAll().where('run', '=', run);
      const from: typeof last = last;
      if (order === 'sample') {
        if (from)
          query = query.where(({ eb, refTuple, tuple }) =>
            eb(refTuple('sample', 'repetition'), '>', tuple(from.sample, from.repetition)),
          );
      } else {
        if (from)
          query = query.where(({ eb, refTuple, tuple }) =>
            eb(
              refTuple('cluster', 'sample', 'repetition'),
              '>',
              tuple(from.cluster, from.sample, from.repetition),
            ),
          );
        query = query.orderBy('cluster');
      }
      const rows = await query.orderBy('sample').orderBy('repetition').limit(pageSize).execute();
      if (rows.length > 0) yield rows.map(toResult);
      if (rows.length < pageSize) return;
      // Queries run on this thread: without a pause nothing else (ctrl-C, collecting garbage bit by bit) has its turn.
      await new Promise((resolve) => setImmediate(resolve));
      last = rows.at(-1) ?? null;
    }
  };

  const answersOf = (run: string) =>
    tables
      .selectFrom('evaluation_results')
      .innerJoin('evaluation_answers', 'evaluation_answers.key', 'evaluation_results.answer_key')
      .select([
        'evaluation_results.sample as sample',
        'evaluation_results.repetition as repetition',
        'evaluation_answers.answer as answer',
      ])
      .where('run', '=', run);

  return {
    get,
    pages,
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
    async keep(run, results) {
      await database.transaction(async (transaction) => {
        const inside = evaluationTables(transaction);
        await putAnswers(
          inside,
          results.flatMap(({ result, answer, cached }) =>
            answer && cached !== true ? [{ sample: result.sample, ...answer }] : [],
          ),
        );
        await putResults(
          inside,
          results.map(({ result, answer }) => fromResult(run, result, answer?.key ?? null)),
        );
      });
    },
    async keepAnswer(sample, answer) {
      await putAnswers(tables, [{ sample, ...answer }]);
    },
    async finish(run) {
      await tables
        .updateTable('evaluation_runs')
        .set({ finished_at: new Date().toISOString() })
        .where('id', '=', run)
        .execute();
      return get(run);
    },
    async reopen(run) {
      await tables.updateTable('evaluation_runs').set({ finished_at: null }).where('id', '=', run).execute();
    },
    async put(run, results) {
      await database.transaction(async (transaction) => {
        const inside = evaluationTables(transaction);
        await inside.deleteFrom('evaluation_results').where('run', '=', run.id).execute();
        await inside.deleteFrom('evaluation_runs').where('id', '=', run.id).execute();
        await inside.insertInto('evaluation_runs').values(fromRun(run.id, run)).execute();
        await putResults(
          inside,
          results.map((result) => fromResult(run.id, result, null)),
        );
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
      return rows
        .map(toResult)
        .sort((a, b) => (a.sample === b.sample ? a.repetition - b.repetition : a.sample < b.sample ? -1 : 1));
    },
    async countSamples(run) {
      const { samples } = await tables
        .selectFrom('evaluation_results')
        .select(({ fn }) => fn.count<number>('sample').distinct().as('samples'))
        .where('run', '=', run)
        .executeTakeFirstOrThrow();
      return Number(samples);
    },
    async hasAnswer(run) {
      const found = await tables
        .selectFrom('evaluation_results')
        .select('sample')
        .where('run', '=', run)
        .where('error', 'is', null)
        .limit(1)
        .executeTakeFirst();
      return found !== undefined;
    },
    async resultsOf(run, samples) {
      const found: SampleResult[] = [];
      for (const part of slices([...new Set(samples)], keysAtOnce)) {
        const rows = await tables
          .selectFrom('evaluation_results')
          .selectAll()
          .where('run', '=', run)
          .where('sample', 'in', part)
          .execute();
        found.push(...rows.map(toResult));
      }
      return found;
    },
    async answered(run, samples) {
      if (samples.length === 0) return [];
      return tables
        .selectFrom('evaluation_results')
        .select(['sample', 'repetition'])
        .where('run', '=', run)
        .where('sample', 'in', samples)
        .where('error', 'is', null)
        .execute();
    },
    async answers(run) {
      const rows = await answersOf(run).orderBy('repetition', 'desc').execute();
      return new Map(rows.map((row) => [row.sample, JSON.parse(row.answer) as Answer]));
    },
    async answersPage(run, samples) {
      const found = new Map<string, Answer>();
      for (const part of slices([...new Set(samples)], keysAtOnce)) {
        const rows = await answersOf(run).where('evaluation_results.sample', 'in', part).execute();
        for (const row of rows)
          found.set(`${row.repetition}:${row.sample}`, JSON.parse(row.answer) as Answer);
      }
      return found;
    },
    knownAnswers: (keys) => knownAnswers(tables, keys),
    cachedAnswers: (keys) => cachedAnswers(tables, keys),
    claim: (work) => claimRun(database, work),
  };
}

async function putResults(
  tables: ReturnType<typeof evaluationTables>,
  rows: readonly ReturnType<typeof fromResult>[],
): Promise<void> {
  for (const part of slices(rows, rowsAtOnce))
    await tables
      .insertInto('evaluation_results')
      .values(part)
      .onConflict((conflict) =>
        conflict.columns(['run', 'sample', 'repetition']).doUpdateSet(({ ref }) => ({
          cluster: ref('excluded.cluster'),
          tags: ref('excluded.tags'),
          answer_key: ref('excluded.answer_key'),
          output_hash: ref('excluded.output_hash'),
          refusal: ref('excluded.refusal'),
          confidence: ref('excluded.confidence'),
          usage: ref('excluded.usage'),
          cost: ref('excluded.cost'),
          seconds: ref('excluded.seconds'),
          scores: ref('excluded.scores'),
          error: ref('excluded.error'),
        })),
      )
      .execute();
}
