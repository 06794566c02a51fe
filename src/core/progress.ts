/** One report of how far a piece of work has come. */
export interface Progress {
  /** Short name of what is being done, e.g. `embedding`. */
  readonly phase: string;
  readonly done: number;
  /** Null while it is not known. */
  readonly total: number | null;
  /** Unit of `done` and `total`, e.g. `chunks`, `bytes`, `samples`. */
  readonly unit: string;
  /** Money spent so far, where the work costs money. */
  readonly spentUsd?: number | null;
}

/** Listener for progress; it must be cheap and must not throw. */
export type OnProgress = (progress: Progress) => void;

/** Options that every long piece of work takes. */
export interface WorkOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
  /** Notices for the user that are not errors, e.g. "keyword search only". */
  readonly onNotice?: ((notice: string) => void) | undefined;
}
