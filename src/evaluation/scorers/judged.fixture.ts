import { type Answer, noCost, noUsage, type Sample, type Score } from '../../core/index.ts';
import type { ScoredSample } from '../evaluated.ts';
import type { CorpusFigure, Scorer } from './scorer.ts';
import { applyScorer, findScorer } from './scorers.ts';

/** A sample with an answer of this text; a null text is a refusal. */
export function judgedText(
  text: string | null,
  sample: Partial<Sample> = {},
  answer: Partial<Answer> = {},
): ScoredSample {
  return {
    sample: { id: 's', input: 'q', answerable: true, ...sample },
    answer: {
      answer: text ?? 'I do not know',
      citations: [],
      removedCitations: 0,
      refusal: text === null ? { reason: 'model-declined' } : null,
      contexts: [],
      usage: noUsage,
      cost: noCost,
      seconds: 1,
      confidence: null,
      ...answer,
    },
  };
}

/** Score by metric of all scorers given. */
export async function scoresOf(
  scorers: readonly Scorer[],
  judged: ScoredSample,
): Promise<Record<string, Score>> {
  const scores: Record<string, Score> = {};
  for (const { name } of scorers) scores[name] = await applyScorer(findScorer(scorers, name), judged);
  return scores;
}

/** Number by metric; the reason or cause where there is none. */
export async function valuesOf(
  scorers: readonly Scorer[],
  judged: ScoredSample,
): Promise<Record<string, number | string>> {
  const scores = await scoresOf(scorers, judged);
  return Object.fromEntries(
    Object.entries(scores).map(([name, score]) => [
      name,
      score.status === 'scored'
        ? score.value
        : score.status === 'undefined'
          ? score.reason
          : `error: ${score.cause}`,
    ]),
  );
}

/** Figures of a corpus with these scores. */
export function corpusOf(scorer: Scorer, scores: readonly Score[]): CorpusFigure[] {
  const collector = scorer.corpus!();
  for (const score of scores) collector.add(score);
  return collector.figures();
}
