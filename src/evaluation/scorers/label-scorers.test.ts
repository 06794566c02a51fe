import { describe, expect, it } from 'vitest';
import { type Sample, type Score, scored, undefinedScore } from '../../core/index.ts';
import { correctScorer } from './correct.ts';
import { defineScorer } from './define-scorer.ts';
import { corpusOf, judgedText, valuesOf } from './judged.fixture.ts';
import { labelScorers } from './label-scorers.ts';
import { createScorers } from './scorers.ts';
import { scorersOfDataset } from './scorers-of-dataset.ts';

const [accuracy, invalid] = labelScorers(new Set(['lost', 'stolen', 'top up']));
const lost: Partial<Sample> = { label: 'lost' };

const score = (text: string | null, sample: Partial<Sample> = lost): Score =>
  accuracy.score(judgedText(text, sample)) as Score;

describe('scorers of labels', () => {
  it('take white space at the ends off, and nothing else', async () => {
    expect(score(' lost\n')).toEqual(scored(1, { label: 'lost', given: 'lost' }));
    expect(score('lost', { label: ' lost' })).toMatchObject({ value: 1 });
    for (const text of ['Lost', 'lost.', 'it is lost', 'top  up'])
      expect(await valuesOf([accuracy, invalid], judgedText(text, lost))).toEqual({
        accuracy: 0,
        'accuracy.invalid': 1,
      });
  });

  it('tell a wrong label from what is no label', async () => {
    expect(score('stolen')).toEqual(scored(0, { label: 'lost', given: 'stolen' }));
    expect(score('burnt')).toEqual(scored(0, { label: 'lost', given: null, invalid: 'no-label' }));
    expect(score(' ')).toEqual(scored(0, { label: 'lost', given: null, invalid: 'empty' }));
    expect(await valuesOf([invalid], judgedText('stolen', lost))).toEqual({ 'accuracy.invalid': 0 });
    expect(invalid.direction).toBe('lower');
  });

  it('have no number without a label; a refusal is no output', async () => {
    expect(score('lost', {})).toEqual(undefinedScore('no-gold'));
    expect(await valuesOf([accuracy, invalid], judgedText(null, lost))).toEqual({
      accuracy: 0,
      'accuracy.invalid': 'abstained',
    });
  });

  it('say nothing of invalid outputs where the labels are not known', async () => {
    expect(await valuesOf(labelScorers(), judgedText('burnt', lost))).toEqual({
      accuracy: 0,
      'accuracy.invalid': 'labels-unknown',
    });
  });

  it('average F1 over the labels, not over what is none', () => {
    // lost: 2/(2 + 1), stolen: 2/(1 + 2), top up: 0/(1 + 0).
    const given = [
      ['lost', 'lost'],
      ['lost', 'stolen'],
      ['stolen', 'stolen'],
      ['top up', 'no idea'],
    ] as const;
    const scores = given.map(([label, text]) => score(text, { label }));
    const [figure] = corpusOf(accuracy, [...scores, undefinedScore('no-gold')]);
    expect(figure).toMatchObject({ name: 'accuracy macro F1 (3 labels)', samples: 4 });
    expect(figure!.value).toBeCloseTo(4 / 9, 12);
    expect(corpusOf(accuracy, [])).toEqual([
      { name: 'accuracy macro F1 (0 labels)', value: null, samples: 0 },
    ]);
  });
});

describe('correct', () => {
  it('is the label where a sample has nothing else', () => {
    expect(correctScorer.score(judgedText(' lost', lost))).toEqual(scored(1));
    expect(correctScorer.score(judgedText('lost card', lost))).toEqual(scored(0));
    expect(correctScorer.score(judgedText(null, lost))).toEqual(scored(0, { wrongAbstention: true }));
    expect(correctScorer.score(judgedText('lost', { ...lost, reference: 'found' }))).toEqual(scored(0));
  });
});

describe('scorers of a dataset', () => {
  const dataset = (...samples: Partial<Sample>[]) => ({
    ...{ name: 'd', hash: 'h', samples: samples.length, splits: {}, origin: '', importedAt: '' },
    content: samples.map((sample, index) => ({ id: `${index}`, input: 'q', answerable: true, ...sample })),
  });
  const namesFor = async (scorers: Parameters<typeof scorersOfDataset>[0], ...samples: Partial<Sample>[]) =>
    (await scorersOfDataset(scorers, dataset(...samples)))
      .map(({ name }) => name)
      .slice(createScorers().length);
  const defaults = createScorers();

  it('judge labels where a sample has nothing else, or where that was asked for', async () => {
    expect(await namesFor(defaults, { facts: [['x']] }, lost)).toEqual(['accuracy', 'accuracy.invalid']);
    expect(await namesFor(defaults, { ...lost, reference: 'x' })).toEqual([]);
    expect(await namesFor([...defaults, labelScorers()[0]], { ...lost, reference: 'x' })).toEqual([
      'accuracy',
      'accuracy.invalid',
    ]);
    expect(await namesFor([...defaults, labelScorers()[0]], {})).toEqual(['accuracy']);
  });

  it('know the labels of every split', async () => {
    const made = await scorersOfDataset(
      defaults,
      dataset({ label: 'lost', split: 'train' }, { label: 'stolen', split: 'test' }),
    );
    const rate = made.filter(({ name }) => name === 'accuracy.invalid');
    expect(await valuesOf(rate, judgedText('lost', { label: 'stolen' }))).toEqual({ 'accuracy.invalid': 0 });
  });

  it('leave a scorer of your own in its place', async () => {
    const own = defineScorer('accuracy', () => 0.5);
    const made = await scorersOfDataset([...defaults, own], dataset(lost));
    expect(made.filter(({ name }) => name === 'accuracy')).toEqual([own]);
  });
});
