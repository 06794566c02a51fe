import { type Score, scored, undefinedScore } from '../../core/index.ts';
import type { ScoredSample } from '../evaluated.ts';
import { answerText, referencesOf } from './answer-text.ts';
import type { Scorer } from './scorer.ts';
import { answerTokens, containsAnswer, exactMatch, tokenF1 } from './squad.ts';

/** Longest answer, in normalised tokens, that may count as containing the reference. */
export const containedAnswerTokens = 150;

/** Equality with a reference after SQuAD v1.1 normalisation. */
export const exactMatchScorer: Scorer = {
  name: 'exact-match',
  description: 'the answer equals a reference after SQuAD normalisation',
  direction: 'higher',
  needs: ['references'],
  score: (judged) => againstReferences(judged, (text, references) => scored(exactMatch(text, references))),
};

/** Token overlap with the best reference by the SQuAD v1.1 rules. */
export const tokenF1Scorer: Scorer = {
  name: 'token-f1',
  description: 'F1 of the tokens shared with the best reference, by the SQuAD rules',
  direction: 'higher',
  needs: ['references'],
  score: (judged) => againstReferences(judged, (text, references) => scored(tokenF1(text, references))),
};

/** Whether a score rests on the sample being unanswerable, and not on a reference. */
export function isNoAnswer(score: Score): boolean {
  return score.status === 'scored' && (score.detail as { noAnswer?: unknown } | undefined)?.noAnswer === true;
}

/** A reference inside the answer; an answer longer than the cap scores 0, or else quoting everything would win. */
export const answerContainedScorer: Scorer = {
  name: 'answer-contained',
  description: `a reference stands in the answer, which has at most ${containedAnswerTokens} tokens`,
  direction: 'higher',
  needs: ['references'],
  score: (judged) => againstReferences(judged, scoreContained),
};

/** Score of a text that should contain one of the references. */
export function scoreContained(text: string, references: readonly string[]): Score {
  if (answerTokens(text).length > containedAnswerTokens) return scored(0, { tooLong: true });
  return scored(references.some((reference) => containsAnswer(text, reference)) ? 1 : 0);
}

/**
 * An unanswerable sample scores 1 when nothing was answered (SQuAD v2), an answerable one that was refused 0. The former
 * carries the detail `noAnswer`: it says nothing of references, so a run in which nothing else has a number has none.
 */
export function againstReferences(
  { sample, answer }: ScoredSample,
  judge: (text: string, references: readonly string[]) => Score,
): Score {
  const text = answerText(answer);
  if (!sample.answerable) return scored(text.trim() === '' ? 1 : 0, { noAnswer: true });
  const references = referencesOf(sample);
  if (references.length === 0) return undefinedScore('no-gold');
  if (answer.refusal !== null) return scored(0, { wrongAbstention: true });
  return judge(text, references);
}
