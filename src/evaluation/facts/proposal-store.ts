import { z } from 'zod';
import { type Database, type Migrations, tablesOf } from '../../database/index.ts';
import type { FactProposal } from './fact-proposal.ts';

interface ProposalTables {
  fact_proposals: {
    dataset: string;
    sample: string;
    sample_hash: string;
    proposer: string;
    facts: string;
    made_at: string;
  };
}

/** Migrations of proposed facts; the evaluation room adds them to its own. */
export const factMigrations: Migrations = {
  'evaluation-220-fact-proposals': {
    up: async (handle) => {
      await handle.schema
        .createTable('fact_proposals')
        .addColumn('dataset', 'text', (column) => column.notNull())
        .addColumn('sample', 'text', (column) => column.notNull())
        .addColumn('sample_hash', 'text', (column) => column.notNull())
        .addColumn('proposer', 'text', (column) => column.notNull())
        .addColumn('facts', 'text', (column) => column.notNull())
        .addColumn('made_at', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('fact_proposals_key', ['dataset', 'sample'])
        .execute();
    },
  },
};

/** Proposed facts, beside the datasets and never in them. Durable when a promise resolves. */
export interface ProposalStore {
  /** Takes the place of an earlier proposal for the sample. */
  keep(dataset: string, proposal: FactProposal): Promise<void>;
  /** Sorted by sample. */
  proposals(dataset: string): Promise<FactProposal[]>;
  /** Forgets the proposals of a dataset; gives how many there were. */
  clear(dataset: string): Promise<number>;
}

const factsSchema = z.array(z.array(z.string()));

export function createProposalStore(database: Database): ProposalStore {
  const tables = tablesOf<ProposalTables>(database).withoutPlugins();
  return {
    async keep(dataset, { sample, sampleHash, proposer, facts }) {
      const columns = {
        sample_hash: sampleHash,
        proposer,
        facts: JSON.stringify(facts),
        made_at: new Date().toISOString(),
      };
      await tables
        .insertInto('fact_proposals')
        .values({ dataset, sample, ...columns })
        .onConflict((conflict) => conflict.columns(['dataset', 'sample']).doUpdateSet(columns))
        .execute();
    },
    async proposals(dataset) {
      const rows = await tables
        .selectFrom('fact_proposals')
        .selectAll()
        .where('dataset', '=', dataset)
        .orderBy('sample')
        .execute();
      return rows.map(({ sample, sample_hash, proposer, facts }) => ({
        sample,
        sampleHash: sample_hash,
        proposer,
        facts: factsSchema.parse(JSON.parse(facts)),
      }));
    },
    async clear(dataset) {
      const gone = await tables
        .deleteFrom('fact_proposals')
        .where('dataset', '=', dataset)
        .executeTakeFirst();
      return Number(gone.numDeletedRows);
    },
  };
}
