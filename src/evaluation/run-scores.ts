/** Scores of one metric of a run by sample, for statements about parts of a dataset. */
export interface RunScores {
  readonly run: string;
  readonly variant: string;
  readonly metric: string;
  /** Null where there is no number. */
  readonly scores: readonly { readonly sample: string; readonly value: number | null }[];
}
