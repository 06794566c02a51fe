import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostileQueries } from '../../testing/chunk-store-conformance.ts';
import { findPhrase, readQuery } from './read-query.ts';

describe('a query', () => {
  it('has the words between double quotes as phrases, and no other operator', () => {
    expect(readQuery('who signs the "annual  leave" form')).toEqual({
      text: 'who signs the annual leave form',
      phrases: ['annual leave'],
    });
    expect(readQuery('„Reise kosten“ und «carte bleue»').phrases).toEqual(['Reise kosten', 'carte bleue']);
    for (const plain of ['a -b', '+must', 'a OR b', 'title:x', 'x*', '(a', "it's", 'a AND NOT b'])
      expect(readQuery(plain)).toEqual({ text: plain, phrases: [] });
  });

  it('takes a quote without a partner, or around nothing, as a character', () => {
    for (const query of ['a 5" screen', '"', '""', '"  "', '"..."', 'say "'])
      expect(readQuery(query)).toEqual({ text: query, phrases: [] });
    expect(readQuery('"a b" and "').phrases).toEqual(['a b']);
  });

  it('keeps every word of the query, whatever stands in it', () => {
    const words = (text: string): string[] => text.match(/[\p{L}\p{N}]+/gu) ?? [];
    for (const query of hostileQueries) expect(words(readQuery(query).text)).toEqual(words(query));
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', 'b', ' ', '"', '“', '”', '-', '\n') }), (query) => {
        expect(words(readQuery(query).text)).toEqual(words(query));
      }),
    );
  });

  it('does not let a long or nested query cost much', () => {
    expect(readQuery('"x'.repeat(20_000)).phrases).toEqual([]);
    expect(readQuery(`${'"a" '.repeat(50)}"b" "c"`).phrases).toEqual(['a', 'b', 'c']);
    expect(readQuery(Array.from({ length: 20 }, (_, i) => `"w${i}"`).join(' ')).phrases).toHaveLength(8);
  });
});

describe('a phrase', () => {
  const has = (phrase: string, text: string, start = 0, end = text.length): boolean =>
    findPhrase(phrase)(text, start, end);

  it('is found in any case, over line ends, and as whole words', () => {
    expect(has('annual leave', 'Your Annual\n  LEAVE ends')).toBe(true);
    expect(has('annual leave', 'annual leaves')).toBe(false);
    expect(has('leave', 'sleave leaves')).toBe(false);
    expect(has('$5.00 (five)', 'pay $5.00 (five) now')).toBe(true);
    expect(has('5.00', '5x00')).toBe(false);
    expect(has('über', 'Über uns')).toBe(true);
  });

  it('must begin inside the span, and may end behind it', () => {
    expect(has('b c', 'a b c', 0, 3)).toBe(true);
    expect(has('b c', 'a b c', 0, 2)).toBe(false);
    expect(has('a b', 'a b c', 1, 5)).toBe(false);
  });

  it('is data, not a pattern', () => {
    for (const phrase of ['.*', 'a|b', '(a+)+$', '[a-z]', '\\d', 'a{2}', '^a', 'a/b', 'a-b'])
      expect(has(phrase, `x ${phrase} y`)).toBe(true);
    expect(has('.*', 'anything')).toBe(false);
  });
});
