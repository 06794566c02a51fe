import { describe, expect, it } from 'vitest';
import { errorScore, FulcrumError, type Sample, scored } from '../../core/index.ts';
import { createRubricScorer } from '../judges/rubric-scorer.ts';
import { type Script, scriptedJudge, verdictsOn } from '../judges/scripted-judge.fixture.ts';
import { corpusBleu } from '../metrics/text/bleu.ts';
import { corpusChrf } from '../metrics/text/chrf.ts';
import type { Scorer } from '../scorers/scorer.ts';
import { createScorers } from '../scorers/scorers.ts';
import { textScorers } from '../scorers/text-scorers.ts';
import { corpusFigures } from './corpus-figures.ts';
import { diffRuns } from './diff-runs.ts';
import { overviewOf } from './run-overview.ts';
import { scoreRows } from './score-rows.ts';
import { openScripted, scriptedAnswer, scriptedVariant } from './scripted-evaluation.fixture.ts';
import { summariseByTag, summariseRun } from './summarise-run.ts';

async function openWith(samples: readonly Sample[], answers: Readonly<Record<string, string | null>>) {
  const scripted = await openScripted(':memory:', 1);
  await scripted.datasets.save('own', samples, 'script');
  const dataset = await scripted.datasets.get('own');
  const variant = {
    ...scriptedVariant('own'),
    answer: async ({ input }: { input: string }) => {
      const answer = answers[input];
      return answer === null
        ? scriptedAnswer({ refusal: { reason: 'not-in-corpus' } })
        : scriptedAnswer({ answer: answer ?? '' });
    },
  };
  return { ...scripted, dataset, variant };
}

describe('the overview of a run', () => {
  it('is what all of its results together say, by tag too, with the first failures', async () => {
    const { run, store } = await openScripted(':memory:', 35);
    const [one] = await run([scriptedVariant('a')]);
    const results = await store.results(one!.id);
    const overview = await overviewOf(one!, store, 'correct');
    expect(overview.report).toEqual(summariseRun(one!, results));
    expect(overview.tags).toEqual(summariseByTag(results, 'correct'));
    // 6, 13, 20, 27 and 34 fail; in order of their groups g3, g6, g10, g13 and g17 as texts, 20 comes first.
    expect(overview.failures.count).toBe(5);
    expect(overview.failures.first[0]).toMatchObject({ sample: 's020', code: 'external-failed' });
    expect(overview.reasons['token-f1']).toEqual({ 'no-gold': 30 });
  });

  it('counts every fault of a judge by its reason', async () => {
    const kinds = ['', 'drop', 'extra', 'cut', 'prose', '429', 'late', 'both'];
    const script: Script = (material) => {
      const kind = kinds[Number(String(material.question).split(' ')[1]) % kinds.length];
      const whole = verdictsOn(material, () => 'met') as { verdicts: object[] };
      const no = verdictsOn(material, () => 'not-met') as { verdicts: object[] };
      if (kind === 'drop') return { verdicts: [] };
      if (kind === 'extra') return { verdicts: [...whole.verdicts, { item: 9, reason: '', label: 'met' }] };
      if (kind === 'cut') return { text: JSON.stringify(whole).slice(0, -9), finishReason: 'length' };
      if (kind === 'prose') return `Here you are: ${JSON.stringify(whole)}`;
      if (kind === '429') throw new FulcrumError('model-rate-limited', { model: 'm', problem: 'HTTP 429' });
      if (kind === 'late') return new Promise<never>(() => undefined);
      if (kind === 'both') return { verdicts: [...whole.verdicts, ...no.verdicts] };
      return whole;
    };
    const { judge, close } = await scriptedJudge(script, { timeoutSeconds: 0.05 });
    const { run, store } = await openScripted(':memory:', 16);
    const own: Scorer = {
      ...{ name: 'own', description: 'fails', direction: 'higher' as const, needs: [] },
      score: ({ answer }) => (answer.answer.includes('fact 1') ? errorScore('boom: no') : scored(1)),
    };
    const scorers = [createRubricScorer({ name: 'polite', judge, criteria: ['says please'] }), own];
    const [one] = await run(
      [{ ...scriptedVariant('a'), answer: async () => scriptedAnswer({ answer: 'x' }) }],
      {
        scorers,
        concurrency: 8,
      },
    );
    const { report, reasons } = await overviewOf(one!, store);
    // Two samples of each kind; a number only where the judge behaved.
    expect(report.metrics['polite@scripted']).toMatchObject({ mean: 1, scored: 2, errors: 14 });
    expect(reasons['polite@scripted']).toEqual({
      'judge-shape': 4,
      'judge-truncated': 2,
      'judge-not-json': 2,
      'judge-rate-limited': 2,
      'judge-timeout': 2,
      'judge-contradictory': 2,
    });
    const rows = await scoreRows([one!.id], 'polite@scripted', { store, scorers });
    expect(rows.filter(({ cause }) => cause === 'judge-timeout')).toHaveLength(2);
    await close();
  });
});

describe('metrics of references', () => {
  const unanswerable: Sample[] = [1, 2, 3, 4].map((index) => ({
    id: `n${index}`,
    input: `none ${index}`,
    answerable: false,
  }));
  const refusals = { 'none 1': null, 'none 2': null, 'none 3': null, 'none 4': 'A guess.' };

  it('have no number where only unanswerable samples were scored', async () => {
    const facts: Sample[] = [{ id: 'f', input: 'fact', facts: [['it']], answerable: true }];
    const { run, store, dataset, variant } = await openWith([...facts, ...unanswerable], {
      ...refusals,
      fact: 'It is it.',
    });
    const [one] = await run([variant], { dataset });
    const { metrics } = (await overviewOf(one!, store)).report;
    expect(metrics.correct).toMatchObject({ mean: 0.8, scored: 5 });
    for (const metric of ['exact-match', 'token-f1', 'answer-contained'])
      expect(metrics[metric]).toEqual({
        ...{ mean: null, low: null, high: null },
        ...{ scored: 0, undefined: 5, errors: 0 },
      });
    const tools = { store, scorers: createScorers() };
    expect(
      (await scoreRows([one!.id], 'token-f1', tools)).map(({ value, reason }) => [value, reason]),
    ).toEqual([[null, 'no-gold'], ...Array.from({ length: 4 }, () => [null, 'unanswerable'])]);
  });

  it('count refusals by the rule of SQuAD v2 beside references, and say how many they are', async () => {
    const answered: Sample[] = [{ id: 'r', input: 'ref', reference: 'It is it.', answerable: true }];
    const { run, store, dataset, variant } = await openWith([...answered, ...unanswerable], {
      ...refusals,
      ref: 'It is it.',
    });
    const [one] = await run([variant], { dataset });
    // 1 equal, 3 of 4 refused.
    expect((await overviewOf(one!, store)).report.metrics['exact-match']).toMatchObject({
      ...{ mean: 0.8, scored: 5, undefined: 0 },
      noAnswer: 4,
    });
    const rows = await scoreRows([one!.id], 'exact-match', { store, scorers: createScorers() });
    expect(rows.filter(({ value }) => value !== null)).toHaveLength(5);
  });
});

describe('the figures of a run', () => {
  it('are BLEU and chrF of all answers together where their sentence scores were asked for', async () => {
    const samples: Sample[] = [
      ['a', 'the cat sat on the mat today'],
      ['b', 'a dog ran in the park'],
      ['c', 'birds fly south in winter'],
    ].map(([id, reference]) => ({ id: id!, input: id!, reference: reference!, answerable: true }));
    const answers = { a: 'the cat sat on a mat today', b: 'a dog ran in the park', c: null };
    const { run, store, dataset, variant } = await openWith(samples, answers);
    const scorers = textScorers().filter(({ name }) => /^sentence-/.test(name));
    const [one] = await run([variant], { dataset, scorers });
    const segments = samples.map(({ input, reference }) => ({
      hypothesis: answers[input as 'a'] ?? '',
      references: [reference!],
    }));
    const figures = await corpusFigures(store.pages(one!.id, 'sample'), scorers);
    expect(figures).toEqual([
      { name: 'bleu', value: expect.closeTo(corpusBleu(segments)!.score, 9), samples: 3 },
      { name: 'chrf', value: expect.closeTo(corpusChrf(segments)!, 9), samples: 3 },
      { name: 'chrf++', value: expect.closeTo(corpusChrf(segments, { wordOrder: 2 })!, 9), samples: 3 },
    ]);
  });
});

describe('the difference of two runs', () => {
  it('is that of the samples they share, whatever pages they come in', async () => {
    const { run, store } = await openScripted(':memory:', 450);
    const [one] = await run([scriptedVariant('a')], { sample: 430 });
    const right = async ({ input }: { input: string }) =>
      scriptedAnswer({ answer: `fact ${input.split(' ')[1]}` });
    const [two] = await run([{ ...scriptedVariant('b'), answer: right }]);
    const difference = await diffRuns({
      ...{ before: one!, after: two!, metric: 'correct', store },
      direction: 'higher',
      samplesOf: async () => new Map(),
      limit: 3,
    });
    const before = await store.results(one!.id);
    const failed = before.filter(({ error }) => error !== null).length;
    const wrong = before.filter(
      ({ scores }) => scores.correct?.status === 'scored' && scores.correct.value === 0,
    );
    expect(difference).toMatchObject({
      ...{ improved: wrong.length, regressed: 0, gainedScore: failed, lostScore: 0, unscored: 0 },
      ...{ same: 430 - wrong.length - failed, onlyBefore: 0, onlyAfter: 20 },
    });
    expect(difference.flips.map(({ change }) => change)).toEqual(['improved', 'improved', 'improved']);
  });
});
