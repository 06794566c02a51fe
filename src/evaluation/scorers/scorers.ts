import { errorScore, FulcrumError, type Score, suggest } from '../../core/index.ts';
import type { ScoredSample } from '../evaluated.ts';
import { citationPrecisionScorer, citationRecallScorer } from './citation-scorers.ts';
import { correctScorer } from './correct.ts';
import { costScorer, latencyScorer, tokensScorer } from './effort-scorers.ts';
import { answerContainedScorer, exactMatchScorer, tokenF1Scorer } from './reference-scorers.ts';
import { retrievalScorers } from './retrieval-scorers.ts';
import type { Scorer } from './scorer.ts';

/** Cut-offs of the retrieval metrics of a run. */
const defaultCutOffs = [1, 5, 10];

/** The scorers that every run applies, in the order of their display; add your own to the list. */
export function createScorers(options: { cutOffs?: readonly number[] } = {}): Scorer[] {
  return [
    correctScorer,
    exactMatchScorer,
    tokenF1Scorer,
    answerContainedScorer,
    ...retrievalScorers(options.cutOffs ?? defaultCutOffs),
    citationPrecisionScorer,
    citationRecallScorer,
    latencyScorer,
    tokensScorer,
    costScorer,
  ];
}

/** Judges an answer; a scorer that throws, or gives a number that is none, makes an error score. Throws only `cancelled`. */
export async function applyScorer(scorer: Scorer, judged: ScoredSample): Promise<Score> {
  try {
    const score = await scorer.score(judged);
    if (score.status === 'scored' && !Number.isFinite(score.value))
      return errorScore(`${scorer.name} gave ${score.value}`);
    return score;
  } catch (error) {
    if (error instanceof FulcrumError && error.code === 'cancelled') throw error;
    return errorScore(error instanceof Error ? error.message : String(error));
  }
}

/** The scorer of a metric. Throws `metric-unknown`. */
export function findScorer(scorers: readonly Scorer[], metric: string): Scorer {
  const found = scorers.find((scorer) => scorer.name === metric);
  if (found) return found;
  const known = scorers.map((scorer) => scorer.name);
  throw new FulcrumError('metric-unknown', {
    metric,
    suggestion: suggest(metric, known),
    known: known.join(', '),
  });
}
