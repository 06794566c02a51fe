import { reasonWithout } from '../judges/judge-fault.ts';
import { isNoAnswer } from '../scorers/reference-scorers.ts';
import type { SampleResult } from './run.ts';

/** What several answers to one sample come to under one metric. */
export interface SampleScore {
  /** Mean over the answers with a number; null where none has one. */
  readonly value: number | null;
  readonly values: readonly number[];
  /** Whether the value rests on the sample being unanswerable, and not on a reference. */
  readonly noAnswer: boolean;
  /** Whether one of the answers, or its scoring, failed. */
  readonly failed: boolean;
  /** Why there is no number, by the first answer that says so; null where there is one. */
  readonly reason: string | null;
  /** The fault of a judge, or the code of the failed answer, where `reason` is `error`. */
  readonly cause: string | null;
}

/** Averages the answers to one sample. An answer without a number takes no part; it is never 0. */
export function sampleScore(results: readonly SampleResult[], metric: string): SampleScore {
  const values: number[] = [];
  let failed = false;
  let noAnswer = false;
  let reason: string | null = null;
  let cause: string | null = null;
  for (const { error, scores } of results) {
    const score = scores[metric];
    if (error !== null || score?.status === 'error') {
      failed = true;
      cause ??= error !== null ? error.code : score?.status === 'error' ? reasonWithout(score) : null;
    } else if (score?.status === 'scored') {
      values.push(score.value);
      noAnswer ||= isNoAnswer(score);
    } else reason ??= score?.reason ?? 'not-scored';
  }
  if (values.length === 0)
    return { value: null, values, noAnswer, failed, reason: failed ? 'error' : reason, cause };
  const [first] = values;
  const value = values.length === 1 ? first! : values.reduce((sum, each) => sum + each, 0) / values.length;
  return { value, values, noAnswer, failed, reason: null, cause: null };
}
