import { expect, it } from 'vitest';
import { documentFrequency } from '../datasets/questions-from-text.ts';
import { makeCloze } from './cloze.ts';

const passage = (text: string) => ({
  documentId: 'docs:a.md',
  titlePath: ['Shop', 'Returns'],
  start: 50,
  end: 50 + text.length,
  text,
});
const cloze = (text: string) => makeCloze(passage(text), documentFrequency([passage(text)]));

it('takes a number out of a sentence that stands by itself', () => {
  const { sample, rejected } = cloze(
    'It leans on another one, with the number 12 in it.\n\nUnopened tins can be returned within 30 days of the purchase.',
  );
  expect(rejected).toBeNull();
  expect(sample).toMatchObject({
    input:
      'What belongs in the gap (Shop, Returns): "Unopened tins can be returned within ____ days of the purchase."',
    facts: [['30']],
    group: 'docs:a.md',
  });
  // The sentence starts after 50 characters and the empty line: 50 + 52.
  expect(sample?.evidence?.[0]).toMatchObject({ start: 102, end: 102 + sample!.reference!.length });
});

it('prefers code to names and names to rare words, and never leaves the answer in the question', () => {
  expect(cloze('Every call to the kettle needs the option `boilFast` beside it.').sample?.facts).toEqual([
    ['boilFast'],
  ]);
  expect(cloze('The best green leaves of the year are grown near Uji City in spring.').sample?.facts).toEqual(
    [['Uji City']],
  );
  expect(
    cloze('The 7 sisters of the valley had 7 brothers and a wonderful melancholy.').sample?.input,
  ).not.toMatch(/melancholy.*melancholy/);
});

it('rejects tables, code, headings and sentences that lean on others', () => {
  for (const text of [
    '| option | meaning |\n| --- | --- |\n| litres | how much water the kettle takes in 20 minutes. |',
    '# A heading that is long enough to be taken for a sentence of 20 words.',
    'This depends on the setting that was described in chapter 4 of the guide.',
  ])
    expect(cloze(text)).toMatchObject({ sample: null, rejected: 'no-usable-sentence' });
});
