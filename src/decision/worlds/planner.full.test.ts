import { describe, expect, it } from 'vitest';
import { planPower, verdictChances } from '../../evaluation/index.ts';
import { simulate } from '../false-verdicts.fixture.ts';
import { nullWorlds } from '../simulated-worlds.fixture.ts';

const world = { ...nullWorlds['independent, 2 variants']!, clusters: 300 };
const margin = 0.1;

/** Chance that the plan states for `compare` on 300 samples of two variants. */
function planned(discordance: number) {
  const [row] = planPower({
    dataset: null,
    split: null,
    n: 300,
    groups: 300,
    typicalGroup: 1,
    icc: 0,
    discordances: [discordance],
    margin,
    variants: 2,
    confidence: 0.95,
  }).rows;
  return row!.compare;
}

describe('the chances that the planner predicts, within 5 points of 1,000 data sets', () => {
  it.each([0.12, 0.17, 0.25])('equal variants are shown equivalent: discordance %d', (discordance) => {
    const { equivalent } = simulate({ ...world, discordance }, 1000, margin);
    expect(Math.abs(equivalent - planned(discordance).chanceEquivalent!)).toBeLessThanOrEqual(0.05);
  });

  it('a difference is shown', () => {
    // A planted loss adds to the discordance: what the world then has is measured on one large data set of it.
    const lossy = { ...world, discordance: 0.1, loss: 0.07 };
    const { shown } = simulate(lossy, 1000, margin);
    // The last variant is wrong on a tenth (.07 of .7) of what it had right: half of the differing samples are gains of it before that.
    const gains = 0.05 * 0.9;
    const losses = 0.05 + 0.07 - 0.05 * 0.1;
    const tail = 0.04 / 3 / 2;
    const predicted = verdictChances(
      300,
      { discordance: gains + losses, difference: losses - gains, margin },
      tail,
    );
    expect(Math.abs(shown - predicted.different)).toBeLessThanOrEqual(0.05);
  });
});

describe('two equal arms', () => {
  it('a difference of quality is claimed in at most 6.5 % of 1,000 data sets', () => {
    const { falseVerdict } = simulate({ ...world, discordance: 0.17 }, 1000, margin);
    expect(falseVerdict).toBeLessThanOrEqual(0.065);
  });
});
