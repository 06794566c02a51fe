import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgedText, scoresOf, valuesOf } from '../judged.fixture.ts';
import { parsePhrase, phrasesIn } from './phrases.ts';
import { characterSimilarity } from './similarity.ts';
import { countUnits, lengthScorer, phraseScorer, similarScorer } from './style-scorers.ts';

const holds = (text: string, phrase: string, caseSensitive = false): boolean =>
  phrasesIn(text, [parsePhrase('style', phrase, caseSensitive)], caseSensitive)[0]!;

describe('a phrase', () => {
  it.each([
    ['We regret the delay.', 'regret', true],
    ['We regretted it.', 'regret', false],
    ['We regretted it.', 'regret*', true],
    ['Unregretted', '*regret*', true],
    ['Unregretted', '*regret', false],
    ['Please  contact\tus', 'contact us', true],
    ['We can\u2019t', "can't", true],
    ['As an AI model I cannot', 'as an * cannot', true],
    ['As an AI model\nI cannot', 'as an * cannot', false],
    ['cannot, as an AI', 'as an * cannot', false],
    ['catalog cat', 'cat', true],
    ['cats cat cats dog', 'cat * dog', true],
    ['a.b (x)', 'a.b (x)', true],
    ['aXb', 'a.b', false],
    ['90 % off', '90 %', true],
    ['190 % off', '90 %', false],
  ])('%j holds %j: %s', (text, phrase, expected) => {
    expect(holds(text, phrase)).toBe(expected);
  });

  it('may mind capitals, and may not fit everything', () => {
    expect(holds('acme', 'ACME')).toBe(true);
    expect(holds('acme', 'ACME', true)).toBe(false);
    for (const empty of ['*', ' ', '**'])
      expect(() => parsePhrase('style', empty, false)).toThrow('fits everything');
  });

  it('finds what its pieces say, for any text', () => {
    const words = fc.array(fc.constantFrom('a', 'b', 'ab', 'c'), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(
        words,
        fc.array(fc.constantFrom('a', 'b', 'ab'), { minLength: 1, maxLength: 3 }),
        (text, pieces) => {
          const pattern = new RegExp(`(?<!\\w)${pieces.join('.*')}(?!\\w)`);
          expect(holds(text.join(' '), pieces.join('*'))).toBe(pattern.test(text.join(' ')));
        },
      ),
    );
  });

  it('cannot be made slow', () => {
    const stars = new Array(50).fill('a').join('*');
    expect(holds(`${'a'.repeat(200_000)}b`, `*${stars}*c`)).toBe(false);
  });
});

describe('phrase rules', () => {
  const options = {
    must: ['thank you'],
    mustNot: ['unfortunately', 'as an AI*'],
    caseSensitive: false,
    count: 'all' as const,
  };

  it('are kept or named', async () => {
    const scorers = phraseScorer('tone', options);
    expect((await scoresOf(scorers, judgedText('Thank you for asking.'))).tone).toEqual({
      status: 'scored',
      value: 1,
    });
    expect((await scoresOf(scorers, judgedText('Unfortunately not.'))).tone).toEqual({
      status: 'scored',
      value: 0,
      detail: { missing: ['thank you'], forbidden: ['unfortunately'] },
    });
    expect(
      await valuesOf(phraseScorer('tone', { ...options, count: 'share' }), judgedText('Unfortunately not.')),
    ).toEqual({
      tone: expect.closeTo(1 / 3, 12),
    });
    expect(await valuesOf(scorers, judgedText(null))).toEqual({ tone: 'abstained' });
  });
});

describe('length', () => {
  it('is counted in words, graphemes and sentences', async () => {
    const text = "It's 3.5 % more. Isn't it? \u{1F469}\u200D\u{1F4BB}";
    expect(countUnits(text, 'words', 'en')).toBe(5);
    expect(countUnits(' e\u0301\u{1F469}\u200D\u{1F4BB} ', 'characters', 'en')).toBe(2);
    expect(countUnits('One. Two? Three!', 'sentences', 'en')).toBe(3);
    expect(countUnits('  ', 'sentences', 'en')).toBe(0);
    const scorers = lengthScorer('short', { words: { min: 2, max: 3 }, sentences: { max: 1 }, locale: 'en' });
    expect((await scoresOf(scorers, judgedText('One two three.'))).short).toEqual({
      status: 'scored',
      value: 1,
      detail: { words: 3, sentences: 1 },
    });
    for (const text of ['One.', 'One two three four.', 'One. Two.', ''])
      expect((await valuesOf(scorers, judgedText(text))).short, text).toBe(0);
    expect(scorers[0]!.description).toBe('the answer has 2 to 3 words, at most 1 sentences');
  });
});

describe('likeness to approved replies', () => {
  it('is that of the nearest', async () => {
    // " ab " has the trigrams " ab", "ab "; " abc " has " ab", "abc", "bc ": one in common of 2 and 3.
    expect(characterSimilarity('ab', 'ABC')).toBe(2 / 5);
    expect(characterSimilarity('', ' ')).toBe(1);
    expect(characterSimilarity('\u6771\u4EAC', '\u6771\u4EAC')).toBe(1);
    const scorers = similarScorer('voice', { approved: ['abc', 'ab'], measure: 'characters' });
    expect((await scoresOf(scorers, judgedText('ab'))).voice).toEqual({
      status: 'scored',
      value: 1,
      detail: { nearest: 1 },
    });
    const references = similarScorer('voice', { measure: 'token-f1' });
    expect(await valuesOf(references, judgedText('black cat', { reference: 'cat sat' }))).toEqual({
      voice: 0.5,
    });
    expect(await valuesOf(references, judgedText('black cat'))).toEqual({ voice: 'no-gold' });
  });

  it('is symmetric, between 0 and 1, and 1 for equal texts', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (one, other) => {
        const value = characterSimilarity(one, other);
        expect(value).toBe(characterSimilarity(other, one));
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
        expect(characterSimilarity(one, one)).toBe(1);
      }),
    );
  });

  it('may be judged by vectors that somebody supplies', async () => {
    const asked: string[] = [];
    const embed = async (texts: readonly string[]) => {
      asked.push(...texts);
      return texts.map((text) => Float32Array.of(text.length, 1));
    };
    const scorers = similarScorer('voice', { approved: ['xx'], measure: 'embedding', embed });
    expect(await valuesOf(scorers, judgedText('yy'))).toEqual({ voice: expect.closeTo(1, 12) });
    // (3, 1) and (2, 1): 7 / sqrt(50).
    expect(await valuesOf(scorers, judgedText('yyy'))).toEqual({
      voice: expect.closeTo(7 / Math.sqrt(50), 12),
    });
    expect(asked).toEqual(['xx', 'yy', 'yyy']);
    const without = similarScorer('voice', { approved: ['xx'], measure: 'embedding' });
    await expect(without[0]!.prepare!()).rejects.toMatchObject({ code: 'scorer-invalid' });
  });
});
