import { FulcrumError, type Sample, type SplitName } from '../../core/index.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { sampleOrder } from './sample-order.ts';

/** The samples of a split (all without one) in the order of `sampleOrder`. Throws `dataset-empty` when nothing is left. */
export function selectSamples(dataset: Dataset, split?: SplitName, limit?: number): Sample[] {
  const byId = new Map(
    dataset.content
      .filter((sample) => split === undefined || sample.split === split)
      .map((sample) => [sample.id, sample]),
  );
  if (byId.size === 0)
    throw new FulcrumError('dataset-empty', {
      path: split === undefined ? `The dataset "${dataset.name}"` : `The split ${split} of "${dataset.name}"`,
    });
  return sampleOrder([...byId.keys()], limit).map((id) => byId.get(id)!);
}
