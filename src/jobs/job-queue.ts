import { FulcrumError, newId, type OnProgress, type Progress, toFulcrumError } from '../core/index.ts';
import { type Database, tablesOf } from '../database/index.ts';
import type { JobTables } from './migrations.ts';

export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';

/** A piece of background work as the database holds it. */
export interface Job {
  readonly id: string;
  readonly kind: string;
  readonly input: unknown;
  readonly state: JobState;
  readonly progress: Progress | null;
  readonly result: unknown;
  /** Code and message of the failure, or null. */
  readonly error: { code: string; message: string; hint: string } | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** Does one kind of work. It must be resumable: after a crash it is called again with the same input. */
export type JobHandler = (
  input: unknown,
  options: { signal: AbortSignal; onProgress: OnProgress },
) => Promise<unknown>;

/** Port: background work that survives the process. */
export interface JobQueue {
  /** Stores the work; durable when the promise resolves. */
  enqueue(kind: string, input: unknown): Promise<Job>;
  /**
   * Runs one job to its end in this process and returns it. A job that another live process runs is left alone
   * and returned as it is. Aborting `signal` puts the job back in the queue, so the next run resumes it.
   */
  run(id: string, options?: { signal?: AbortSignal; onProgress?: OnProgress }): Promise<Job>;
  /** Asks the job to stop wherever it runs; a queued one is cancelled at once. */
  cancel(id: string): Promise<Job>;
  get(id: string): Promise<Job>;
  /** Newest first. */
  list(): Promise<Job[]>;
}

/** A running job without a sign of life for this long was abandoned by its process. */
const abandonedAfterMs = 15_000;
const heartbeatMs = 2_000;

/** Queue that runs jobs in the calling process and keeps them in the project's database. */
export function createJobQueue(options: {
  database: Database;
  handlers: Readonly<Record<string, JobHandler>>;
}): JobQueue {
  const { database, handlers } = options;
  const tables = tablesOf<JobTables>(database);

  const get = async (id: string): Promise<Job> => {
    const row = await tables.selectFrom('jobs').selectAll().where('id', '=', id).executeTakeFirst();
    if (!row) throw new FulcrumError('job-unknown', { job: id });
    return toJob(row);
  };

  const update = async (id: string, change: Partial<JobTables['jobs']>): Promise<void> => {
    await tables
      .updateTable('jobs')
      .set({ ...change, updated_at: new Date().toISOString() })
      .where('id', '=', id)
      .execute();
  };

  /** Takes the job for this process unless a live one has it; one statement, so two processes cannot both win. */
  const claim = async (id: string): Promise<boolean> => {
    const now = Date.now();
    const taken = await tables
      .updateTable('jobs')
      .set({
        state: 'running',
        heartbeat_at: new Date(now).toISOString(),
        updated_at: new Date(now).toISOString(),
        error: null,
      })
      .where('id', '=', id)
      .where((where) =>
        where.or([
          where('state', 'in', ['queued', 'failed']),
          where.and([
            where('state', '=', 'running'),
            where('heartbeat_at', '<', new Date(now - abandonedAfterMs).toISOString()),
          ]),
        ]),
      )
      .executeTakeFirst();
    return taken.numUpdatedRows > 0n;
  };

  return {
    get,
    async enqueue(kind, input) {
      if (!handlers[kind])
        throw new FulcrumError('internal', { problem: `no handler for jobs of kind ${kind}` });
      const now = new Date().toISOString();
      const id = newId('job');
      await tables
        .insertInto('jobs')
        .values({
          id,
          kind,
          input: JSON.stringify(input ?? null),
          state: 'queued',
          cancel_requested: 0,
          created_at: now,
          updated_at: now,
        })
        .execute();
      return get(id);
    },
    async run(id, { signal, onProgress } = {}) {
      const job = await get(id);
      const handler = handlers[job.kind];
      if (!handler)
        throw new FulcrumError('internal', { problem: `no handler for jobs of kind ${job.kind}` });
      if (!(await claim(id))) return get(id);
      const stop = new AbortController();
      let progress: Progress | null = null;
      const beat = setInterval(() => {
        void (async () => {
          await update(id, { heartbeat_at: new Date().toISOString(), progress: JSON.stringify(progress) });
          const row = await tables
            .selectFrom('jobs')
            .select('cancel_requested')
            .where('id', '=', id)
            .executeTakeFirst();
          if (row?.cancel_requested === 1) stop.abort(new FulcrumError('cancelled'));
        })().catch(() => undefined);
      }, heartbeatMs);
      try {
        const result = await handler(job.input, {
          signal: signal ? AbortSignal.any([signal, stop.signal]) : stop.signal,
          onProgress: (report) => {
            progress = report;
            onProgress?.(report);
          },
        });
        await update(id, {
          state: 'done',
          result: JSON.stringify(result ?? null),
          progress: JSON.stringify(progress),
        });
      } catch (error) {
        const known = toFulcrumError(error);
        const state = stop.signal.aborted ? 'cancelled' : signal?.aborted ? 'queued' : 'failed';
        await update(id, { state, error: state === 'failed' ? JSON.stringify(known) : null });
        if (state === 'failed') throw known;
      } finally {
        clearInterval(beat);
      }
      return get(id);
    },
    async cancel(id) {
      await get(id);
      await update(id, { cancel_requested: 1 });
      await tables
        .updateTable('jobs')
        .set({ state: 'cancelled' })
        .where('id', '=', id)
        .where('state', '=', 'queued')
        .execute();
      return get(id);
    },
    async list() {
      const rows = await tables
        .selectFrom('jobs')
        .selectAll()
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .execute();
      return rows.map(toJob);
    },
  };
}

/** The result plugin may have parsed JSON columns already; both forms are accepted. */
function parsed(value: unknown): unknown {
  return typeof value === 'string' ? JSON.parse(value) : (value ?? null);
}

function toJob(row: JobTables['jobs']): Job {
  return {
    id: row.id,
    kind: row.kind,
    input: parsed(row.input),
    state: row.state as JobState,
    progress: parsed(row.progress) as Progress | null,
    result: parsed(row.result),
    error: parsed(row.error) as Job['error'],
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
