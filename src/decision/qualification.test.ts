import { describe, expect, it } from 'vitest';
import { normalUpper } from '../evaluation/index.ts';
import { qualifyVariants } from './qualification.ts';
import type { RuleBounds } from './rule-bounds.ts';

/** Bounds of means that are known with normal errors. */
function normalBounds(means: Readonly<Record<string, number>>, error: number): RuleBounds {
  const difference = (variant: string, against: string): number => means[variant]! - means[against]!;
  return {
    mean: (variant) => means[variant]!,
    meanLow: (variant, tail) => means[variant]! - normalUpper(tail) * error,
    meanHigh: (variant, tail) => means[variant]! + normalUpper(tail) * error,
    difference,
    differenceLow: (variant, against, tail) => difference(variant, against) - normalUpper(tail) * error,
  };
}

const settings = { bar: 0.5, margin: 0.1, alpha: 0.05 };

describe('the rule of a decision', () => {
  it('takes what is as good, and leaves what is worse by the margin', () => {
    const bounds = normalBounds({ a: 0.8, b: 0.8, c: 0.7 }, 0.02);
    expect(qualifyVariants(['a', 'b', 'c'], bounds, settings).qualified).toEqual(['a', 'b']);
  });

  it('steps down: what passes leaves more of the error to the others', () => {
    // Of the error .05 a tenth is kept for "none" and a twentieth of the rest for far ones: .0428, half of it for each of two.
    // z(.0214) = 2.026, z(.0428) = 1.719: at an error of .04 b passes by .1 - .0810 at first; c, .025 worse, only at .1 - .0688.
    const bounds = normalBounds({ a: 0.8, b: 0.8, c: 0.775 }, 0.04);
    expect(qualifyVariants(['a', 'b', 'c'], bounds, settings).qualified).toEqual(['a', 'b', 'c']);
    expect(qualifyVariants(['a', 'c'], bounds, settings).qualified).toEqual(['a', 'c']);
    const lone = normalBounds({ a: 0.8, b: 0.71, c: 0.775 }, 0.04);
    expect(qualifyVariants(['a', 'b', 'c'], lone, settings).qualified).toEqual(['a']);
  });

  it('counts far worse ones for nearly nothing', () => {
    // Eight that are far worse; with all of them at z(.0428 / 9) = 2.595 the tie would need an error under .0385.
    const far = Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`far${index}`, 0.2]));
    const bounds = normalBounds({ a: 0.8, b: 0.8, ...far }, 0.045);
    const { qualified } = qualifyVariants(['a', 'b', ...Object.keys(far)], bounds, settings);
    expect(qualified).toEqual(['a', 'b']);
  });

  it('says none is good enough only where every one is shown to be under the bar', () => {
    const judge = (means: Record<string, number>) =>
      qualifyVariants(Object.keys(means), normalBounds(means, 0.03), settings);
    expect(judge({ a: 0.38, b: 0.2 })).toMatchObject({ qualified: [], noneGoodEnough: true });
    expect(judge({ a: 0.45, b: 0.2 })).toMatchObject({ qualified: [], noneGoodEnough: false });
  });
});
