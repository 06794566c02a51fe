import type { Selectable } from 'kysely';
import { type Database, type Migrations, tablesOf } from '../../database/index.ts';
import { type CellSource, type CellVerdict, type ClaimCell, cellVerdicts } from './claim-cell.ts';

interface CellTables {
  evaluation_claim_cells: {
    claim: string;
    evidence: string;
    judge: string;
    sample_index: number;
    verdict: string;
    reason: string;
    source: string;
    created_at: string;
  };
}

/** Migrations of the table of cells; the evaluation room adds them to its own. */
export const cellMigrations: Migrations = {
  'evaluation-310-claim-cells': {
    up: async (handle) => {
      await handle.schema
        .createTable('evaluation_claim_cells')
        .addColumn('claim', 'text', (column) => column.notNull())
        .addColumn('evidence', 'text', (column) => column.notNull())
        .addColumn('judge', 'text', (column) => column.notNull())
        .addColumn('sample_index', 'integer', (column) => column.notNull())
        .addColumn('verdict', 'text', (column) => column.notNull())
        .addColumn('reason', 'text', (column) => column.notNull())
        .addColumn('source', 'text', (column) => column.notNull())
        .addColumn('created_at', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('evaluation_claim_cells_key', ['evidence', 'claim', 'judge', 'sample_index'])
        .execute();
    },
  },
};

/** The cells of all claim x evidence matrices. Texts are not in them, only hashes. */
export interface CellStore {
  /** By hash of the claim; a person's verdict first, else that of this judge at this repetition. */
  find(
    evidence: string,
    claims: readonly string[],
    judge: string,
    sampleIndex: number,
  ): Promise<Map<string, ClaimCell>>;
  /** Keeps cells; one that is there already is replaced. Durable when the promise resolves. */
  keep(cells: readonly ClaimCell[]): Promise<void>;
  /** Takes a person's verdict back; false where there was none. */
  withdraw(evidence: string, claim: string): Promise<boolean>;
}

/** Hashes looked up by one query. */
const atOnce = 400;

export function createCellStore(database: Database): CellStore {
  const tables = tablesOf<CellTables>(database).withoutPlugins();
  return {
    async find(evidence, claims, judge, sampleIndex) {
      const found = new Map<string, ClaimCell>();
      for (let from = 0; from < claims.length; from += atOnce) {
        const rows = await tables
          .selectFrom('evaluation_claim_cells')
          .selectAll()
          .where('evidence', '=', evidence)
          .where('claim', 'in', claims.slice(from, from + atOnce))
          .where((where) =>
            where.or([
              where('source', '=', 'human'),
              where.and([where('judge', '=', judge), where('sample_index', '=', sampleIndex)]),
            ]),
          )
          .execute();
        for (const row of rows)
          if (row.source === 'human' || found.get(row.claim)?.source !== 'human')
            found.set(row.claim, toCell(row));
      }
      return found;
    },
    async keep(cells) {
      if (cells.length === 0) return;
      await database.transaction(async (transaction) => {
        const inside = tablesOf<CellTables>(transaction).withoutPlugins();
        for (const { claim, evidence, judge, sampleIndex, verdict, reason, source } of cells) {
          const columns = { verdict, reason, source, created_at: new Date().toISOString() };
          // A person has one verdict on a cell, whoever the rater is.
          if (source === 'human') await removeHuman(inside, evidence, claim);
          await inside
            .insertInto('evaluation_claim_cells')
            .values({ claim, evidence, judge, sample_index: sampleIndex, ...columns })
            .onConflict((conflict) =>
              conflict.columns(['evidence', 'claim', 'judge', 'sample_index']).doUpdateSet(columns),
            )
            .execute();
        }
      });
    },
    withdraw: (evidence, claim) => removeHuman(tables, evidence, claim),
  };
}

async function removeHuman(
  tables: ReturnType<typeof tablesOf<CellTables>>,
  evidence: string,
  claim: string,
): Promise<boolean> {
  const { numDeletedRows } = await tables
    .deleteFrom('evaluation_claim_cells')
    .where('evidence', '=', evidence)
    .where('claim', '=', claim)
    .where('source', '=', 'human')
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

function toCell(row: Selectable<CellTables['evaluation_claim_cells']>): ClaimCell {
  return {
    claim: row.claim,
    evidence: row.evidence,
    judge: row.judge,
    sampleIndex: row.sample_index,
    verdict: cellVerdicts.find((verdict) => verdict === row.verdict) ?? ('not-stated' satisfies CellVerdict),
    reason: row.reason,
    source: row.source as CellSource,
  };
}
