import { type Answer, noCost, noUsage, type Sample, sha256, toFulcrumError } from '../../core/index.ts';
import type { Scorer } from '../scorers/scorer.ts';
import { applyScorer } from '../scorers/scorers.ts';
import type { SampleResult } from './run.ts';

/** Scores an answer and puts together what a run keeps of it. */
export async function scoreAnswer(
  sample: Sample,
  answer: Answer,
  scorers: readonly Scorer[],
  retrieves?: boolean,
): Promise<SampleResult> {
  const judged = { sample, answer, retrieves };
  const scores = await Promise.all(
    scorers.map(async (scorer) => [scorer.name, await applyScorer(scorer, judged)] as const),
  );
  return {
    ...identity(sample),
    output: sha256(answer.answer),
    refusal: answer.refusal?.reason ?? null,
    confidence: answer.confidence,
    usage: answer.usage,
    cost: answer.cost,
    seconds: answer.unmeasured?.includes('seconds') ? null : answer.seconds,
    scores: Object.fromEntries(scores),
    error: null,
  };
}

/** The result of a sample that has no answer: counted, never scored 0. */
export function failedResult(sample: Sample, error: unknown, repetition = 0): SampleResult {
  const { code, message, retryable } = toFulcrumError(error);
  return {
    ...identity(sample),
    repetition,
    output: null,
    refusal: null,
    confidence: null,
    usage: noUsage,
    cost: noCost,
    seconds: null,
    scores: {},
    error: { code, message, retryable },
  };
}

function identity(sample: Sample): Pick<SampleResult, 'sample' | 'repetition' | 'group' | 'tags'> {
  return { sample: sample.id, repetition: 0, group: sample.group ?? sample.id, tags: sample.tags ?? [] };
}
