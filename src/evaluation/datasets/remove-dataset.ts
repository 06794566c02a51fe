import { FulcrumError } from '../../core/index.ts';
import type { Database } from '../../database/index.ts';
import { evaluationTables } from '../migrations.ts';
import { createDatasetStore } from './dataset-store.ts';
import { findFrozenSplit, splitTables } from './splits/frozen-splits.ts';

/** What was removed. */
export interface RemovedDataset {
  readonly samples: number;
  /** Runs of exactly these samples; they keep scores and answers, but not the questions. */
  readonly runs: number;
}

/**
 * Removes the samples of a dataset. What people decided on in review, and proposed facts, stay: they apply again when the
 * same samples come back. Throws `dataset-unknown`, `dataset-frozen`, always, and `dataset-in-use` while there are runs of
 * it unless `force` is given.
 */
export async function removeDataset(
  database: Database,
  name: string,
  { force = false }: { readonly force?: boolean | undefined } = {},
): Promise<RemovedDataset> {
  const { hash, samples } = await createDatasetStore(database).open(name);
  return database.transaction(async (transaction) => {
    const tables = evaluationTables(transaction);
    const frozen = await findFrozenSplit(splitTables(transaction), name);
    if (frozen)
      throw new FulcrumError('dataset-frozen', {
        dataset: name,
        frozenAt: frozen.frozenAt,
        hash: frozen.hash.slice(0, 12),
      });
    const { runs } = await tables
      .selectFrom('evaluation_runs')
      .select(({ fn }) => fn.countAll<number>().as('runs'))
      .where('dataset', '=', name)
      .where('dataset_hash', '=', hash)
      .executeTakeFirstOrThrow();
    if (Number(runs) > 0 && !force)
      throw new FulcrumError('dataset-in-use', {
        dataset: name,
        problem: `it has runs, ${runs} in all.`,
      });
    await tables.deleteFrom('evaluation_samples').where('dataset', '=', name).execute();
    await tables.deleteFrom('evaluation_erased_samples').where('dataset', '=', name).execute();
    await tables.deleteFrom('evaluation_datasets').where('name', '=', name).execute();
    return { samples, runs: Number(runs) };
  });
}
