import type { Sample } from '../../core/index.ts';

/** A dataset as lists show it. */
export interface DatasetSummary {
  readonly name: string;
  /** Hash of its samples in canonical form, whatever their order in the file. */
  readonly hash: string;
  readonly samples: number;
  /** Number of samples by split; `none` for those without. */
  readonly splits: Readonly<Record<string, number>>;
  /** Name of the file or folder that it was imported from. */
  readonly origin: string;
  readonly importedAt: string;
}

export interface Dataset extends DatasetSummary {
  readonly content: readonly Sample[];
}
