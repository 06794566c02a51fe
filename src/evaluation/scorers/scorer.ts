import type { Score } from '../../core/index.ts';
import type { ScoredSample } from '../evaluated.ts';

/** What a sample or an answer must hold for a scorer to give a number; shown in lists. */
export type ScorerNeed = 'facts' | 'references' | 'evidence' | 'contexts' | 'citations' | 'label';

/** Judges one answer to one sample. */
export interface Scorer {
  /** Name of the metric that its scores make up, e.g. `recall@5`. */
  readonly name: string;
  /** One sentence: what a score means. */
  readonly description: string;
  /** Whether a higher mean is better. */
  readonly direction: 'higher' | 'lower';
  readonly needs: readonly ScorerNeed[];
  /** Never throws when called through `applyScorer`; without a number it says why. A promise where a model judges. */
  score(judged: ScoredSample): Score | Promise<Score>;
  /**
   * Called before a run, so that a scorer that cannot work (a schema that is no schema, a missing file) stops it before
   * anything is spent. Throws a catalogue error.
   */
  prepare?(): Promise<void>;
  /** Figures of a whole run that are no mean of its scores, e.g. micro F1. */
  corpus?(): CorpusCollector;
  /** Everything that its scores depend on, where the name alone does not say it; JSON. */
  readonly definition?: Readonly<Record<string, unknown>> | undefined;
}

/** Takes in the scores of a run one by one; its memory does not grow with their number. */
export interface CorpusCollector {
  add(score: Score): void;
  figures(): CorpusFigure[];
}

/** A figure of a whole run. */
export interface CorpusFigure {
  readonly name: string;
  /** Null where it is not defined, e.g. a precision without predictions. */
  readonly value: number | null;
  /** Samples that it rests on. */
  readonly samples: number;
}
