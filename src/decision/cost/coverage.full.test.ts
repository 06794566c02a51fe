import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { expect, it } from 'vitest';
import type { ArmInputs } from './arm-inputs.ts';
import { armOf, noLosses, profileOf, today } from './arms.fixture.ts';
import { enteredFigure, type Figure, measuredFigure } from './figure.ts';
import { whatIf } from './what-if.ts';

const generator = xoroshiro128plus(11);
const exponential = (mean: number): number => -mean * Math.log(1 - uniformFloat64(generator));

/** Groups of three requests that share half of their length; the true mean is 300 tokens, $1 a thousand. */
function measured(groups: number): ArmInputs {
  const outputs: number[] = [];
  const clusters: string[] = [];
  for (let group = 0; group < groups; group++) {
    const shared = exponential(150);
    for (let turn = 0; turn < 3; turn++) {
      outputs.push(shared + exponential(150));
      clusters.push(`g${group}`);
    }
  }
  const mean = outputs.reduce((sum, tokens) => sum + tokens, 0) / outputs.length;
  return armOf('a', {
    profile: { ...profileOf({}), output: measuredFigure(mean, outputs.length, 'run') },
    prices: { output: enteredFigure(1000) },
    usage: { columns: { output: Float64Array.from(outputs) }, clusters },
  });
}

/** Share of simulated measurements whose interval holds the truth. */
function coverage(groups: number, simulations: number): number {
  let held = 0;
  for (let simulation = 0; simulation < simulations; simulation++) {
    const arms = [measured(groups)];
    const seed = simulation + 1;
    const found = whatIf({
      arms,
      volumes: [1000],
      losses: noLosses,
      today,
      draws: 400,
      seed,
      max: 10,
    }).costs[0]!;
    const { low, high } = found.perMonth as Figure;
    if (low <= 300 && 300 <= high) held++;
  }
  return held / simulations;
}

it.each([
  [20, 0.88],
  [100, 0.92],
  [1500, 0.92],
])('the interval of a month holds the truth in at least that share: %i groups, %f', (groups, least) => {
  const found = coverage(groups, groups > 1000 ? 400 : 2000);
  console.log(`${groups} groups of 3 requests: 95 % intervals hold the truth in ${found.toFixed(3)}`);
  expect(found).toBeGreaterThanOrEqual(least);
  expect(found).toBeLessThanOrEqual(0.98);
});
