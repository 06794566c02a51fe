import { contentHash, FulcrumError, suggest } from '../../core/index.ts';
import { type Database, tablesOf } from '../../database/index.ts';
import type { DecideOptions } from '../decide.ts';
import { type Decision, decisionSchema } from '../decision.ts';

/** What is kept of a decision, so that one can ask later whether it still stands. */
export interface SavedDecision {
  readonly id: string;
  /** ISO time. */
  readonly decidedAt: string;
  readonly decision: Decision;
  /** Options of `decide` but for the rows. */
  readonly settings: Readonly<Partial<Omit<DecideOptions, 'rows'>>>;
  /** A short hash for each version of a document of the corpus; null where there is none. */
  readonly corpus: readonly string[] | null;
}

interface SavedTables {
  decision_records: {
    id: string;
    decided_at: string;
    decision: string;
    settings: string;
    corpus: string | null;
  };
}

export interface DecisionStore {
  /** Keeps a decision; the same one of the same day again is the one that is there. */
  save(given: Omit<SavedDecision, 'id'>): Promise<SavedDecision>;
  /** By id; without one the newest. Throws `decision-unknown`. */
  get(id?: string): Promise<SavedDecision>;
}

export function createDecisionStore(database: Database): DecisionStore {
  const tables = () => tablesOf<SavedTables>(database).withoutPlugins();
  return {
    async save(given) {
      const settings = JSON.stringify(given.settings);
      const decision = JSON.stringify(given.decision);
      const corpus = given.corpus && JSON.stringify(given.corpus);
      const id = `dec_${contentHash([settings, decision, corpus]).slice(0, 12)}`;
      await tables()
        .insertInto('decision_records')
        .values({ id, decided_at: given.decidedAt, decision, settings, corpus })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute();
      return { ...given, id };
    },
    async get(id) {
      const rows = await tables()
        .selectFrom('decision_records')
        .selectAll()
        .orderBy('decided_at', 'desc')
        .execute();
      const row = id === undefined ? rows[0] : rows.find((each) => each.id === id);
      if (!row)
        throw new FulcrumError('decision-unknown', {
          decision: id ?? '',
          suggestion: suggest(
            id ?? '',
            rows.map((each) => each.id),
          ),
        });
      return {
        id: row.id,
        decidedAt: row.decided_at,
        decision: decisionSchema.parse(JSON.parse(row.decision)),
        settings: JSON.parse(row.settings),
        corpus: row.corpus === null ? null : JSON.parse(row.corpus),
      };
    },
  };
}
