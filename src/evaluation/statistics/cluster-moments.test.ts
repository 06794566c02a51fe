import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amountFromMoments, collectMoments, momentsInterval } from './cluster-moments.ts';
import { meanInterval } from './mean-interval.ts';
import { tUpper } from './quantiles.ts';

function momentsOf(values: readonly { value: number; cluster: string }[]) {
  const collector = collectMoments();
  const ordered = [...values].sort((a, b) => (a.cluster < b.cluster ? -1 : a.cluster > b.cluster ? 1 : 0));
  for (const { value, cluster } of ordered) collector.add(value, cluster);
  return collector.finish();
}

describe('intervals from moments', () => {
  it('are those of the values themselves', () => {
    const value = fc.oneof(
      fc.constantFrom(0, 1),
      fc.integer({ min: 0, max: 100 }).map((hundredths) => hundredths / 100),
    );
    const sample = fc.record({ value, cluster: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g') });
    fc.assert(
      fc.property(fc.array(sample, { minLength: 1, maxLength: 60 }), (samples) => {
        const whole = meanInterval(
          samples.map((each) => each.value),
          samples.map((each) => each.cluster),
          0.95,
          { low: 0, high: 1 },
        );
        const { mean, low, high } = momentsInterval(momentsOf(samples), 0.95);
        expect(mean).toBeCloseTo(whole.mean!, 9);
        expect(low).toBeCloseTo(whole.low!, 6);
        expect(high).toBeCloseTo(whole.high!, 6);
      }),
      { numRuns: 200 },
    );
  });

  it('of amounts take each cluster as one observation', () => {
    // Clusters of one: mean 2, standard error 1 / sqrt(3), t(2) = 4.302652730.
    const moments = momentsOf(['a', 'b', 'c'].map((cluster, value) => ({ value, cluster })));
    const { mean, low, high } = amountFromMoments(moments, 0.95, 1);
    expect(mean).toBe(2);
    expect(high! - mean).toBeCloseTo(4.30265273 / Math.sqrt(3), 7);
    expect(low).toBe(0);
    // Sizes 2 and 1, sums 2 and 4: mean 2, residuals -2 and 2; jackknife 1/2 (4 / 1 + 4 / 4); degrees sqrt((9/5 - 1) (25/17 - 1)).
    const uneven = amountFromMoments(
      momentsOf([
        { value: 1, cluster: 'a' },
        { value: 1, cluster: 'a' },
        { value: 4, cluster: 'b' },
      ]),
      0.5,
      0,
    );
    const degrees = Math.sqrt((9 / 5 - 1) * (25 / 17 - 1));
    expect(uneven.high! - uneven.mean).toBeCloseTo(tUpper(0.25, degrees) * Math.sqrt(2.5), 9);
    const large = Array.from({ length: 5000 }, (_, index) => ({ value: index % 2, cluster: 'a' }));
    expect(amountFromMoments(momentsOf([...large, { value: 3, cluster: 'b' }]), 0.95, 0)).toMatchObject({
      low: null,
      high: null,
    });
    expect(amountFromMoments(momentsOf([{ value: 0, cluster: 'a' }]), 0.95, 7)).toEqual({
      mean: 7,
      low: null,
      high: null,
    });
  });
});
