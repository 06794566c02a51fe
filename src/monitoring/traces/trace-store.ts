import { FulcrumError, type Principal } from '../../core/index.ts';
import { type Database, tablesOf } from '../../database/index.ts';
import type { MonitoringTables } from '../migrations.ts';
import { type Trace, traceSchema } from './trace.ts';

/** Which traces are wanted. All that are named must hold. */
export interface TraceFilter {
  /** ISO times, the first included, the second not. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly variant?: string | undefined;
  readonly status?: Trace['status'] | undefined;
  readonly conversation?: string | undefined;
}

/** Whose traces: all of a tenant, or those of one user as traces name it. */
export interface TraceReader {
  readonly tenant: Principal['tenant'];
  readonly user?: string | undefined;
}

export interface TracePage {
  /** Newest first. */
  readonly traces: readonly Trace[];
  /** Give it as `after` to go on; null at the end. */
  readonly next: string | null;
}

/** Recorded requests, for those who may read them. */
export interface TraceStore {
  /** All or none; durable when the promise resolves. A trace that is there is left as it was. */
  add(traces: readonly Trace[]): Promise<void>;
  /** Throws `trace-unknown`, also for a trace of somebody else. */
  get(id: string, reader: TraceReader): Promise<Trace>;
  list(
    reader: TraceReader,
    filter?: TraceFilter,
    page?: { readonly limit?: number | undefined; readonly after?: string | undefined },
  ): Promise<TracePage>;
  /** Removes what is older, with its feedback; how many. */
  removeBefore(time: string): Promise<number>;
}

export function createTraceStore(database: Database): TraceStore {
  const tables = tablesOf<MonitoringTables>(database).withoutPlugins();
  const readable = ({ tenant, user }: TraceReader) => {
    const query = tables.selectFrom('monitoring_traces').selectAll().where('tenant', '=', tenant);
    return user === undefined ? query : query.where('user', '=', user);
  };
  return {
    async add(traces) {
      if (traces.length === 0) return;
      await database.transaction(async (transaction) => {
        for (const trace of traces) {
          const { content, erased, ...rest } = trace;
          await tablesOf<MonitoringTables>(transaction)
            .insertInto('monitoring_traces')
            .values({
              id: trace.id,
              tenant: trace.tenant,
              user: trace.user,
              at: trace.at,
              conversation: trace.conversation,
              variant: trace.variant,
              status: trace.status,
              usd: trace.cost.usd,
              seconds: trace.seconds,
              trace: JSON.stringify(rest),
              content: content === null ? null : JSON.stringify(content),
              erased,
            })
            .onConflict((conflict) => conflict.column('id').doNothing())
            .execute();
        }
      });
    },
    async get(id, reader) {
      const row = await readable(reader).where('id', '=', id).executeTakeFirst();
      if (!row) throw new FulcrumError('trace-unknown', { trace: id.slice(0, 64) });
      return toTrace(row);
    },
    async list(reader, filter = {}, { limit = 50, after } = {}) {
      let query = readable(reader)
        .orderBy('at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit + 1);
      if (filter.since !== undefined) query = query.where('at', '>=', filter.since);
      if (filter.until !== undefined) query = query.where('at', '<', filter.until);
      if (filter.variant !== undefined) query = query.where('variant', '=', filter.variant);
      if (filter.status !== undefined) query = query.where('status', '=', filter.status);
      if (filter.conversation !== undefined) query = query.where('conversation', '=', filter.conversation);
      const place = after === undefined ? null : placeOf(after);
      if (place)
        query = query.where((where) =>
          where.or([
            where('at', '<', place.at),
            where.and([where('at', '=', place.at), where('id', '<', place.id)]),
          ]),
        );
      const rows = await query.execute();
      const traces = rows.slice(0, limit).map(toTrace);
      const last = traces.at(-1);
      return { traces, next: rows.length > limit && last ? `${last.at}_${last.id}` : null };
    },
    async removeBefore(time) {
      return database.transaction(async (transaction) => {
        const own = tablesOf<MonitoringTables>(transaction);
        await own
          .deleteFrom('monitoring_feedback')
          .where('trace', 'in', (query) =>
            query.selectFrom('monitoring_traces').select('id').where('at', '<', time),
          )
          .execute();
        const removed = await own.deleteFrom('monitoring_traces').where('at', '<', time).executeTakeFirst();
        return Number(removed.numDeletedRows);
      });
    },
  };
}

/** Throws `request-invalid` for what no page ever gave. */
function placeOf(after: string): { at: string; id: string } {
  const [, at, id] = /^(\d{4}-\d\d-\d\dT[\d:.]+Z)_([0-9a-f]{32})$/.exec(after) ?? [];
  if (at === undefined || id === undefined)
    throw new FulcrumError('request-invalid', { problem: '"after" is not what a page gave as "next".' });
  return { at, id };
}

function toTrace(row: MonitoringTables['monitoring_traces']): Trace {
  return traceSchema.parse({
    ...JSON.parse(row.trace),
    content: row.content === null ? null : JSON.parse(row.content),
    erased: row.erased,
  });
}
