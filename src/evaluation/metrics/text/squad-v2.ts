import { answerTokens, exactMatch, normaliseAnswer, tokenF1 } from '../../scorers/squad.ts';

/** Exact match (0 or 1) and token F1. */
export interface SquadScore {
  readonly exact: number;
  readonly f1: number;
}

/**
 * SQuAD 2.0: as 1.1, but a question without an answer has the empty string as its only reference, and where either
 * side has no token, F1 is whether both have none. References that normalise to nothing are left out.
 */
export function squadV2(prediction: string, references: readonly string[]): SquadScore {
  const meaningful = references.filter((reference) => normaliseAnswer(reference) !== '');
  const wanted = meaningful.length > 0 ? meaningful : [''];
  const f1s = wanted.map((reference) => {
    const [found, expected] = [answerTokens(prediction), answerTokens(reference)];
    if (found.length === 0 || expected.length === 0) return found.length === expected.length ? 1 : 0;
    return tokenF1(prediction, [reference]);
  });
  return { exact: exactMatch(prediction, wanted), f1: Math.max(...f1s) };
}

/** One question of a SQuAD 2.0 set. Without references it has no answer. */
export interface SquadQuestion {
  readonly prediction: string;
  readonly references: readonly string[];
  /** Probability that there is no answer; above the threshold the prediction counts as none. */
  readonly noAnswerProbability?: number | undefined;
}

/** Scores from 0 to 100, over all questions and over those with and without an answer; null where there is none. */
export interface SquadCorpusScore {
  readonly exact: number | null;
  readonly f1: number | null;
  readonly total: number;
}

/** SQuAD 2.0's corpus scores at a threshold of the no-answer probability (official `evaluate-v2.0`). */
export function squadV2Corpus(
  questions: readonly SquadQuestion[],
  threshold = 1,
): Record<'all' | 'withAnswer' | 'withoutAnswer', SquadCorpusScore> {
  const scores = questions.map(({ prediction, references, noAnswerProbability }) => {
    const answerable = references.length > 0;
    const abstained = (noAnswerProbability ?? 0) > threshold;
    if (!abstained) return { answerable, ...squadV2(prediction, references) };
    const value = answerable ? 0 : 1;
    return { answerable, exact: value, f1: value };
  });
  return {
    all: average(scores),
    withAnswer: average(scores.filter(({ answerable }) => answerable)),
    withoutAnswer: average(scores.filter(({ answerable }) => !answerable)),
  };
}

function average(scores: readonly SquadScore[]): SquadCorpusScore {
  const total = scores.length;
  if (total === 0) return { exact: null, f1: null, total };
  const mean = (pick: (score: SquadScore) => number): number =>
    (100 * scores.reduce((sum, score) => sum + pick(score), 0)) / total;
  return { exact: mean(({ exact }) => exact), f1: mean(({ f1 }) => f1), total };
}
