import { describe, expect, it } from 'vitest';
import { FulcrumError } from '../../core/index.ts';
import type { Evaluated } from '../evaluated.ts';
import { createScorers } from '../scorers/scorers.ts';
import { exportRun } from './export-run.ts';
import { scoreRows } from './score-rows.ts';
import { openScripted, scriptedAnswer, scriptedVariant } from './scripted-evaluation.fixture.ts';
import { summariseRun, summariseStored } from './summarise-run.ts';

const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'none',
    (error: unknown) => (error instanceof FulcrumError ? error.code : error),
  );

/** Right on the first, wrong on the second answer to even questions; always right on odd ones. */
function wavering(onCall = (): void => undefined): Evaluated {
  const asked = new Map<string, number>();
  return {
    ...scriptedVariant('wavering'),
    answer: async ({ input }) => {
      onCall();
      const number = Number(input.split(' ')[1]);
      const time = (asked.get(input) ?? 0) + 1;
      asked.set(input, time);
      return scriptedAnswer({ answer: number % 2 === 0 && time % 2 === 0 ? 'no' : `fact ${number}` });
    },
  };
}

describe('repeats', () => {
  it('are averaged within the sample, with the variance within and between', async () => {
    const { run, store } = await openScripted(':memory:', 8);
    let calls = 0;
    const [one] = await run([wavering(() => calls++)], { repeats: 2 });
    expect(calls).toBe(16);
    expect(one).toMatchObject({ repeats: 2, samples: 8, firstRepetition: 0 });
    const report = await summariseStored(one!, store);
    expect(report).toEqual(summariseRun(one!, await store.results(one!.id)));
    // Means of samples: four 0.5, four 1. Within: 0.5 for even ones (two answers 1 and 0), 0 for odd ones.
    expect(report).toMatchObject({ n: 8, repeats: 2 });
    expect(report.metrics.correct).toMatchObject({ mean: 0.75, scored: 8, undefined: 0, errors: 0 });
    const { within, between } = report.metrics.correct!.variance!;
    expect(within).toBeCloseTo(0.25, 12);
    // Variance of the means 8 * 0.25^2 / 7, less 0.25 / 2.
    expect(between).toBeCloseTo(Math.max(0, 0.5 / 7 - 0.125), 12);
    expect(report.costUsd).toBeCloseTo(0.16, 12);
    const rows = await scoreRows([one!.id], 'correct', { store, scorers: createScorers() });
    expect(rows).toHaveLength(8);
    expect(rows.map(({ value }) => value)).toEqual([0.5, 1, 0.5, 1, 0.5, 1, 0.5, 1]);
    expect(rows[0]!.costUsd).toBeCloseTo(0.01, 12);
    const lines = (await exportRun(one!.id, store)).trimEnd().split('\n');
    expect(lines).toHaveLength(17);
    expect(JSON.parse(lines[2]!)).toMatchObject({ sample: 's000', repetition: 1, answer: 'no' });
  });

  it('reuse the answers of fewer repeats, and further ones are asked anew', async () => {
    const { run } = await openScripted(':memory:', 5);
    let calls = 0;
    const variant = scriptedVariant('a', { onCall: () => calls++ });
    await run([variant]);
    await run([variant], { repeats: 3 });
    expect(calls).toBe(15);
    await run([variant], { firstRepetition: 3 });
    expect(calls).toBe(20);
    await run([variant], { repeats: 4 });
    expect(calls).toBe(20);
  });

  it('leave out an answer without a number', async () => {
    const { run, store } = await openScripted(':memory:', 2);
    let calls = 0;
    const flaky: Evaluated = {
      ...scriptedVariant('flaky'),
      answer: async ({ input }) => {
        if (input === 'question 1' || ++calls === 2)
          throw new FulcrumError('external-failed', { variant: 'flaky', problem: 'scripted' });
        return scriptedAnswer({ answer: 'fact 0' });
      },
    };
    const [one] = await run([flaky], { repeats: 2 });
    const { correct } = summariseRun(one!, await store.results(one!.id)).metrics;
    expect(correct).toMatchObject({ mean: 1, scored: 1, errors: 1, variance: { within: null } });
  });
});

describe('a scorer that is added later', () => {
  it('judges the answers that are there', async () => {
    const { run, store } = await openScripted(':memory:', 12);
    let calls = 0;
    const variant = scriptedVariant('a', { onCall: () => calls++ });
    await run([variant]);
    const failed = 1;
    const length = {
      name: 'length',
      description: 'characters of the answer',
      direction: 'lower' as const,
      needs: [],
      score: ({ answer }: { answer: { answer: string } }) => ({
        status: 'scored' as const,
        value: answer.answer.length,
      }),
    };
    const [again] = await run([variant], { scorers: [...createScorers(), length] });
    expect(calls).toBe(12 + failed);
    // Of 11 answers "It is fact N." has 13 or 14 characters, '{"not": "it"}' has 13: 9 of 13, and 10 and 11 of 14.
    const { metrics } = await summariseStored(again!, store);
    const summary = metrics.length as unknown as { mean: number; low: number; high: number };
    expect(summary.mean).toBeCloseTo((13 * 9 + 14 * 2) / 11, 12);
    expect(summary.low < summary.mean && summary.mean < summary.high && summary.high <= 14).toBe(true);
  });
});

describe('what a run refuses or leaves out', () => {
  it('stops when the answers cost what was allowed, and goes on with more', async () => {
    const { run, store } = await openScripted(':memory:', 20);
    const unknown = scriptedVariant('a', { usd: null });
    const stopped = run([unknown], { budget: 0.05 });
    await expect(stopped).rejects.toMatchObject({ code: 'budget-spent', data: { done: 5, total: 20 } });
    const [open] = await store.list();
    expect([open!.finishedAt, (await store.results(open!.id)).length]).toEqual([null, 5]);
    const [finished] = await run([unknown], { budget: 1 });
    expect(finished!.id).toBe(open!.id);
    expect(await store.results(open!.id)).toHaveLength(20);
  });

  it.each([
    ['id', { id: 's003', input: 'x' }],
    ['text', { id: 'x', input: 'QUESTION   3?' }],
    ['group', { id: 'x', input: 'x', group: 'g1' }],
  ])('a variant that learned from a test sample (by %s)', async (_name, learned) => {
    const { run } = await openScripted(':memory:', 6);
    let calls = 0;
    const variant = { ...scriptedVariant('a', { onCall: () => calls++ }), learnedFrom: [learned] };
    await expect(run([variant])).rejects.toMatchObject({ code: 'sample-leaked' });
    expect(calls).toBe(0);
    const harmless = [{ id: 'y', input: 'question 30', group: 'g' }];
    expect(await codeOf(run([{ ...variant, learnedFrom: harmless }]))).toBe('none');
  });

  it('a variant that cannot answer is skipped with its reason, and the others run', async () => {
    const { run } = await openScripted(':memory:', 3);
    const skipped: unknown[] = [];
    const runs = await run(
      [{ ...scriptedVariant('big'), cannotRun: async () => 'it does not fit' }, scriptedVariant('a')],
      { onSkipped: (one) => skipped.push(one) },
    );
    expect(skipped).toEqual([{ variant: 'big', reason: 'it does not fit' }]);
    expect(runs.map(({ variant }) => variant)).toEqual(['a']);
  });
});
