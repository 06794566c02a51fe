import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type CorpusPassage, questionKinds } from './generation.ts';
import { passagesOf, planSlots } from './plan-slots.ts';

const words =
  'words enough that somebody could ask about this part of the handbook, and then some more of them to be quite sure of it';
const section = (document: string, start: number, text = words): CorpusPassage => ({
  documentId: document,
  titlePath: [],
  start,
  end: start + text.length,
  text,
});

it('gives every document one passage before any a second, and every section one before its second', () => {
  const long = `${words}.\n\n${words.repeat(14)}.\n\n${words.repeat(14)}.`;
  const corpus = [
    section('a', 0, long),
    section('a', 9000),
    section('a', 19_000),
    section('b', 0),
    section('c', 0, long),
    section('c', 9000),
  ];
  const slots = planSlots(corpus, questionKinds, 'seed');
  const starts = slots.map(({ passage }) => passage.documentId);
  expect(new Set(starts.slice(0, 3))).toEqual(new Set(['a', 'b', 'c']));
  expect(new Set(starts.slice(3, 5))).toEqual(new Set(['a', 'c']));
  const ofA = slots.filter(({ passage }) => passage.documentId === 'a').map(({ passage }) => passage.start);
  const sectionOf = (start: number): number => (start < 9000 ? 0 : start < 19_000 ? 1 : 2);
  expect(new Set(ofA.slice(0, 3).map(sectionOf))).toEqual(new Set([0, 1, 2]));
});

it('has the stated shares of kinds in a round, and only those asked for', () => {
  const corpus = Array.from({ length: 40 }, (_, index) => section(`d${index}`, 0));
  const count = (kind: string): number =>
    planSlots(corpus, questionKinds, 's').filter((slot) => slot.kind === kind).length;
  expect(questionKinds.map(count)).toEqual([16, 6, 6, 4, 4, 4]);
  expect(new Set(planSlots(corpus, ['how-to', 'comparison'], 's').map(({ kind }) => kind))).toEqual(
    new Set(['how-to', 'comparison']),
  );
});

it('depends on the seed and the documents alone, not on their order', () => {
  const corpus = Array.from({ length: 12 }, (_, index) => section(`d${index}`, 0));
  expect(planSlots([...corpus].reverse(), questionKinds, 's')).toEqual(planSlots(corpus, questionKinds, 's'));
  expect(planSlots(corpus, questionKinds, 't')).not.toEqual(planSlots(corpus, questionKinds, 's'));
});

it('cuts passages that are exact slices, of bearable length, and leaves out front matter', () => {
  expect(passagesOf(section('a', 0, `---\ntitle: ${words}\n---`))).toEqual([]);
  const paragraph = fc.string({ unit: 'grapheme-ascii' }).map((tail) => `${words} ${tail}`);
  fc.assert(
    fc.property(fc.array(paragraph, { minLength: 1, maxLength: 40 }), (paragraphs) => {
      const whole = section('a', 70, paragraphs.join('\n\n'));
      for (const { start, end, text } of passagesOf(whole)) {
        expect(text).toBe(whole.text.slice(start - 70, end - 70));
        expect(text.length).toBeLessThanOrEqual(1500);
      }
    }),
  );
});
