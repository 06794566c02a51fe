import type { Migrations } from '../database/index.ts';

/** Tables of the monitoring room. */
export interface MonitoringTables {
  monitoring_traces: {
    id: string;
    tenant: string;
    user: string;
    at: string;
    conversation: string | null;
    variant: string;
    status: string;
    usd: number | null;
    seconds: number;
    /** JSON of the trace without its content. */
    trace: string;
    /** JSON of its content. */
    content: string | null;
    erased: string | null;
  };
  monitoring_feedback: {
    trace: string;
    /** Who gave it and by which sign: the same again replaces it. */
    author: string;
    signal: string;
    tenant: string;
    at: string;
    /** JSON of what was said. */
    feedback: string;
  };
}

export const monitoringMigrations: Migrations = {
  'monitoring-001-traces': {
    up: async (handle) => {
      await handle.schema
        .createTable('monitoring_traces')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('tenant', 'text', (column) => column.notNull())
        .addColumn('user', 'text', (column) => column.notNull())
        .addColumn('at', 'text', (column) => column.notNull())
        .addColumn('conversation', 'text')
        .addColumn('variant', 'text', (column) => column.notNull())
        .addColumn('status', 'text', (column) => column.notNull())
        .addColumn('usd', 'double precision')
        .addColumn('seconds', 'double precision', (column) => column.notNull())
        .addColumn('trace', 'text', (column) => column.notNull())
        .addColumn('content', 'text')
        .addColumn('erased', 'text')
        .execute();
      await handle.schema
        .createIndex('monitoring_traces_by_time')
        .on('monitoring_traces')
        .columns(['tenant', 'at', 'id'])
        .execute();
      await handle.schema
        .createTable('monitoring_feedback')
        .addColumn('trace', 'text', (column) => column.notNull())
        .addColumn('author', 'text', (column) => column.notNull())
        .addColumn('signal', 'text', (column) => column.notNull())
        .addColumn('tenant', 'text', (column) => column.notNull())
        .addColumn('at', 'text', (column) => column.notNull())
        .addColumn('feedback', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('monitoring_feedback_key', ['trace', 'author', 'signal'])
        .execute();
    },
  },
};
