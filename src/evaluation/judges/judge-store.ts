import type { Cost, Usage } from '../../core/index.ts';
import { type Database, type Migrations, tablesOf } from '../../database/index.ts';

/** Tables of what judges said. */
interface JudgeTables {
  evaluation_judge_calls: {
    key: string;
    judge: string;
    reply: string;
    usage: string;
    cost: string;
    created_at: string;
  };
}

/** Migrations of the tables of this directory; the evaluation room adds them to its own. */
export const judgeMigrations: Migrations = {
  'evaluation-300-judge-calls': {
    up: async (handle) => {
      await handle.schema
        .createTable('evaluation_judge_calls')
        .addColumn('key', 'text', (column) => column.primaryKey())
        .addColumn('judge', 'text', (column) => column.notNull())
        .addColumn('reply', 'text', (column) => column.notNull())
        .addColumn('usage', 'text', (column) => column.notNull())
        .addColumn('cost', 'text', (column) => column.notNull())
        .addColumn('created_at', 'text', (column) => column.notNull())
        .execute();
    },
  },
};

/** A reply that satisfied its schema, with what it took. */
export interface KeptReply {
  readonly reply: unknown;
  readonly usage: Usage;
  readonly cost: Cost;
}

/** Replies by the hash of everything that they depend on, the index of the repetition included. */
export interface JudgeStore {
  find(key: string): Promise<KeptReply | null>;
  /** Durable when its promise resolves; the first reply under a key stays. */
  keep(key: string, judge: string, reply: KeptReply): Promise<void>;
}

export function createJudgeStore(database: Database): JudgeStore {
  const tables = tablesOf<JudgeTables>(database).withoutPlugins();
  return {
    async find(key) {
      const row = await tables
        .selectFrom('evaluation_judge_calls')
        .selectAll()
        .where('key', '=', key)
        .executeTakeFirst();
      if (!row) return null;
      return {
        reply: JSON.parse(row.reply) as unknown,
        usage: JSON.parse(row.usage) as Usage,
        cost: JSON.parse(row.cost) as Cost,
      };
    },
    async keep(key, judge, { reply, usage, cost }) {
      await tables
        .insertInto('evaluation_judge_calls')
        .values({
          key,
          judge,
          reply: JSON.stringify(reply),
          usage: JSON.stringify(usage),
          cost: JSON.stringify(cost),
          created_at: new Date().toISOString(),
        })
        .onConflict((conflict) => conflict.column('key').doNothing())
        .execute();
    },
  };
}
