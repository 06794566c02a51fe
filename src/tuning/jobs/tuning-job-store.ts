import { FulcrumError, newId, suggest } from '../../core/index.ts';
import type { Database } from '../../database/index.ts';
import { type TuningTables, tuningTables } from '../migrations.ts';
import type { TuningEstimate, TuningEvent, TuningState, TuningStatus } from '../tuning-provider.ts';
import type { TuningJob, TuningJobRequest } from './tuning-job.ts';

/** The tuning jobs of a project and what they reported. */
export interface TuningJobStore {
  create(request: TuningJobRequest, estimate: TuningEstimate | null): Promise<TuningJob>;
  /** Newest first. */
  list(): Promise<TuningJob[]>;
  /** Throws `tuning-job-unknown`. */
  get(id: string): Promise<TuningJob>;
  setProviderJob(id: string, providerJob: string): Promise<void>;
  setStatus(id: string, status: TuningStatus): Promise<void>;
  setModel(id: string, model: string): Promise<void>;
  /** Adds those that are not there yet. */
  addEvents(id: string, events: readonly TuningEvent[]): Promise<void>;
  events(id: string, after?: number): Promise<TuningEvent[]>;
}

export function createTuningJobStore(database: Database): TuningJobStore {
  const tables = tuningTables(database);
  const now = (): string => new Date().toISOString();

  const get = async (id: string): Promise<TuningJob> => {
    const row = await tables.selectFrom('tuning_jobs').selectAll().where('id', '=', id).executeTakeFirst();
    if (row) return toJob(row);
    const known = await tables.selectFrom('tuning_jobs').select('id').execute();
    throw new FulcrumError('tuning-job-unknown', {
      job: id,
      suggestion: suggest(
        id,
        known.map((job) => job.id),
      ),
    });
  };

  const change = async (id: string, values: Partial<TuningTables['tuning_jobs']>): Promise<void> => {
    await tables
      .updateTable('tuning_jobs')
      .set({ ...values, updated_at: now() })
      .where('id', '=', id)
      .execute();
  };

  return {
    get,
    async create(request, estimate) {
      const id = newId('tune');
      await tables
        .insertInto('tuning_jobs')
        .values({
          id,
          name: request.name,
          provider: request.provider,
          method: request.method,
          base: request.base,
          data: request.data.name,
          data_version: request.data.version,
          state: 'created' satisfies TuningState,
          request: JSON.stringify({ settings: request.settings, outputSchema: request.outputSchema }),
          estimate: estimate === null ? null : JSON.stringify(estimate),
          created_at: now(),
          updated_at: now(),
        })
        .execute();
      return get(id);
    },
    async list() {
      const rows = await tables
        .selectFrom('tuning_jobs')
        .selectAll()
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .execute();
      return rows.map(toJob);
    },
    setProviderJob: (id, providerJob) => change(id, { provider_job: providerJob }),
    setStatus: (id, { state, providerState, failure, product, ...status }) =>
      change(id, {
        state,
        provider_state: providerState,
        status: JSON.stringify(status),
        failure: failure ? JSON.stringify(failure) : null,
        ...(product ? { product: JSON.stringify(product) } : {}),
      }),
    setModel: (id, model) => change(id, { model }),
    async addEvents(id, events) {
      for (let at = 0; at < events.length; at += 100)
        await tables
          .insertInto('tuning_events')
          .values(
            events.slice(at, at + 100).map((event) => ({
              job: id,
              sequence: event.sequence,
              at: event.at,
              level: event.level,
              message: event.message,
              metrics: event.metrics ? JSON.stringify(event.metrics) : null,
            })),
          )
          .onConflict((conflict) => conflict.columns(['job', 'sequence']).doNothing())
          .execute();
    },
    async events(id, after = 0) {
      const rows = await tables
        .selectFrom('tuning_events')
        .selectAll()
        .where('job', '=', id)
        .where('sequence', '>', after)
        .orderBy('sequence')
        .execute();
      return rows.map(({ sequence, at, level, message, metrics }) => ({
        sequence,
        at,
        level: level as TuningEvent['level'],
        message,
        ...(metrics === null ? {} : { metrics: JSON.parse(metrics) as TuningEvent['metrics'] }),
      }));
    },
  };
}

function toJob(row: TuningTables['tuning_jobs']): TuningJob {
  const read = <T>(text: string | null): T | null => (text === null ? null : (JSON.parse(text) as T));
  const request = JSON.parse(row.request) as Pick<TuningJobRequest, 'settings' | 'outputSchema'>;
  return {
    id: row.id,
    name: row.name,
    provider: row.provider,
    method: row.method as TuningJob['method'],
    base: row.base,
    data: { name: row.data, version: row.data_version },
    ...request,
    state: row.state as TuningState,
    providerState: row.provider_state,
    providerJob: row.provider_job,
    status: read(row.status),
    failure: read(row.failure),
    product: read(row.product),
    estimate: read(row.estimate),
    model: row.model,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
