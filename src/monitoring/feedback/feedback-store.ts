import { FulcrumError } from '../../core/index.ts';
import { type Database, tablesOf } from '../../database/index.ts';
import type { MonitoringTables } from '../migrations.ts';
import type { Trace } from '../traces/trace.ts';
import type { TraceReader, TraceStore } from '../traces/trace-store.ts';
import { type Feedback, type StoredFeedback, signalOf } from './feedback.ts';

/** How people judged the answers of a time, and how few they were. */
export interface FeedbackFigures {
  readonly requests: number;
  /** Requests with any feedback. */
  readonly judged: number;
  readonly up: number;
  readonly down: number;
  readonly corrected: number;
}

export interface FeedbackStore {
  /** Durable when the promise resolves. Throws `trace-unknown`, also where the author may not see the trace, and `citation-unknown`. */
  give(feedback: Feedback, author: string, reader: TraceReader): Promise<StoredFeedback>;
  /** Of one trace that was read before. */
  of(trace: string): Promise<StoredFeedback[]>;
  /** Newest first, of the traces that a reader may see. */
  list(reader: TraceReader, options?: { readonly limit?: number | undefined }): Promise<StoredFeedback[]>;
  /** Traces with feedback since a time, oldest first, each with all that was said of it. */
  judged(
    reader: TraceReader,
    since: string,
  ): AsyncIterable<{ readonly trace: Trace; readonly said: readonly StoredFeedback[] }>;
  figures(reader: TraceReader, since: string): Promise<FeedbackFigures>;
}

export function createFeedbackStore(database: Database, traces: TraceStore): FeedbackStore {
  const tables = tablesOf<MonitoringTables>(database).withoutPlugins();
  const of = async (trace: string): Promise<StoredFeedback[]> => {
    const rows = await tables
      .selectFrom('monitoring_feedback')
      .selectAll()
      .where('trace', '=', trace)
      .orderBy('at')
      .execute();
    return rows.map(toFeedback);
  };
  return {
    async give(feedback, author, reader) {
      const trace = await traces.get(feedback.trace, reader);
      const { citation } = feedback;
      if (
        citation !== undefined &&
        trace.content &&
        !trace.content.citations.some(({ marker }) => marker === citation)
      )
        throw new FulcrumError('citation-unknown', { trace: trace.id, citation });
      const at = new Date().toISOString();
      const { trace: _trace, ...said } = feedback;
      const values = { tenant: trace.tenant, at, feedback: JSON.stringify(said) };
      await tables
        .insertInto('monitoring_feedback')
        .values({ trace: trace.id, author, signal: signalOf(feedback), ...values })
        .onConflict((conflict) => conflict.columns(['trace', 'author', 'signal']).doUpdateSet(values))
        .execute();
      return { ...feedback, author, at };
    },
    of,
    async list({ tenant, user }, { limit = 100 } = {}) {
      let query = tables
        .selectFrom('monitoring_feedback as f')
        .innerJoin('monitoring_traces as t', 't.id', 'f.trace')
        .selectAll('f')
        .where('f.tenant', '=', tenant)
        .orderBy('f.at', 'desc')
        .limit(limit);
      if (user !== undefined) query = query.where('t.user', '=', user);
      return (await query.execute()).map(toFeedback);
    },
    async *judged(reader, since) {
      const ids = await tables
        .selectFrom('monitoring_feedback as f')
        .innerJoin('monitoring_traces as t', 't.id', 'f.trace')
        .select('t.id')
        .distinct()
        .where('f.tenant', '=', reader.tenant)
        .where('f.at', '>=', since)
        .$if(reader.user !== undefined, (query) => query.where('t.user', '=', reader.user!))
        .orderBy('t.at')
        .execute();
      for (const { id } of ids) yield { trace: await traces.get(id, reader), said: await of(id) };
    },
    async figures({ tenant, user }, since) {
      let asked = tables
        .selectFrom('monitoring_traces as t')
        .leftJoin('monitoring_feedback as f', 'f.trace', 't.id')
        .select(['t.id', 'f.feedback'])
        .where('t.tenant', '=', tenant)
        .where('t.at', '>=', since);
      if (user !== undefined) asked = asked.where('t.user', '=', user);
      const seen = new Set<string>();
      const judged = {
        any: new Set<string>(),
        up: new Set<string>(),
        down: new Set<string>(),
        corrected: new Set<string>(),
      };
      for (const { id, feedback } of await asked.execute()) {
        seen.add(id);
        if (feedback === null) continue;
        judged.any.add(id);
        const { thumbs, correction } = JSON.parse(feedback) as Partial<Feedback>;
        if (thumbs !== undefined) judged[thumbs].add(id);
        if (correction !== undefined) judged.corrected.add(id);
      }
      return {
        requests: seen.size,
        judged: judged.any.size,
        up: judged.up.size,
        down: judged.down.size,
        corrected: judged.corrected.size,
      };
    },
  };
}

function toFeedback(row: MonitoringTables['monitoring_feedback']): StoredFeedback {
  return { trace: row.trace, ...JSON.parse(row.feedback), author: row.author, at: row.at };
}
