import { describe, expect, it } from 'vitest';
import { simulate } from './false-verdicts.fixture.ts';
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
});
