import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Score } from '../../../core/index.ts';
import { corpusOf, judgedText, scoresOf, valuesOf } from '../judged.fixture.ts';
import { compareEntities, type Entity, readEntities } from './entities.ts';
import { type EntityOptions, entityScorer } from './entity-scorer.ts';

const options: EntityOptions = { fenced: false, gold: 'reference', invalid: 'undefined', match: 'auto' };
const input = 'Ann met Bob in Bonn, then Bob left.';
const ann = { type: 'person', text: 'Ann', start: 0, end: 3 };
const bob = { type: 'person', text: 'Bob', start: 8, end: 11 };
const bonn = { type: 'place', text: 'Bonn', start: 15, end: 19 };

describe('entities', () => {
  it('are the same with the same type and boundaries', () => {
    const compare = (predicted: Entity[]) => compareEntities([ann, bob, bonn], predicted, 'offsets', input);
    expect(compare([ann, bob, bonn])).toEqual({
      matched: 3,
      predicted: 3,
      gold: 3,
      parts: { person: [2, 2, 2], place: [1, 1, 1] },
    });
    expect(compare([{ ...ann, end: 4 }])).toMatchObject({ matched: 0 });
    expect(compare([{ ...bonn, type: 'person' }])).toMatchObject({
      matched: 0,
      parts: { person: [0, 1, 2], place: [0, 0, 1] },
    });
    expect(compare([ann, ann])).toMatchObject({ matched: 1, predicted: 2 });
    // Without offsets: Ann stands there once, Bob twice.
    expect(
      compare([
        { type: 'person', text: 'Ann' },
        { type: 'person', text: 'Bob' },
      ]),
    ).toMatchObject({ matched: 1, predicted: 2 });
  });

  it('go by text where the gold has no offsets', async () => {
    const reference = JSON.stringify([
      { type: 'person', text: 'Bob' },
      { type: 'person', text: 'Bob' },
    ]);
    const scorers = entityScorer('names', options);
    expect(await valuesOf(scorers, judgedText(JSON.stringify([bob]), { input, reference }))).toEqual({
      names: 2 / 3,
      'names.precision': 1,
      'names.recall': 0.5,
      'names.invalid': 0,
    });
  });

  it('are read strictly', () => {
    for (const wrong of [
      '{}',
      '[{"type": "x"}]',
      '[{"type": "x", "text": "y", "start": 3}]',
      '[{"type": "x", "start": 3, "end": 3}]',
      '["x"]',
    ])
      expect(readEntities(wrong), wrong).toMatchObject({ reason: 'not-entities' });
    expect(readEntities('nothing')).toMatchObject({ reason: 'not-json' });
    expect(readEntities('[{"type": "x", "start": 0, "end": 2, "score": 0.9}]')).toMatchObject({
      status: 'read',
    });
  });

  it('have their classes: none there, none found, invalid, refused', async () => {
    const scorers = entityScorer('names', options);
    const judge = (text: string | null, reference: string) =>
      valuesOf(scorers, judgedText(text, { input, reference }));
    const one = JSON.stringify([ann]);
    expect(await judge('[]', '[]')).toEqual({
      names: 1,
      'names.precision': 'nothing-predicted',
      'names.recall': 'nothing-to-find',
      'names.invalid': 0,
    });
    expect(await judge('[]', one)).toMatchObject({
      names: 0,
      'names.precision': 'nothing-predicted',
      'names.recall': 0,
    });
    expect(await judge(one, '[]')).toMatchObject({
      names: 0,
      'names.precision': 0,
      'names.recall': 'nothing-to-find',
    });
    expect(await judge('Ann', one)).toMatchObject({ names: 'invalid-output', 'names.invalid': 1 });
    expect(await judge(null, one)).toMatchObject({
      names: 0,
      'names.precision': 'abstained',
      'names.recall': 0,
    });
    expect(await judge('[]', 'Ann')).toMatchObject({
      names: 'error: the reference of the sample cannot be read: not-json',
    });
  });

  it('have a micro F1 over the corpus, in which an invalid output misses everything', async () => {
    const scorers = entityScorer('names', options);
    const scores: Score[] = [];
    for (const [text, gold] of [
      [
        [ann, { ...bob, type: 'place' }],
        [ann, bob],
      ],
      [[bonn], []],
      ['oops', [bonn]],
      [[], []],
    ] as const) {
      const answer = typeof text === 'string' ? text : JSON.stringify(text);
      scores.push(
        (await scoresOf(scorers, judgedText(answer, { input, reference: JSON.stringify(gold) }))).names!,
      );
    }
    // Matched 1 of 3 predicted and 3 gold; person 1 of 1 and 2; place 0 of 2 and 1.
    const figures = Object.fromEntries(
      corpusOf(scorers[0]!, scores).map(({ name, value, samples }) => [name, [value, samples]]),
    );
    expect(figures).toEqual({
      'names micro precision': [1 / 3, 4],
      'names micro recall': [1 / 3, 4],
      'names micro F1': [1 / 3, 4],
      'names macro F1': [1 / 3, 4],
      'names F1 of person': [2 / 3, 4],
      'names F1 of place': [0, 4],
    });
  });
});

const shared = process.env.FULCRUM_SHARED_DATA ?? join(import.meta.dirname, '../../../../../shared/data');

/** Scores answers that are wrong in a known way, and gives the figures of the corpus. */
async function figuresOf(cases: readonly { input: string; gold: Entity[]; predicted: Entity[] }[]) {
  const scorers = entityScorer('names', options);
  const scores: Score[] = [];
  for (const { input: text, gold, predicted } of cases) {
    const judged = judgedText(JSON.stringify(predicted), { input: text, reference: JSON.stringify(gold) });
    scores.push((await scoresOf(scorers.slice(0, 1), judged)).names!);
  }
  return Object.fromEntries(corpusOf(scorers[0]!, scores).map(({ name, value }) => [name, value]));
}

describe.skipIf(!existsSync(join(shared, 'restaurant8k')))(
  'on restaurant8k (skipped where it is absent)',
  () => {
    it('counts what was spoilt on purpose', async () => {
      interface Row {
        userInput: { text: string };
        labels?: { slot: string; valueSpan: { startIndex?: number; endIndex: number } }[];
      }
      const rows = JSON.parse(readFileSync(join(shared, 'restaurant8k/test.json'), 'utf8')) as Row[];
      const samples = rows.map(({ userInput, labels }) => ({
        input: userInput.text,
        gold: (labels ?? []).map(({ slot, valueSpan: { startIndex: start = 0, endIndex: end } }) => ({
          type: slot,
          text: userInput.text.slice(start, end),
          start,
          end,
        })),
      }));
      const total = samples.reduce((sum, { gold }) => sum + gold.length, 0);
      expect([samples.length, total > 3000]).toEqual([3731, true]);
      expect(await figuresOf(samples.map((sample) => ({ ...sample, predicted: sample.gold })))).toMatchObject(
        { 'names micro F1': 1 },
      );
      // The first entity of every utterance is shifted by one: as many misses as false positives.
      const spoilt = samples.map((sample) => ({
        ...sample,
        predicted: sample.gold.map((entity, index) =>
          index === 0 ? { ...entity, end: entity.end + 1 } : entity,
        ),
      }));
      const wrong = samples.filter(({ gold }) => gold.length > 0).length;
      expect((await figuresOf(spoilt))['names micro F1']).toBeCloseTo((total - wrong) / total, 12);
    });
  },
);

describe.skipIf(!existsSync(join(shared, 'wnut17')))('on wnut17 (skipped where it is absent)', () => {
  it('has the figures of seqeval 1.2.2 for the same mistakes', async () => {
    const sentences = readFileSync(join(shared, 'wnut17/emerging.dev.conll'), 'utf8')
      .split(/\n\s*\n/)
      .filter((text) => text.trim() !== '');
    const types = ['corporation', 'creative-work', 'group', 'location', 'person', 'product'];
    let number = 0;
    const samples = sentences.map(spansOfSentence).map((sample) => ({
      ...sample,
      predicted: sample.gold.flatMap((entity): Entity[] => {
        // Every fourth is missed, some get another type, some lose their last token.
        const count = number++;
        const lastSpace = sample.input.slice(entity.start, entity.end).lastIndexOf(' ');
        if (count % 4 === 0) return [];
        if (count % 7 === 1) return [{ ...entity, type: types[(types.indexOf(entity.type) + 1) % 6]! }];
        return [count % 5 === 2 && lastSpace > 0 ? { ...entity, end: entity.start! + lastSpace } : entity];
      }),
    }));
    expect([samples.length, number]).toEqual([1009, 836]);
    const expected = {
      'names micro precision': 0.7878787878787878,
      'names micro recall': 0.5909090909090909,
      'names micro F1': 0.6753246753246752,
      'names macro F1': 0.6527726087181216,
      'names F1 of corporation': 0.6666666666666666,
      'names F1 of creative-work': 0.6,
      'names F1 of group': 0.6419753086419754,
      'names F1 of location': 0.752,
      'names F1 of person': 0.7305699481865285,
      'names F1 of product': 0.5254237288135594,
    };
    const figures = await figuresOf(samples);
    expect(Object.keys(figures)).toEqual(Object.keys(expected));
    for (const [name, value] of Object.entries(expected)) expect(figures[name], name).toBeCloseTo(value, 12);
  });
});

/** Spans of a sentence in two columns with BIO tags; tokens are joined by spaces. */
function spansOfSentence(sentence: string): { input: string; gold: Entity[] } {
  const gold: { type: string; start: number; end: number }[] = [];
  let text = '';
  for (const line of sentence.split('\n')) {
    const [token = '', tag = 'O'] = line.split('\t');
    if (token === '') continue;
    const start = text === '' ? 0 : text.length + 1;
    text = text === '' ? token : `${text} ${token}`;
    if (tag.startsWith('B-')) gold.push({ type: tag.trim().slice(2), start, end: text.length });
    else if (tag.startsWith('I-')) gold.at(-1)!.end = text.length;
  }
  return { input: text, gold };
}
