import { describe, expect, it } from 'vitest';
import { FulcrumError, scored, sha256 } from '../../core/index.ts';
import { evaluationTables } from '../migrations.ts';
import type { Scorer } from '../scorers/scorer.ts';
import { createScorers } from '../scorers/scorers.ts';
import type { RunEstimate } from './estimate-runs.ts';
import { exportRun } from './export-run.ts';
import { scoreRows } from './score-rows.ts';
import { openScripted, scriptedAnswer, scriptedVariant } from './scripted-evaluation.fixture.ts';
import { selectSamples } from './select-samples.ts';
import { summariseByTag, summariseRun } from './summarise-run.ts';

const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'none',
    (error: unknown) => (error instanceof FulcrumError ? error.code : error),
  );

describe('a run', () => {
  it('counts errors beside the mean, never as 0', async () => {
    const { run, store } = await openScripted(':memory:', 35);
    const [first] = await run([scriptedVariant('a')]);
    const results = await store.results(first!.id);
    const report = summariseRun(first!, results);
    // Of 0..34, 6 13 20 27 34 fail (5). Of the other 30, 4 9 14 19 24 29 are wrong (34 failed): 24 right.
    expect(report).toMatchObject({ variant: 'a', n: 35, usage: { inputTokens: 300, calls: 30 } });
    expect(report.metrics.correct).toMatchObject({ mean: 24 / 30, scored: 30, undefined: 0, errors: 5 });
    expect(report.metrics['exact-match']).toEqual({
      mean: null,
      low: null,
      high: null,
      scored: 0,
      undefined: 30,
      errors: 5,
    });
    expect(report.metrics.latency).toMatchObject({ mean: 0.5, low: 0.5, high: 0.5 });
    expect(report.costUsd).toBeCloseTo(0.3, 12);
    const { low, high } = report.metrics.correct!;
    expect(low! < 0.8 && high! > 0.8 && low! > 0.5 && high! < 1).toBe(true);
    expect(results.find(({ sample }) => sample === 's006')).toMatchObject({
      error: { code: 'external-failed', retryable: true },
      scores: {},
      output: null,
    });
    expect(results.find(({ sample }) => sample === 's000')).toMatchObject({
      group: 'g0',
      output: sha256('It is fact 0.'),
    });
    expect((await store.answers(first!.id)).get('s004')?.answer).toBe('{"not": "it"}');
    // 17 odd numbers; 13 and 27 fail; 9 19 29 are wrong.
    expect(summariseByTag(results, 'correct')[1]).toMatchObject({
      tag: 'odd',
      summary: { mean: 12 / 15, errors: 2 },
    });
    expect(first).toMatchObject({ samples: 35, origin: 'live', version: 'test', node: process.version });
    expect(first!.finishedAt).not.toBeNull();
  });

  it('asks nothing twice, and tries failed samples again', async () => {
    const { run, store } = await openScripted(':memory:', 14);
    let calls = 0;
    const variant = scriptedVariant('a', { onCall: () => calls++ });
    const [first] = await run([variant]);
    expect(calls).toBe(14);
    const [second] = await run([variant]);
    expect(calls).toBe(16);
    expect(second!.id).not.toBe(first!.id);
    expect(await exportRun(second!.id, store)).toBe(await exportRun(first!.id, store));
    await run([{ ...variant, definition: { script: 'changed' } }]);
    expect(calls).toBe(30);
  });

  it('has a paid answer safe before a judge sees it', async () => {
    const { run, database } = await openScripted(':memory:', 3);
    const kept: number[] = [];
    const judge: Scorer = {
      name: 'judged',
      description: 'counts what is kept by now',
      direction: 'higher',
      needs: [],
      async score() {
        const rows = await evaluationTables(database)
          .selectFrom('evaluation_answers')
          .select('key')
          .execute();
        kept.push(rows.length);
        return scored(1);
      },
    };
    await run([scriptedVariant('a')], { scorers: [judge], concurrency: 1 });
    // The answer that is being judged is there each time: one more than were judged before.
    expect(kept).toEqual([1, 2, 3]);
  });

  it('extends a smaller sample by a larger one', async () => {
    const { run, dataset, store } = await openScripted(':memory:', 40);
    let calls = 0;
    const variant = scriptedVariant('a', { onCall: () => calls++ });
    const [small] = await run([variant], { sample: 10 });
    const failed = (await store.results(small!.id)).filter((result) => result.error).length;
    await run([variant], { sample: 25 });
    expect(calls).toBe(25 + failed);
    const ten = selectSamples(dataset, undefined, 10);
    expect(selectSamples(dataset, undefined, 25).slice(0, 10)).toEqual(ten);
    expect(ten.map(({ id }) => id)).not.toEqual(dataset.content.slice(0, 10).map(({ id }) => id));
    expect(() => selectSamples(dataset, 'test')).toThrow('The split test of "scripted"');
  });

  it('goes on after it was cancelled', async () => {
    const { run, store } = await openScripted(':memory:', 20);
    const controller = new AbortController();
    let calls = 0;
    const onCall = (): void => {
      if (++calls === 8) controller.abort(new FulcrumError('cancelled'));
    };
    const variant = scriptedVariant('a', { onCall });
    expect(await codeOf(run([variant], { signal: controller.signal, concurrency: 3 }))).toBe('cancelled');
    const [open] = await store.list();
    expect(open!.finishedAt).toBeNull();
    const kept = (await store.results(open!.id)).length;
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(10);
    const [resumed] = await run([variant]);
    expect(resumed!.id).toBe(open!.id);
    expect(await store.results(open!.id)).toHaveLength(20);
  });

  it('reports progress and what was spent', async () => {
    const { run } = await openScripted(':memory:', 5);
    const seen: unknown[] = [];
    await run([scriptedVariant('a')], { onProgress: (progress) => seen.push(progress) });
    expect(seen[0]).toEqual({ phase: 'evaluating a', done: 0, total: 5, unit: 'samples', spentUsd: 0 });
    expect(seen.at(-1)).toMatchObject({ done: 5, spentUsd: 0.05 });
    seen.length = 0;
    await run([scriptedVariant('a')], { onProgress: (progress) => seen.push(progress) });
    expect(seen.at(-1)).toMatchObject({ done: 5, spentUsd: 0 });
  });
});

describe('the budget', () => {
  it('stops a run before anything is spent, unless the spending is approved', async () => {
    const { run, store } = await openScripted(':memory:', 10);
    let calls = 0;
    const variants = [scriptedVariant('a', { onCall: () => calls++ }), scriptedVariant('b', { usd: null })];
    const estimates: RunEstimate[] = [];
    const options = { budget: 0.19, onEstimate: (estimate: RunEstimate) => void estimates.push(estimate) };
    expect(await codeOf(run(variants, options))).toBe('budget-exceeded');
    expect(await codeOf(run(variants, { ...options, approve: async () => false }))).toBe('budget-exceeded');
    expect([calls, (await store.list()).length]).toEqual([0, 0]);
    expect(estimates[0]).toEqual({
      answers: 20,
      cached: 0,
      usd: expect.closeTo(0.2, 9),
      unknown: 10,
      inputTokens: 200,
      outputTokens: 100,
    });
    await run(variants, { ...options, approve: async () => true });
    // 9 answers of each are there; the failed one of each is asked again.
    await run(variants, options);
    expect(estimates.at(-1)).toMatchObject({
      answers: 2,
      cached: 18,
      usd: expect.closeTo(0.02, 9),
      unknown: 1,
    });
  });
});

describe('a variant that does not work', () => {
  const dying = (name: string, error: FulcrumError, onCall = (): void => undefined) => ({
    ...scriptedVariant(name),
    answer: async () => {
      onCall();
      throw error;
    },
  });

  it("is counted sample by sample when it is somebody else's pipeline", async () => {
    const { run, store } = await openScripted(':memory:', 20);
    const [one] = await run([
      dying('dead', new FulcrumError('external-timeout', { variant: 'dead', seconds: 1 })),
    ]);
    const report = summariseRun(one!, await store.results(one!.id));
    expect(report.metrics.correct).toEqual({
      mean: null,
      low: null,
      high: null,
      scored: 0,
      undefined: 0,
      errors: 20,
    });
    expect(one!.finishedAt).not.toBeNull();
  });

  it('ends the run when its model cannot be reached or refuses the key', async () => {
    const { run, store } = await openScripted(':memory:', 20);
    let calls = 0;
    const unreachable = dying('far', new FulcrumError('model-unreachable', {}), () => calls++);
    expect(await codeOf(run([unreachable]))).toBe('model-unreachable');
    expect(calls).toBe(5);
    expect(await codeOf(run([unreachable], { sample: 2 }))).toBe('model-unreachable');
    expect(await codeOf(run([dying('key', new FulcrumError('model-key-rejected', {}))]))).toBe(
      'model-key-rejected',
    );
    expect((await store.list()).map((one) => one.finishedAt)).toEqual([null, null, null]);
  });

  it('that lies about the form of its answer is an error of the sample', async () => {
    const { run, store } = await openScripted(':memory:', 3);
    const liar = {
      ...scriptedVariant('liar'),
      answer: async ({ input }: { input: string }) =>
        input === 'question 1' ? ({ answer: 7 } as never) : scriptedAnswer({ answer: 'fact 0' }),
    };
    const [one] = await run([liar]);
    const report = summariseRun(one!, await store.results(one!.id));
    expect(report.metrics.correct).toMatchObject({ mean: 0.5, scored: 2, errors: 1 });
  });
});

describe('score rows', () => {
  it('carry value, reason, group and cost, and refuse mixed data', async () => {
    const { run, store, datasets } = await openScripted(':memory:', 7);
    const [a] = await run([scriptedVariant('a')]);
    const tools = { store, scorers: createScorers() };
    const rows = await scoreRows([a!.id], 'correct', tools);
    expect(rows[0]).toEqual({
      sample: 's000',
      variant: 'a',
      kind: 'external',
      metric: 'correct',
      group: 'g0',
      tags: ['even'],
      confidence: null,
      costUsd: 0.01,
      deployable: true,
      value: 1,
    });
    expect(rows[4]).toMatchObject({ sample: 's004', value: 0 });
    expect(rows[6]).toMatchObject({ sample: 's006', value: null, reason: 'error', costUsd: null });
    expect((await scoreRows([a!.id], 'latency', tools))[0]).toMatchObject({ value: -0.5 });
    expect((await scoreRows([a!.id], 'token-f1', tools))[0]).toMatchObject({
      value: null,
      reason: 'no-gold',
    });
    const [again] = await run([scriptedVariant('a')]);
    const both = await scoreRows([a!.id, again!.id], 'correct', tools);
    expect(new Set(both.map((row) => row.variant))).toEqual(new Set([`a (${a!.id})`, `a (${again!.id})`]));
    await datasets.save('other', [{ id: 's000', input: 'x', answerable: true }], 'script');
    const [b] = await run([scriptedVariant('b')], { dataset: await datasets.get('other') }).catch(() => [
      undefined,
    ]);
    const other = b ?? (await store.list())[0]!;
    expect(await codeOf(scoreRows([a!.id, other.id], 'correct', tools))).toBe('run-mismatch');
    expect(await codeOf(scoreRows(['nope'], 'correct', tools))).toBe('run-unknown');
    expect(await codeOf(scoreRows([a!.id], 'nope', tools))).toBe('metric-unknown');
  });
});
