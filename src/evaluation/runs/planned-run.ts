import { contentHash, type Principal, type Sample } from '../../core/index.ts';
import type { Evaluated, EvaluatedQuestion } from '../evaluated.ts';

/** A variant over samples, with the cache key of each answer. */
export interface PlannedRun {
  readonly variant: Evaluated;
  readonly definitionHash: string;
  readonly questions: readonly PlannedQuestion[];
}

export interface PlannedQuestion {
  readonly sample: Sample;
  /** Hash of everything that the answer depends on. */
  readonly key: string;
}

/**
 * Plans a run. Answers are shared by runs whose variant has the same definition (model, prompt, parameters, index),
 * whatever its name, and whose sample has the same id, input, evidence and hidden documents.
 * @param repetition index of the answer among several to the same question.
 */
export function planRun(
  variant: Evaluated,
  samples: readonly Sample[],
  principal: Principal,
  repetition = 0,
): PlannedRun {
  const definitionHash = contentHash({ kind: variant.kind, definition: variant.definition });
  const questions = samples.map((sample) => {
    const { id, input, evidence, hiddenDocuments } = sample;
    const asked = { id, input, evidence, hiddenDocuments };
    return { sample, key: contentHash({ definitionHash, principal, sample: asked, repetition }) };
  });
  return { variant, definitionHash, questions };
}

/** What a variant is asked for a sample. */
export function questionOf(sample: Sample, principal: Principal, signal?: AbortSignal): EvaluatedQuestion {
  const { input, id: sampleId, evidence, hiddenDocuments } = sample;
  return { input, principal, sampleId, evidence, hiddenDocuments, signal };
}
