import { describe, expect, it } from 'vitest';
import { noCost, noUsage, type Score, scored, undefinedScore } from '../../core/index.ts';
import type { SampleResult } from '../../evaluation/index.ts';
import { judgedAnswer } from './judged-answer.ts';

function result(score: Score | null, other: Partial<SampleResult> = {}): SampleResult {
  return {
    ...{ sample: 's', repetition: 0, group: 'g', tags: [], output: 'o', refusal: null, confidence: 0.7 },
    ...{ usage: noUsage, cost: noCost, seconds: 1, scores: score ? { m: score } : {}, error: null },
    ...other,
  };
}
const judge = (made: SampleResult, answerable: boolean) => judgedAnswer(made, { metric: 'm', answerable });
const told = { sample: 's', group: 'g' };

describe('judgedAnswer', () => {
  it('counts what is said to an unanswerable question as wrong, whatever the metric has to say', () => {
    const wrong = { ...told, answerable: false, confidence: 0.7, wrong: true };
    for (const score of [undefinedScore('unanswerable'), scored(0), scored(1), null])
      expect(judge(result(score), false)).toEqual(wrong);
  });

  it('takes an answer to an answerable question by its score, and leaves it out without one', () => {
    expect(judge(result(scored(1)), true)).toMatchObject({ confidence: 0.7, wrong: false });
    expect(judge(result(scored(0.9)), true)).toMatchObject({ confidence: 0.7, wrong: true });
    expect(judge(result(undefinedScore('no-gold')), true)).toBeNull();
  });

  it('takes a refusal as declined and leaves a failure out', () => {
    const declined = { refusal: 'model-declined', confidence: 0.9 } as const;
    for (const answerable of [true, false]) {
      expect(judge(result(null, declined), answerable)).toMatchObject({ answerable, confidence: null });
      const error = { code: 'x', message: 'x', retryable: false };
      expect(judge(result(null, { error, confidence: null }), answerable)).toBeNull();
    }
  });
});
