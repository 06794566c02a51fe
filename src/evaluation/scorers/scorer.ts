import type { Score } from '../../core/index.ts';
import type { ScoredSample } from '../evaluated.ts';

/** What a sample or an answer must hold for a scorer to give a number; shown in lists. */
export type ScorerNeed = 'facts' | 'references' | 'evidence' | 'contexts' | 'citations';

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
}
