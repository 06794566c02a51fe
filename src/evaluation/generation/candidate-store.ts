import { type Cost, costSchema, type Usage, usageSchema } from '../../core/index.ts';
import { type Database, type Migrations, tablesOf } from '../../database/index.ts';
import type { Candidate } from './generation.ts';

interface GenerationTables {
  generation_candidates: { plan: string; ordinal: number; candidate: string; made_at: string };
  generation_calls: {
    key: string;
    model: string;
    text: string;
    usage: string;
    cost: string;
    made_at: string;
  };
}

/** Migrations of generation; the evaluation room adds them to its own. */
export const generationMigrations: Migrations = {
  'evaluation-200-generation': {
    up: async (handle) => {
      await handle.schema
        .createTable('generation_candidates')
        .addColumn('plan', 'text', (column) => column.notNull())
        .addColumn('ordinal', 'integer', (column) => column.notNull())
        .addColumn('candidate', 'text', (column) => column.notNull())
        .addColumn('made_at', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('generation_candidates_key', ['plan', 'ordinal'])
        .execute();
      await handle.schema
        .createTable('generation_calls')
        .addColumn('key', 'text', (column) => column.primaryKey())
        .addColumn('model', 'text', (column) => column.notNull())
        .addColumn('text', 'text', (column) => column.notNull())
        .addColumn('usage', 'text', (column) => column.notNull())
        .addColumn('cost', 'text', (column) => column.notNull())
        .addColumn('made_at', 'text', (column) => column.notNull())
        .execute();
    },
  },
};

/** What a model said to one request. */
export interface KeptCall {
  readonly text: string;
  readonly usage: Usage;
  readonly cost: Cost;
}

/** Candidates and answers of models, so that an interrupted generation goes on. Durable when a promise resolves. */
export interface CandidateStore {
  /** Candidates of a plan by ordinal. */
  candidates(plan: string): Promise<Map<number, Candidate>>;
  keepCandidate(plan: string, ordinal: number, candidate: Candidate): Promise<void>;
  call(key: string): Promise<KeptCall | null>;
  keepCall(key: string, model: string, call: KeptCall): Promise<void>;
}

export function createCandidateStore(database: Database): CandidateStore {
  // Stored text comes back as it was stored, also where it looks like JSON.
  const tables = tablesOf<GenerationTables>(database).withoutPlugins();
  const now = (): string => new Date().toISOString();
  return {
    async candidates(plan) {
      const rows = await tables
        .selectFrom('generation_candidates')
        .select(['ordinal', 'candidate'])
        .where('plan', '=', plan)
        .execute();
      return new Map(rows.map((row) => [row.ordinal, JSON.parse(row.candidate) as Candidate]));
    },
    async keepCandidate(plan, ordinal, candidate) {
      await tables
        .insertInto('generation_candidates')
        .values({ plan, ordinal, candidate: JSON.stringify(candidate), made_at: now() })
        .onConflict((conflict) =>
          conflict
            .columns(['plan', 'ordinal'])
            .doUpdateSet({ candidate: JSON.stringify(candidate), made_at: now() }),
        )
        .execute();
    },
    async call(key) {
      const row = await tables
        .selectFrom('generation_calls')
        .select(['text', 'usage', 'cost'])
        .where('key', '=', key)
        .executeTakeFirst();
      if (!row) return null;
      return {
        text: row.text,
        usage: usageSchema.parse(JSON.parse(row.usage)),
        cost: costSchema.parse(JSON.parse(row.cost)),
      };
    },
    async keepCall(key, model, { text, usage, cost }) {
      await tables
        .insertInto('generation_calls')
        .values({
          key,
          model,
          text,
          usage: JSON.stringify(usage),
          cost: JSON.stringify(cost),
          made_at: now(),
        })
        .onConflict((conflict) => conflict.column('key').doNothing())
        .execute();
    },
  };
}
