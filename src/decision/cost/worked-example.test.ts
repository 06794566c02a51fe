import { describe, expect, it } from 'vitest';
import { compileArm, costFunction } from './compile-arm.ts';
import { type CostFunction, usdAt } from './cost-function.ts';
import type { DatedModelName } from './dated-prices.fixture.ts';
import { cheapestRegions } from './regions.ts';
import {
  corrected,
  type ExampleHosting,
  printedMillions,
  promptArm,
  ragArm,
  tunedArm,
} from './worked-example.fixture.ts';

/** The table as printed: USD per 1,000 requests, then the crossovers in millions a month. */
const printed: readonly [DatedModelName, string, string, string, string][] = [
  ['gpt-6-luna', '0.195', '0.495', '12.4 / 23.1 / 27.9', '4.7 / 9.0 / 10.9'],
  ['gemini-2.5-flash-lite', '0.165', '0.465', '14.7 / 27.3 / 33.0', '5.1 / 9.5 / 11.6'],
  ['gpt-6.1-terra', '1.875', '4.875', '1.29 / 2.40 / 2.90', '0.48 / 0.91 / 1.10'],
  ['claude-haiku-4-5', '1.95', '4.95', '1.24 / 2.31 / 2.79', '0.47 / 0.90 / 1.08'],
  ['claude-sonnet-5', '3.9', '9.9', '0.62 / 1.16 / 1.39', '0.24 / 0.45 / 0.54'],
  ['claude-opus-5-5', '7.5', '19.5', '0.32 / 0.60 / 0.73', '0.12 / 0.23 / 0.28'],
  ['gpt-6-astra', '19.5', '49.5', '0.12 / 0.23 / 0.28', '0.05 / 0.09 / 0.11'],
];
const hostings: readonly ExampleHosting[] = ['one machine', 'two machines', 'dedicated'];

function functionOf(arm: Parameters<typeof compileArm>[0]): CostFunction {
  const cost = costFunction(compileArm(arm));
  if (!cost) throw new Error(`${arm.name} has no cost`);
  return cost;
}

/** (F_b - F_a) / (v_a - v_b), the formula of the example; the machines are fixed costs. */
function formula(a: CostFunction, b: CostFunction): number {
  return (usdAt(b, 0) - usdAt(a, 0)) / (a.perRequest - b.perRequest);
}

describe('the worked example', () => {
  it.each(printed)('%s: prices and crossovers as printed', (model, prompt, rag, overPrompt, overRag) => {
    const [first, second] = [functionOf(promptArm(model)), functionOf(ragArm(model))];
    expect(first.perRequest * 1000).toBeCloseTo(Number(prompt), 10);
    expect(second.perRequest * 1000).toBeCloseTo(Number(rag), 10);
    const crossings = (base: CostFunction): string =>
      hostings.map((hosting) => printedMillions(formula(base, functionOf(tunedArm(hosting))))).join(' / ');
    expect(crossings(first)).toBe(overPrompt);
    expect(crossings(second)).toBe(overRag);
  });

  it.each(printed)('%s: the regions of the two arms change at the same volume', (model) => {
    for (const base of [promptArm(model), ragArm(model)])
      for (const hosting of hostings) {
        const [a, b] = [functionOf(base), functionOf(tunedArm(hosting))];
        const regions = cheapestRegions(
          [
            { name: 'base', cost: a },
            { name: 'tuned', cost: b },
          ],
          100_000_000,
        );
        expect(regions.map(({ arm }) => arm)).toEqual(['base', 'tuned']);
        expect(regions[1]?.from).toBe(Math.floor(formula(a, b)) + 1);
      }
  });

  it('gives the printed totals of a month', () => {
    const at = (arm: Parameters<typeof compileArm>[0], volume: number): number =>
      Math.round(usdAt(functionOf(arm), volume));
    expect(at(promptArm('gpt-6-luna'), 100_000)).toBe(20);
    expect(at(ragArm('gpt-6-luna'), 100_000)).toBe(120);
    expect(at(ragArm('gpt-6.1-terra'), 100_000)).toBe(558);
    expect(at(ragArm('claude-sonnet-5'), 100_000)).toBe(1060);
    expect(at(ragArm('claude-opus-5-5'), 100_000)).toBe(2020);
    expect(at(tunedArm('one machine'), 100_000)).toBe(2417);
    expect(at(corrected.perToken('gemini-2.5-flash-lite'), 100_000)).toBe(346);
    expect(at(ragArm('gpt-6-luna'), 1_000_000)).toBe(565);
    expect(at(ragArm('gpt-6.1-terra'), 1_000_000)).toBe(4945);
    expect(at(ragArm('claude-opus-5-5'), 1_000_000)).toBe(19_570);
    expect(at(corrected.perToken('gemini-2.5-flash-lite'), 1_000_000)).toBe(499);
  });
});
