import type { Sample, SplitName } from '../../core/index.ts';
import { selectSamples } from '../runs/select-samples.ts';
import type { Dataset } from './dataset.ts';

/** A dataset whose samples are read as they are needed, always in the seeded order of `selectSamples`. */
export interface SampleSource {
  readonly name: string;
  readonly hash: string;
  /** Number of samples of a split (of all without one), at most `limit`. Throws `dataset-empty` when none is left. */
  count(split?: SplitName, limit?: number): Promise<number>;
  pages(split?: SplitName, limit?: number): AsyncIterable<readonly Sample[]>;
}

/** Samples handed on at a time. */
export const samplesAtOnce = 200;

/** A dataset in memory as a source of samples; a source stays what it is. */
export function sampleSource(dataset: Dataset | SampleSource): SampleSource {
  if (!('content' in dataset)) return dataset;
  return {
    name: dataset.name,
    hash: dataset.hash,
    count: async (split, limit) => selectSamples(dataset, split, limit).length,
    async *pages(split, limit) {
      const chosen = selectSamples(dataset, split, limit);
      for (let at = 0; at < chosen.length; at += samplesAtOnce) yield chosen.slice(at, at + samplesAtOnce);
    },
  };
}
