import { type Answer, FulcrumError, type Sample } from '../../core/index.ts';
import type { ScoredSample } from '../evaluated.ts';

/** The answers of a run with their samples, in order of the samples. Throws `run-mismatch` for a run without the texts. */
export function scoredAnswers(
  samples: readonly Sample[],
  answers: ReadonlyMap<string, Answer>,
  run: string,
): ScoredSample[] {
  if (answers.size === 0)
    throw new FulcrumError('run-mismatch', {
      problem: `${run} holds no text of answers (it was imported as a recorded run, or every sample failed).`,
      metric: 'asked for',
    });
  return samples.flatMap((sample) => {
    const answer = answers.get(sample.id);
    return answer ? [{ sample, answer, ...(answer.contexts.length > 0 ? { retrieves: true } : {}) }] : [];
  });
}
