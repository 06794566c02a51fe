import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errorScore, scored } from '../../../core/index.ts';
import { scriptedAnswer } from '../../runs/scripted-evaluation.fixture.ts';
import { correctScorer } from '../../scorers/correct.ts';
import type { Scorer } from '../../scorers/scorer.ts';
import { flipNegation, mutations, reverseOrder, swapNames, swapNumbers } from './mutations.ts';
import { testScorers } from './test-scorers.ts';

describe('mutations', () => {
  it.each([
    ['It has 3 pumps and 40 valves [1].', 'It has 40 pumps and 3 valves [1].'],
    ['It has 3 pumps.', 'It has 5 pumps.'],
    ['It costs 1,200 in v2 [3].', 'It costs 1801 in v2 [3].'],
    ['No number.', null],
  ])('of numbers: %s', (text, expected) => expect(swapNumbers(text)).toBe(expected));

  it.each([
    ['It is not red.', 'It is red.'],
    ["They aren't red.", 'They are red.'],
    ['You cannot go.', 'You can go.'],
    ['It was red and is warm.', 'It was not red and is warm.'],
    ['Red.', null],
  ])('of negations: %s', (text, expected) => expect(flipNegation(text)).toBe(expected));

  it.each([
    ['The road from Rome to Bari.', [], 'The road from Bari to Rome.'],
    ['The road to Rome.', ['All go to Oslo.'], 'The road to Oslo.'],
    ['The road to Rome.', [], null],
  ])('of names: %s', (text, others, expected) => expect(swapNames(text, others)).toBe(expected));

  it('of order: sentences or lines', () => {
    expect(reverseOrder('One. Two. Three.')).toBe('Three. Two. One.');
    expect(reverseOrder('1. open\n2. turn\n3. close')).toBe('3. close\n2. turn\n1. open');
    expect(reverseOrder('One. Two.')).toBeNull();
  });

  it('never give back the same answer, and the same one each time', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const answer = scriptedAnswer({ answer: text });
        for (const { mutate } of mutations) {
          const harmed = mutate(answer, []);
          expect(harmed?.answer).not.toBe(text);
          expect(mutate(answer, [])).toEqual(harmed);
        }
      }),
    );
  });
});

describe('a test of scorers', () => {
  const samples = Array.from({ length: 20 }, (_, index) => ({
    sample: { id: `s${index}`, input: 'q', answerable: true, facts: [[`${index + 2} pumps`]] },
    answer: scriptedAnswer({ answer: `The house in Rome has ${index + 2} pumps.` }),
  }));
  const blind: Scorer = {
    name: 'blind',
    description: '',
    direction: 'higher',
    needs: [],
    score: () => scored(1),
  };
  // Notices a change of number in the first five samples only.
  const partial: Scorer = {
    ...blind,
    name: 'partial',
    score: ({ sample, answer }) =>
      scored(
        Number(sample.id.slice(1)) >= 5 || answer.answer.includes(sample.facts?.[0]?.[0] ?? '') ? 0.8 : 0.2,
      ),
  };
  const broken: Scorer = {
    ...blind,
    name: 'broken',
    score: ({ sample, answer }) =>
      answer.answer.includes(sample.facts?.[0]?.[0] ?? '') ? scored(1) : errorScore('judge-timeout: late'),
  };

  it('counts what each scorer overlooks, with the interval of Wilson', async () => {
    const results = await testScorers({
      samples,
      scorers: [correctScorer, blind, partial, broken],
      mutations: ['numbers', 'order'],
    });
    const of = (metric: string) =>
      results.find((each) => each.metric === metric && each.mutation === 'numbers');
    expect(of('correct')).toMatchObject({ n: 20, missed: 0, share: 0 });
    expect(of('blind')).toMatchObject({ n: 20, missed: 20, share: 1 });
    expect(of('partial')).toMatchObject({ n: 20, missed: 15, share: 0.75 });
    // Wilson for 15 of 20.
    expect(of('partial')?.interval?.low).toBeCloseTo(0.5313, 4);
    expect(of('partial')?.interval?.high).toBeCloseTo(0.8881, 4);
    expect(of('broken')).toMatchObject({
      n: 0,
      share: null,
      interval: null,
      without: { 'judge-timeout': 20 },
    });
    expect(results.find(({ mutation }) => mutation === 'order')).toMatchObject({ n: 0, share: null });
  });

  it('leaves out answers that could not score worse', async () => {
    const wrong = samples.map((each) => ({ ...each, sample: { ...each.sample, facts: [['no such fact']] } }));
    const [result] = await testScorers({ samples: wrong, scorers: [correctScorer], mutations: ['numbers'] });
    expect(result).toMatchObject({ n: 0, share: null });
  });
});
