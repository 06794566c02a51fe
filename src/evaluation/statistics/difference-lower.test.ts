import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clusterLayout } from './cluster-layout.ts';
import { differenceInterval, differenceLower } from './difference-interval.ts';

describe('the lower end of a difference by itself', () => {
  it('is that of the interval', () => {
    const pair = fc.record({
      difference: fc.double({ min: -1, max: 1, noNaN: true }),
      group: fc.integer({ min: 0, max: 9 }),
      weight: fc.integer({ min: 1, max: 3 }),
    });
    fc.assert(
      fc.property(
        fc.array(pair, { minLength: 2, maxLength: 60 }),
        fc.double({ min: 1e-4, max: 0.3, noNaN: true }),
        (samples, tail) => {
          const differences = samples.map(({ difference }) => difference);
          const layout = clusterLayout(
            samples.map(({ group }) => `g${group}`),
            samples.map(({ weight }) => weight),
          );
          expect(differenceLower(differences, layout, tail)).toBeCloseTo(
            differenceInterval(differences, layout, tail).low,
            12,
          );
        },
      ),
      { numRuns: 50 },
    );
  });
});
