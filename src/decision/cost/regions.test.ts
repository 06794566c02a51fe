import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CostFunction, machinesAt, scaleCost, usdAt } from './cost-function.ts';
import { crossoverOf } from './crossover.ts';
import { cheapestRegions, type PricedArm } from './regions.ts';

const line = (name: string, fixed: number, perRequest: number): PricedArm => ({
  name,
  cost: { fixed, perRequest, steps: [] },
});
const machines = (name: string, usd: number, capacity: number, minimum = 1, spare = 0): PricedArm => ({
  name,
  cost: { fixed: 0, perRequest: 0, steps: [{ usd, capacity, minimum, spare }] },
});

describe('regions', () => {
  it('of two lines meet where they cross', () => {
    // 100 + .01 n against .03 n: equal at 5,000, where the first of the alphabet is preferred.
    const regions = cheapestRegions([line('b', 0, 0.03), line('a', 100, 0.01)], 1_000_000);
    expect(regions).toMatchObject([
      { from: 0, to: 5000, arm: 'b', runnerUp: 'a' },
      { from: 5000, to: null, arm: 'a', runnerUp: 'b' },
    ]);
    const later = cheapestRegions([line('a', 0, 0.03), line('b', 100, 0.01)], 1_000_000);
    expect(later.map(({ from }) => from)).toEqual([0, 5001]);
  });

  it('come in several pieces where machines are paid whole', () => {
    // Machines of 1,000 requests at $10 against 1.2 cents a request: one machine is dearer up to 833 (9.996), the second is
    // paid from 1,001 (20) and beaten by 12.01; 24.01 beats it from 1,667 (20.004) on; three machines (30) from 2,500 (30: a tie).
    const regions = cheapestRegions([machines('m', 10, 1000), line('l', 0, 0.012)], 4000);
    expect(regions.map(({ from, to, arm }) => [from, to, arm])).toEqual([
      [0, 834, 'l'],
      [834, 1001, 'm'],
      [1001, 1667, 'l'],
      [1667, 2001, 'm'],
      [2001, 2501, 'l'],
      [2501, 3001, 'm'],
      [3001, 3334, 'l'],
      [3334, 4000, 'm'],
    ]);
  });

  it('say for ever only where it is so', () => {
    const never = cheapestRegions([line('a', 0, 0.01), line('b', 50, 0.02)], 1000);
    expect(never).toMatchObject([{ from: 0, to: null, arm: 'a' }]);
    // Cheaper up to 1,000 only: the lines cross at 5,000.
    const open = cheapestRegions([line('a', 100, 0.01), line('b', 0, 0.03)], 1000);
    expect(open).toMatchObject([{ from: 0, to: 1000, arm: 'b' }]);
    expect(cheapestRegions([line('a', 1, 1)], 10)).toMatchObject([
      { from: 0, to: null, runnerUp: null, gapUsd: null },
    ]);
    expect(cheapestRegions([], 10)).toEqual([]);
  });

  it('do not call the first request of a free arm a region of its own', () => {
    const regions = cheapestRegions([line('a', 0, 0.03), line('b', 0, 0.01)], 1000);
    expect(regions).toMatchObject([{ from: 0, to: null, arm: 'b' }]);
  });

  it('refuse a largest volume that is none, or out of all proportion to the machines', () => {
    for (const max of [0, -5, 1.5, Number.NaN])
      expect(() => cheapestRegions([line('a', 1, 1)], max)).toThrow(/largest volume must be a whole number/);
    expect(() => cheapestRegions([machines('m', 1, 0.5)], 1e9)).toThrow(/name a smaller largest volume/);
  });
});

const cents = fc.integer({ min: 0, max: 1_000_000 });
const arbitraryCost: fc.Arbitrary<CostFunction> = fc.record({
  fixed: cents.map((value) => value / 100),
  perRequest: fc.integer({ min: 0, max: 10_000 }).map((value) => value / 1e6),
  steps: fc.array(
    fc.record({
      usd: cents.map((value) => value / 100),
      capacity: fc.integer({ min: 3000, max: 3_000_000 }).map((value) => value / 7),
      minimum: fc.integer({ min: 0, max: 3 }),
      spare: fc.integer({ min: 0, max: 2 }),
    }),
    { maxLength: 1 },
  ),
});
const arbitraryArms = fc
  .array(arbitraryCost, { minLength: 1, maxLength: 5 })
  .map((costs) => costs.map((cost, index): PricedArm => ({ name: `arm-${index}`, cost })));
const max = 1_000_000;

describe('any regions', () => {
  it('cover every volume once, and the arm of each is the cheapest inside', () => {
    fc.assert(
      fc.property(arbitraryArms, fc.array(fc.nat(max - 1), { maxLength: 20 }), (arms, volumes) => {
        const regions = cheapestRegions(arms, max);
        expect(regions[0]?.from).toBe(0);
        for (const [index, region] of regions.entries()) {
          const next = regions[index + 1];
          expect(region.to ?? max).toBe(next?.from ?? max);
          expect(region.from).toBeLessThan(region.to ?? max);
          expect(next?.arm).not.toBe(region.arm);
        }
        const edges = regions.flatMap(({ from, to }) => [from, (to ?? max) - 1]);
        for (const volume of [...volumes, ...edges]) {
          const region = regions.find(({ from, to }) => from <= volume && volume < (to ?? max));
          const winner = arms.find(({ name }) => name === region?.arm);
          const paid = winner ? usdAt(winner.cost, volume) : Number.NaN;
          const least = Math.min(...arms.map(({ cost }) => usdAt(cost, volume)));
          expect(paid).toBeLessThanOrEqual(least * (1 + 1e-12) + 1e-9);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('that are open have the same winner far beyond the largest volume', () => {
    fc.assert(
      fc.property(arbitraryArms, fc.integer({ min: max, max: 1000 * max }), (arms, volume) => {
        const last = cheapestRegions(arms, max).at(-1);
        if (last?.to !== null) return;
        const paid = usdAt(arms.find(({ name }) => name === last.arm)!.cost, volume);
        const least = Math.min(...arms.map(({ cost }) => usdAt(cost, volume)));
        expect(paid).toBeLessThanOrEqual(least * (1 + 1e-9));
      }),
    );
  });

  it('do not depend on the unit of the money', () => {
    fc.assert(
      fc.property(arbitraryArms, (arms) => {
        // A power of two changes no digit of a floating-point number.
        const dearer = arms.map(({ name, cost }) => ({ name, cost: scaleCost(cost, 64) }));
        const shape = (given: readonly PricedArm[]): unknown =>
          cheapestRegions(given, max).map(({ from, to, arm }) => [from, to, arm]);
        expect(shape(dearer)).toEqual(shape(arms));
      }),
    );
  });

  it('give the same crossover in both orders', () => {
    fc.assert(
      fc.property(arbitraryCost, arbitraryCost, (a, b) => {
        const one = { name: 'one', cost: a, drawn: [a, scaleCost(a, 1.1)] };
        const two = { name: 'two', cost: b, drawn: [b, scaleCost(b, 0.9)] };
        expect(crossoverOf(two, one, max)).toEqual(crossoverOf(one, two, max));
      }),
    );
  });

  it('are of costs that never fall with the volume', () => {
    fc.assert(
      fc.property(arbitraryCost, fc.nat(max), fc.nat(max), (cost, a, b) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)];
        expect(usdAt(cost, less)).toBeLessThanOrEqual(usdAt(cost, more) + 1e-9);
        for (const step of cost.steps)
          expect(machinesAt(step, more)).toBeGreaterThanOrEqual(machinesAt(step, less));
      }),
    );
  });
});

describe('a crossover', () => {
  it('has an interval by the drawn worlds, and says when it never comes', () => {
    const drawnArm = (name: string, fixed: number, rates: readonly number[]) => ({
      name,
      cost: { fixed, perRequest: rates[0] ?? 0, steps: [] },
      drawn: rates.map((perRequest) => ({ fixed, perRequest, steps: [] })),
    });
    const found = crossoverOf(
      drawnArm('a', 100, [0.01, 0.01, 0.01]),
      drawnArm('b', 0, [0.03, 0.02, 0.06]),
      100_000,
    );
    // 100 / .02 = 5,000, 100 / .01 = 10,000 and 100 / .05 = 2,000.
    expect(found).toMatchObject({
      below: 'b',
      above: 'a',
      first: 5000,
      settled: 5000,
      volumes: [5000],
      neverShare: 0,
    });
    expect(found.low).toBe(2150);
    expect(found.high).toBe(9750);
    const never = crossoverOf(drawnArm('a', 0, [0.01]), drawnArm('b', 5, [0.02]), 100_000);
    expect(never).toMatchObject({
      below: 'a',
      first: null,
      volumes: [],
      settled: null,
      neverShare: 1,
      high: null,
    });
    const perhaps = crossoverOf(drawnArm('a', 100, [0.01, 0.01]), drawnArm('b', 0, [0.03, 0.01]), 100_000);
    expect(perhaps).toMatchObject({ first: 5000, high: null, neverShare: 0.5 });
  });
});
