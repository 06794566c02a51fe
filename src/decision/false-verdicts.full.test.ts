import { describe, expect, it } from 'vitest';
import { compareVariants } from '../evaluation/index.ts';
import { simulate } from './false-verdicts.fixture.ts';
import { drawRows } from './simulated-scores.fixture.ts';
import { marginWorlds, nullWorlds } from './simulated-worlds.fixture.ts';

const repetitions = 2000;
/** 5 % and three standard errors of 2,000 draws. */
const allowed = 0.065;

describe('2,000 data sets of each world', () => {
  it.each(Object.keys(nullWorlds))('false verdicts and coverage without a difference: %s', (name) => {
    const rates = simulate(nullWorlds[name]!, repetitions);
    expect(rates.falseVerdict).toBeLessThanOrEqual(allowed);
    expect(rates.coverage).toBeGreaterThanOrEqual(1 - allowed);
  });

  it.each(Object.keys(marginWorlds))('a variant worse by exactly the margin: %s', (name) => {
    const rates = simulate(marginWorlds[name]!, repetitions);
    expect(rates.falseQualified).toBeLessThanOrEqual(allowed);
    expect(rates.falseVerdict).toBeLessThanOrEqual(allowed);
  });

  it('a difference of the stated detectable size is found at least as often as planned', () => {
    // The statement holds for data as discordant as those it is made on, and a planted difference makes data more
    // discordant: so plant the difference that the data with it call detectable.
    let planted = { ...nullWorlds['independent, 2 variants']!, loss: 0.15 };
    for (let step = 0; step < 5; step += 1) {
      const [pair] = compareVariants({
        rows: drawRows(planted, 1),
        metric: 'correct',
        margin: 0.05,
      }).comparisons;
      planted = { ...planted, loss: pair!.smallestDetectable! };
    }
    // Planned for 80 %, from an upper bound of the discordance: so 80 % or more, but not sure to be found.
    const { shown } = simulate(planted, repetitions);
    expect(shown).toBeGreaterThanOrEqual(0.77);
    expect(shown).toBeLessThanOrEqual(0.99);
  });

  it('the stated number of samples settles a comparison of equals at least as often as planned', () => {
    const world = { ...nullWorlds['independent, 2 variants']!, discordance: 0.1 };
    const margin = 0.1;
    const [pair] = compareVariants({ rows: drawRows(world, 1), metric: 'correct', margin }).comparisons;
    expect(pair!.verdict).toBe('inconclusive');
    const settled = simulate({ ...world, clusters: pair!.samplesNeeded! }, 500, margin);
    expect(settled.equivalent).toBeGreaterThanOrEqual(0.75);
  });
});
