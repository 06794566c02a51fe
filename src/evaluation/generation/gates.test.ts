import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../core/index.ts';
import { characterGrams, comparableText } from '../leakage/comparable-text.ts';
import { isSelfContained, jaccard, locateQuote } from './gates.ts';

const fiveGrams = (text: string) => characterGrams(comparableText(text));

const passage = {
  documentId: 'docs:a.md',
  titlePath: [],
  start: 100,
  end: 160,
  text: 'Green tea (the good one) is brewed\nat 70 degrees. Not more.',
};

describe('locating a quote', () => {
  it('gives the exact slice though line breaks were written as blanks', () => {
    const slice = 'is brewed\nat 70 degrees.';
    expect(locateQuote('is brewed at 70 degrees.', [passage])).toEqual({
      document: 'docs:a.md',
      start: 125,
      end: 125 + slice.length,
      hash: sha256(slice),
    });
  });

  it('takes marks of regular expressions literally and nothing that differs by a letter', () => {
    expect(locateQuote('tea (the good one) is', [passage])).toMatchObject({ start: 106 });
    for (const quote of ['is brewed at 71 degrees', 'green tea', '.*', '', ' \n'])
      expect(locateQuote(quote, [passage])).toBeNull();
  });

  it('points at the words quoted, whatever they are', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, unit: 'grapheme' }),
        fc.string(),
        fc.string(),
        (quote, before, after) => {
          const text = `${before}${quote}${after}`;
          const found = locateQuote(quote, [{ ...passage, text, start: 0, end: text.length }]);
          if (quote.trim() === '') return found === null;
          const slice = text.slice(found!.start, found!.end);
          return (
            slice.split(/\s+/).join(' ') === quote.trim().split(/\s+/).join(' ') &&
            sha256(slice) === found!.hash
          );
        },
      ),
    );
  });
});

describe('a self-contained question', () => {
  it('points at no text and at nothing that was not named', () => {
    for (const question of [
      'What does the text say about tea?',
      'According to the passage, how hot is green tea brewed?',
      'Which options are mentioned above?',
      'How long does it take?',
      'How heavy is it?',
      'How many rooms do they have?',
      'What is this used for?',
      'Who are they?',
      'And what about it?',
      'What is the purpose of the document?',
    ])
      expect(isSelfContained(question), question).toBe(false);
    for (const question of [
      'At how many degrees is green tea brewed?',
      'How long does it take to boil one litre?',
      'Is it possible for a guest to return a tin?',
      'How do I attach a document to a ticket?',
      'What happens to those who miss the deadline?',
      'How does the kettle know when it is empty?',
      'Which form do I need to request leave?',
    ])
      expect(isSelfContained(question), question).toBe(true);
  });
});

describe('similarity of character 5-grams', () => {
  it('is worked out over normalised text', () => {
    // "abcdef" has abcde and bcdef, "abcdeg" abcde and bcdeg: one of three.
    expect(jaccard(fiveGrams('Abcdef!'), fiveGrams('abcdeg'))).toBeCloseTo(1 / 3, 12);
    expect(jaccard(fiveGrams('How hot, is it?'), fiveGrams('how hot is it'))).toBe(1);
    expect(jaccard(fiveGrams('abc'), fiveGrams('abc'))).toBe(1);
  });
});
