import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outlineText, saysAllOf } from './near-duplicates.ts';

const share = (better: string, other: string): number | null =>
  saysAllOf(outlineText(better), outlineText(other));
const filler = Array.from(
  { length: 40 },
  (_, index) => `word${String.fromCharCode(97 + (index % 26))}${'x'.repeat(index)}`,
).join(' ');

describe('a text says all of another', () => {
  it('where it is the same but for marks, case and white space', () => {
    expect(share('Ask **Ann** about leave.', 'ask Ann  about\nLEAVE')).toBe(1);
  });

  it('where it has more, but not where it has less', () => {
    expect(share(`${filler} and a new sentence`, filler)).toBe(1);
    expect(share(filler, `${filler} and a new sentence`)).toBeNull();
  });

  it('not where a number, a name or a single word is another one', () => {
    expect(share(`${filler} at most 20 days`, `${filler} at most 30 days`)).toBeNull();
    expect(share(`${filler} set maxTokens`, `${filler} set topK`)).toBeNull();
    expect(share(`${filler} it is required`, `${filler} it is optional`)).toBeNull();
  });

  it('not where numbers have changed places, or a "not" has', () => {
    expect(share(`${filler} default 10 and at most 20`, `${filler} default 20 and at most 10`)).toBeNull();
    expect(
      share(
        `${filler} leave is not paid and travel is paid`,
        `${filler} leave is paid and travel is not paid`,
      ),
    ).toBeNull();
  });

  it('where a tenth of its runs of words is in another order at most', () => {
    // 40 words have 38 runs of three; exchanging the last two makes 2 of them new: 36 of 38.
    const words = filler.split(' ');
    const turned = [...words.slice(0, 38), words[39], words[38]].join(' ');
    expect(share(filler, turned)).toBeCloseTo(36 / 38, 10);
    expect(share(filler, words.toReversed().join(' '))).toBeNull();
  });

  it('never where a word would be lost', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', '1', '2', 'not', 'E'), { maxLength: 12 });
    fc.assert(
      fc.property(text, text, (one, other) => {
        const found = share(one.join(' '), other.join(' '));
        if (found === null) return;
        for (const word of other) expect(one.map((w) => w.toLowerCase())).toContain(word.toLowerCase());
      }),
    );
    expect(share('a b c', '')).toBeNull();
    expect(share('', '')).toBeNull();
  });
});
