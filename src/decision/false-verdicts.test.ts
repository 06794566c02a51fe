import { describe, expect, it } from 'vitest';
import { simulate } from './false-verdicts.fixture.ts';
import { marginWorlds, nullWorlds } from './simulated-worlds.fixture.ts';

// 200 data sets each with fixed seeds; `false-verdicts.full.test.ts` draws 2,000. At a true rate of 5 %, 200 draws
// show more than 9.5 % with probability .004 (binomial).
const repetitions = 200;
const allowed = 0.095;
const quick = [
  'independent, 2 variants',
  'independent, 2 % discordance',
  '60 clusters, 4 variants',
  '30 clusters, 2 variants',
];

describe('in worlds where the truth is known', () => {
  it.each(quick)('no difference is seen where there is none: %s', (name) => {
    const rates = simulate(nullWorlds[name]!, repetitions);
    expect(rates.falseVerdict).toBeLessThanOrEqual(allowed);
    expect(rates.coverage).toBeGreaterThanOrEqual(1 - allowed);
  });

  it.each(quick)('a variant that is worse by the margin does not pass for good enough: %s', (name) => {
    const rates = simulate(marginWorlds[name]!, repetitions);
    expect(rates.falseQualified).toBeLessThanOrEqual(allowed);
    expect(rates.falseVerdict).toBeLessThanOrEqual(allowed);
  });

  it('a big difference is found', () => {
    expect(
      simulate({ ...nullWorlds['independent, 2 variants']!, loss: 0.25 }, repetitions).shown,
    ).toBeGreaterThan(0.95);
  });
});
