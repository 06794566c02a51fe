import { FulcrumError } from '../../../core/index.ts';
import type { Database } from '../../../database/index.ts';
import { createDatasetStore, datasetHash, replaceDataset } from '../dataset-store.ts';
import { type FrozenSplit, findFrozenSplit, splitTables } from './frozen-splits.ts';
import { type SplitMethod, type SplitResult, splitSamples } from './split-dataset.ts';

/** A dataset that was split and frozen. */
export interface FrozenDataset extends Omit<SplitResult, 'samples'> {
  readonly frozen: FrozenSplit;
}

/**
 * Splits a dataset and freezes it, in one transaction: from now on its samples and splits cannot be changed, and looks
 * at its test samples are logged. Throws `dataset-frozen` for one that is frozen already, `dataset-exists` where runs
 * refer to the unsplit samples (freeze under another name), `dataset-unknown` and `split-impossible`.
 * @param request.as name to freeze it under; its own by default.
 */
export async function freezeSplit(
  database: Database,
  request: { dataset: string; as?: string | undefined; method: SplitMethod },
): Promise<FrozenDataset> {
  const { dataset: name, method } = request;
  const target = request.as ?? name;
  const source = await createDatasetStore(database).get(name);
  return database.transaction(async (transaction) => {
    const tables = splitTables(transaction);
    for (const each of new Set([name, target])) {
      const frozen = await findFrozenSplit(tables, each);
      if (frozen)
        throw new FulcrumError('dataset-frozen', {
          dataset: each,
          frozenAt: frozen.frozenAt,
          hash: frozen.hash.slice(0, 12),
        });
    }
    const { samples, ...report } = splitSamples(name, source.content, method);
    const frozen: FrozenSplit = {
      dataset: target,
      hash: datasetHash(samples),
      method: { ...method },
      frozenAt: new Date().toISOString(),
    };
    await replaceDataset(transaction, { name: target, hash: frozen.hash, samples, origin: source.origin });
    await tables
      .insertInto('evaluation_frozen_splits')
      .values({
        dataset: target,
        hash: frozen.hash,
        method: JSON.stringify(method),
        frozen_at: frozen.frozenAt,
      })
      .execute();
    return { ...report, frozen };
  });
}
