import type { Answer, Sample } from '../../core/index.ts';
import type { SampleResult } from '../runs/run.ts';
import { answerText } from '../scorers/answer-text.ts';
import { tokenF1 } from '../scorers/squad.ts';

/** Token F1 from which two answers say the same. */
const sameAnswer = 0.6;

/** A run with what suspicion rests on. */
export interface SuspectingRun {
  readonly variant: string;
  readonly results: readonly SampleResult[];
  readonly answers: ReadonlyMap<string, Answer>;
}

/** A sample whose label deserves a second look: all variants agree with each other, not with it. */
export interface LabelSuspect {
  readonly sample: string;
  readonly reason: 'same-other-answer' | 'all-refused' | 'answered-though-unanswerable';
  /** What the first variant said, for comparison with the reference; empty for a refusal. */
  readonly answer: string;
}

/**
 * Samples on which every run (two or more) is scored wrong by `correct` while all say the same: the same other answer (token
 * F1 of every pair at least 0.6), a refusal, or an answer where there should be none. Variants over the same retriever
 * share their mistakes, so this is a reason to look, not a verdict.
 */
export function labelSuspects(samples: readonly Sample[], runs: readonly SuspectingRun[]): LabelSuspect[] {
  if (runs.length < 2) return [];
  const byRun = runs.map(({ results }) => new Map(results.map((result) => [result.sample, result])));
  return samples.flatMap((sample): LabelSuspect[] => {
    const results = byRun.map((run) => run.get(sample.id));
    const allWrong = results.every((result) => {
      const score = result?.scores.correct;
      return score?.status === 'scored' && score.value === 0;
    });
    const answers = runs.map((run) => run.answers.get(sample.id));
    if (!allWrong || answers.some((answer) => answer === undefined)) return [];
    const texts = answers.map((answer) => answerText(answer as Answer));
    const refusals = results.filter((result) => result?.refusal !== null).length;
    if (refusals === results.length) return [{ sample: sample.id, reason: 'all-refused', answer: '' }];
    const alike = texts.every((text, index) =>
      texts.slice(index + 1).every((other) => tokenF1(text, [other]) >= sameAnswer),
    );
    if (refusals > 0 || !alike) return [];
    const reason = sample.answerable ? 'same-other-answer' : 'answered-though-unanswerable';
    return [{ sample: sample.id, reason, answer: texts[0] ?? '' }];
  });
}
