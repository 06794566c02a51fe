import { describe, expect, it } from 'vitest';
import { type Sample, type Score, scored, undefinedScore } from '../../core/index.ts';
import { metricCatalogue } from '../metrics/catalogue/metric-catalogue.ts';
import { knownRange } from '../statistics/metric-range.ts';
import { contentOverlap } from './correctness.ts';
import { judgedText } from './judged.fixture.ts';
import { applyScorer, createScorers, findScorer } from './scorers.ts';
import { textScorers } from './text-scorers.ts';

const scorers = [...createScorers(), ...textScorers()];

/** Score of a text as the answer to a question about Paris; null is a refusal. */
function judge(metric: string, text: string | null, sample: Partial<Sample>): Promise<Score> {
  const judged = judgedText(text, { input: 'What is the capital of France?', ...sample });
  return applyScorer(findScorer(scorers, metric), judged);
}

describe('likeness to references', () => {
  it('is on the scales of the references implementations', async () => {
    // sacrebleu 2.6.0: identical two words have 100 with effective order. Lengths 2 and 2; 2 words and 1 pair, all found.
    expect(await judge('sentence-bleu', 'hello there', { reference: 'hello there' })).toEqual(
      scored(expect.closeTo(100, 9) as number, { counts: [2, 2, 2, 1, 0, 0, 2, 1, 0, 0] }),
    );
    // One of two words shared on both sides.
    expect(await judge('rouge-1', 'black cat', { reference: 'white cat' })).toEqual(
      scored(0.5, { precision: 0.5, recall: 0.5 }),
    );
    expect(await judge('rouge-1-stemmed', 'the dogs', { references: ['a dog ran', 'the dogs'] })).toEqual(
      scored(1, { precision: 1, recall: 1 }),
    );
  });

  it('has no ROUGE for other scripts, and a measure of its own for them', async () => {
    const reference = '東京は日本の首都です。';
    expect(await judge('rouge-l', reference, { reference })).toEqual(undefinedScore('non-latin-text'));
    expect(await judge('rouge-l', 'Tokyo', { reference })).toEqual(undefinedScore('non-latin-text'));
    expect(await judge('unicode-rouge-l', reference, { reference })).toMatchObject({ value: 1 });
    // Accents and a stray Greek letter leave a text Latin; digits alone have no script.
    expect((await judge('rouge-1', 'Größe α', { reference: 'Größe' })).status).toBe('scored');
    expect(await judge('rouge-1', '42', { reference: '42' })).toMatchObject({ value: 1 });
  });

  it('is 0 for a refusal, and nothing without a reference', async () => {
    expect(await judge('rouge-1', null, { reference: 'cat' })).toEqual(scored(0, { wrongAbstention: true }));
    expect(await judge('sentence-chrf', 'cat', {})).toEqual(undefinedScore('no-gold'));
    expect(await judge('sentence-chrf', 'cat', { answerable: false })).toEqual(
      undefinedScore('unanswerable'),
    );
  });
});

it('on a scale to 100 say so, for intervals and comparisons', () => {
  const upTo100 = metricCatalogue.filter(({ range, of }) => of === 'sample' && range[1] === 100);
  expect(upTo100.map(({ name }) => knownRange(name))).toEqual(Array(3).fill({ low: 0, high: 100 }));
  expect(knownRange('correct')).toBeUndefined();
});

describe('correctness', () => {
  it('counts what is said beyond the question, by stems and without function words', () => {
    const question = 'What is the capital of France?';
    expect(contentOverlap('Paris', 'The capital of France is Paris.', question)).toBe(1);
    expect(
      contentOverlap('The capital of France is Rome.', 'The capital of France is Paris.', question),
    ).toBe(0);
    // walk, dog against walk, cat: one of two on both sides.
    expect(contentOverlap('walking the dogs', 'a cat walked', '')).toBe(0.5);
  });

  it('weighs repetition by its logarithm', () => {
    // Reference: tea 3 times (log2 4 = 2), milk once (1). Answer: tea once (1). Common 1, totals 3 and 1.
    expect(contentOverlap('tea', 'tea tea tea milk', '')).toBe(0.5);
  });

  it('falls back on the words of the question, then on all words, where nothing else is in the reference', () => {
    expect(contentOverlap('Tea.', 'Tea', 'Tea or coffee?')).toBe(1);
    expect(contentOverlap('Coffee.', 'Tea', 'Tea or coffee?')).toBe(0);
    expect(contentOverlap('it is', 'It is', 'Is it?')).toBe(1);
    expect(contentOverlap('anything', '', 'Is it?')).toBe(0);
    expect(contentOverlap('No', 'Yes', 'Is it?')).toBe(0);
  });

  it('takes the best reference and no refusal', async () => {
    expect(await judge('correctness', 'Paris', { references: ['Rome', 'Paris'] })).toEqual(scored(1));
    expect(await judge('correctness', null, { reference: 'Paris' })).toMatchObject({ value: 0 });
    expect(await judge('correctness', 'Paris', {})).toEqual(undefinedScore('no-gold'));
  });
});

describe('limits of a right answer', () => {
  const sample = { facts: [['Paris']], mustNot: [['Rome', 'Roma'], ['Berlin']], maxWords: 4 };

  it('are what it must not hold and how long it may be', async () => {
    expect(await judge('correct', 'It is Paris.', sample)).toEqual(scored(1, { facts: [true] }));
    expect(await judge('correct', 'Paris, not Roma.', sample)).toEqual(
      scored(0, { facts: [true], forbidden: [true, false] }),
    );
    expect(await judge('correct', 'It is Paris of course.', sample)).toEqual(
      scored(0, { facts: [true], tooLong: true }),
    );
  });

  it('hold for references too, and alone', async () => {
    expect(
      await judge('correct', 'Paris or Rome', { ...sample, facts: undefined, reference: 'Paris' }),
    ).toEqual(scored(0, { forbidden: [true, false] }));
    expect(await judge('correct', 'Paris', { mustNot: [['Rome']] })).toEqual(scored(1));
    expect(await judge('correct', 'Rome', { mustNot: [['Rome']] })).toMatchObject({ value: 0 });
    expect(await judge('correct', 'Rome', { maxWords: 3 })).toEqual(undefinedScore('no-gold'));
  });
});
