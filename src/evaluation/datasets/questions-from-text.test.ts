import { describe, expect, it } from 'vitest';
import { questionsFromText, type TextPassage } from './questions-from-text.ts';

const passage = (documentId: string, start: number, text: string): TextPassage => ({
  documentId,
  titlePath: ['Handbook', documentId],
  start,
  end: start + text.length,
  text,
});
const long = (words: string): string =>
  `${words} `.repeat(1) +
  'common filler words that every passage of this little corpus shares with all the others so that nothing here is rare at all.';
const corpus = ['oolong', 'sencha', 'matcha'].flatMap((tea) => [
  passage(
    tea,
    0,
    long(`${tea}one kettle${tea} water${tea} minute${tea} degree${tea} leaves${tea} basket${tea} ${tea}nine`),
  ),
  passage(
    tea,
    500,
    long(`${tea}two saucer${tea} spoon${tea} honey${tea} lemon${tea} sugar${tea} biscuit${tea} ${tea}four`),
  ),
]);

describe('questions made from text', () => {
  it('take one passage of each document before a second', () => {
    const made = questionsFromText(corpus, 4);
    expect(made).toHaveLength(4);
    expect(new Set(made.slice(0, 3).map((sample) => sample.group)).size).toBe(3);
    expect(questionsFromText(corpus, 4)).toEqual(made);
  });

  it('hold the title and rare words of the passage, none that all documents share', () => {
    for (const sample of questionsFromText(corpus, 6)) {
      const [title, words] = sample.input.split(': ');
      expect(title).toBe(sample.group);
      expect(words?.split(' ')).toHaveLength(5);
      expect(words).not.toMatch(/common|filler|corpus/);
      expect(sample.tags).toEqual(['made-from-text']);
    }
  });

  it('skip passages too short to ask about', () => {
    expect(questionsFromText([passage('a', 0, 'Too short.')], 5)).toEqual([]);
  });
});
