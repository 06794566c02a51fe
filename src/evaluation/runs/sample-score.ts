import type { SampleResult } from './run.ts';

/** What several answers to one sample come to under one metric. */
export interface SampleScore {
  /** Mean over the answers with a number; null where none has one. */
  readonly value: number | null;
  readonly values: readonly number[];
  /** Whether one of the answers, or its scoring, failed. */
  readonly failed: boolean;
  /** Why there is no number, by the first answer that says so; null where there is one. */
  readonly reason: string | null;
}

/** Averages the answers to one sample. An answer without a number takes no part; it is never 0. */
export function sampleScore(results: readonly SampleResult[], metric: string): SampleScore {
  const values: number[] = [];
  let failed = false;
  let reason: string | null = null;
  for (const { error, scores } of results) {
    const score = scores[metric];
    if (error !== null || score?.status === 'error') failed = true;
    else if (score?.status === 'scored') values.push(score.value);
    else reason ??= score?.reason ?? 'not-scored';
  }
  if (values.length === 0) return { value: null, values, failed, reason: failed ? 'error' : reason };
  const [first] = values;
  const value = values.length === 1 ? first! : values.reduce((sum, each) => sum + each, 0) / values.length;
  return { value, values, failed, reason: null };
}
