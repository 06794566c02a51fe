import type { ScoredSample } from '../evaluated.ts';

/** Takes in answers one at a time and keeps counts only; one value over all of them at the end. */
export interface CorpusMetric {
  /**
   * Null when the answer took part, else why it could not.
   * @param weights how often the answer's cluster is in each resample.
   */
  add(judged: ScoredSample, weights: Uint8Array): string | null;
  /** Null when nothing took part, or the value is not defined for what did. */
  value(): number | null;
  /** The middle 95 % of the value over resamples of clusters; null where it cannot be had. */
  interval(): { low: number; high: number } | null;
  /** What exactly was computed, in the notation of the reference implementation. */
  signature(): string | null;
}
