import { expect, it } from 'vitest';
import { fuse } from './fuse.ts';
import { fullKeywordScore } from './keyword-scale.ts';

it('counts half the weight of a rare word for each word that says something, each once, at most sixteen', () => {
  // red, kettle, whistle, one: 4 x .5 x ln 100.
  expect(fullKeywordScore('Does the red kettle whistle, the RED one?', 100)).toBeCloseTo(
    4 * 0.5 * Math.log(100),
    12,
  );
  expect(fullKeywordScore('red kettle', 100)).toBeCloseTo(Math.log(100), 12);
  expect(fullKeywordScore(Array.from({ length: 40 }, (_, n) => `w${n}`).join(' '), Math.E)).toBeCloseTo(
    8,
    12,
  );
  expect(fullKeywordScore('what is it', 100)).toBe(0);
  expect(fullKeywordScore('red kettle', 1)).toBe(0);
  expect(fullKeywordScore('red kettle', 0)).toBe(0);
});

it('gives weak keywords less say, and strong ones what they had', () => {
  const weak = [
    { keyword: 2, vector: 0.6 },
    { keyword: 0, vector: 0.7 },
  ];
  // By the largest alone .8 x 6/7 + .2 beats .8; a full match at 8 leaves .8 x 6/7 + .05.
  const [first, second] = fuse(weak, 0.8);
  expect(first).toBeGreaterThan(second!);
  const scaled = fuse(weak, 0.8, 8);
  expect(scaled[0]).toBeCloseTo((0.8 * 6) / 7 + 0.05, 12);
  expect(scaled[1]).toBeCloseTo(0.8, 12);
  expect(fuse(weak, 0.8, 1)).toEqual(fuse(weak, 0.8));
});
