import type { CalibrationAnswer, SampleResult } from '../../evaluation/index.ts';

/**
 * One result of a run as calibration takes it: declined where the variant refused by itself, else wrong where the score is under 1 or
 * the question cannot be answered. Whatever is said to an unanswerable question is wrong, also by a metric that has no number for it. Null
 * where it failed, so that nothing was said, or where an answer to an answerable question has no score.
 */
export function judgedAnswer(
  { sample, group, refusal, confidence, scores, error }: SampleResult,
  { metric, answerable }: { readonly metric: string; readonly answerable: boolean },
): CalibrationAnswer | null {
  if (error !== null) return null;
  const told = { sample, group, answerable };
  if (refusal !== null) return { ...told, confidence: null, wrong: !answerable };
  if (!answerable) return { ...told, confidence, wrong: true };
  const score = scores[metric];
  return score?.status === 'scored' ? { ...told, confidence, wrong: score.value < 1 } : null;
}
