import { contentHash } from '../../core/index.ts';
import { type Database, type Migrations, tablesOf } from '../../database/index.ts';

/** Table of the looks taken. */
interface LookTables {
  evaluation_looks: { comparison: string; samples_hash: string; look: number; taken_at: string };
}

/** Migration of the table of looks; the evaluation room adds it to its own. */
export const looksMigrations: Migrations = {
  'evaluation-100-looks': {
    up: async (handle) => {
      await handle.schema
        .createTable('evaluation_looks')
        .addColumn('comparison', 'text', (column) => column.notNull())
        .addColumn('samples_hash', 'text', (column) => column.notNull())
        .addColumn('look', 'integer', (column) => column.notNull())
        .addColumn('taken_at', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('evaluation_looks_key', ['comparison', 'samples_hash'])
        .addUniqueConstraint('evaluation_looks_number', ['comparison', 'look'])
        .execute();
    },
  },
};

/** What makes two comparisons the same one, and the samples that it is made on this time. */
export interface LookedAt {
  readonly dataset: string;
  readonly metric: string;
  readonly variants: readonly string[];
  readonly samples: readonly string[];
}

/**
 * Number of the look that this is, from 1. The same dataset, metric and variants on another set of samples is the next look; on
 * a set that was seen before it is that look again. Order of variants and samples plays no part.
 */
export async function countLook(database: Database, lookedAt: LookedAt): Promise<number> {
  const { dataset, metric, variants, samples } = lookedAt;
  const comparison = contentHash({ dataset, metric, variants: [...new Set(variants)].sort() });
  const samplesHash = contentHash([...new Set(samples)].sort());
  return database.transaction(async (transaction) => {
    const handle = tablesOf<LookTables>(transaction);
    const taken = await handle
      .selectFrom('evaluation_looks')
      .select(['samples_hash', 'look'])
      .where('comparison', '=', comparison)
      .execute();
    const known = taken.find((row) => row.samples_hash === samplesHash);
    if (known) return known.look;
    const look = taken.length + 1;
    await handle
      .insertInto('evaluation_looks')
      .values({ comparison, samples_hash: samplesHash, look, taken_at: new Date().toISOString() })
      .execute();
    return look;
  });
}
