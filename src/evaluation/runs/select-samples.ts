import { FulcrumError, type Sample, type SplitName, sha256 } from '../../core/index.ts';
import type { Dataset } from '../datasets/dataset-store.ts';

/** Fixed start of the hash that orders samples; another one would choose other samples. */
const orderSeed = 'fulcrum-sample-order-1';

/**
 * The samples of a split (all without one), in an order that depends on their ids alone; with `limit` the first so
 * many, so that a larger limit extends a smaller one. Throws `dataset-empty` when nothing is left.
 */
export function selectSamples(dataset: Dataset, split?: SplitName, limit?: number): Sample[] {
  const chosen = dataset.content
    .filter((sample) => split === undefined || sample.split === split)
    .map((sample) => ({ sample, order: sha256(`${orderSeed}:${sample.id}`) }))
    .sort((a, b) => (a.order < b.order ? -1 : 1))
    .map(({ sample }) => sample);
  if (chosen.length === 0)
    throw new FulcrumError('dataset-empty', {
      path: split === undefined ? `The dataset "${dataset.name}"` : `The split ${split} of "${dataset.name}"`,
    });
  return limit === undefined ? chosen : chosen.slice(0, limit);
}
