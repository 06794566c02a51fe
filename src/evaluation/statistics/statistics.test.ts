import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bettingInterval } from './betting.ts';
import { effectiveSample, upperMean } from './bounded-mean.ts';
import { clusterBootstrap } from './cluster-bootstrap.ts';
import { clusterLayout, weightedMean } from './cluster-layout.ts';
import { clusterWilson } from './cluster-wilson.ts';
import { differenceInterval } from './difference-interval.ts';
import { meanInterval, meanIntervalOf } from './mean-interval.ts';
import { tUpper } from './quantiles.ts';
import { signFlipTest } from './sign-flip.ts';

const alone = (count: number) => clusterLayout(Array.from({ length: count }, (_, index) => `g${index}`));
const unit = { low: 0, high: 1 };

describe('the sign-flip test by cluster', () => {
  it('is McNemar exact where every sample stands alone', () => {
    // Six discordant pairs one way: 2 / 2^6. Two of ten: 2 (1 + 10 + 45) / 2^10.
    expect(signFlipTest([1, 1, 1, 1, 1, 1, 0, 0], alone(8))).toEqual({
      p: 0.03125,
      differing: 6,
      method: 'mcnemar',
    });
    const tenth = [...Array(8).fill(1), -1, -1];
    expect(signFlipTest(tenth, alone(10)).p).toBeCloseTo(112 / 1024, 12);
  });

  it('flips whole clusters', () => {
    // Cluster sums 3 and -1: all four patterns are at least as far from 0 as 2.
    const layout = clusterLayout(['a', 'a', 'a', 'b']);
    expect(signFlipTest([1, 1, 1, -1], layout)).toMatchObject({ p: 1, method: 'exact' });
    // Sums 3 and 1: only the two patterns of one sign reach 4.
    expect(signFlipTest([1, 1, 1, 1], layout).p).toBe(0.5);
  });

  it('counts and enumerates the same', () => {
    const differences = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(differences, (whole) => {
        const counted = signFlipTest(whole, alone(whole.length));
        const enumerated = signFlipTest(
          whole.map((value) => value / 7),
          alone(whole.length),
        );
        expect(enumerated.p).toBeCloseTo(counted.p, 12);
      }),
      { numRuns: 60 },
    );
  });

  it('draws where it cannot count, near the normal approximation', () => {
    // 40 differences of a half and one third, 30 up and 10 down.
    const differences = Array.from(
      { length: 40 },
      (_, index) => (index < 30 ? 1 : -1) * (index % 2 ? 0.5 : 1 / 3),
    );
    const { p, method } = signFlipTest(differences, alone(40));
    expect(method).toBe('sampled');
    expect(p).toBeGreaterThan(0.0001);
    expect(p).toBeLessThan(0.01);
  });
});

describe('descriptions by cluster', () => {
  it('Wilson: the published value for independent samples, wider for clustered ones', () => {
    // statsmodels: 0 of 10 at alpha .01 ends at .398854093305.
    expect(clusterWilson(Array(10).fill(0), alone(10), 0.99)?.high).toBeCloseTo(0.398854093305, 10);
    const values = Array.from({ length: 40 }, (_, index) => (index < 24 ? 1 : 0));
    const groups = clusterLayout(values.map((_, index) => `g${Math.floor(index / 4)}`));
    const single = clusterWilson(values, alone(40), 0.95)!;
    const clustered = clusterWilson(values, groups, 0.95)!;
    // Ten clusters whose members are all alike are worth 9 samples: C - 1.
    expect(clustered.high - clustered.low).toBeGreaterThan(1.8 * (single.high - single.low));
    expect(clusterWilson([0.5, 1], alone(2), 0.95)).toBeNull();
  });

  it('bootstrap: about t for a mean, and nothing under five clusters', () => {
    const values = Array.from({ length: 60 }, (_, index) => (index * 37) % 60);
    const mean = (clusters: readonly number[]) =>
      clusters.reduce((sum, cluster) => sum + values[cluster]!, 0) / clusters.length;
    const found = clusterBootstrap(mean, 60, 0.95)!;
    // Standard error of 0..59: sqrt(60 * 61 / 12 / 60) = 2.25.
    expect(found.low).toBeCloseTo(29.5 - 1.96 * 2.25, 0);
    expect(found.high).toBeCloseTo(29.5 + 1.96 * 2.25, 0);
    expect(clusterBootstrap(mean, 4, 0.95)).toBeNull();
  });
});

describe('bounds of means', () => {
  it('are Clopper-Pearson for independent yes/no values', () => {
    // R: binom.test(8, 10): .4439045 to .9747893.
    const { low, high } = meanInterval([1, 1, 1, 1, 1, 1, 1, 1, 0, 0], [...'abcdefghij'], 0.95);
    expect(low).toBeCloseTo(0.4439045, 6);
    expect(high).toBeCloseTo(0.9747893, 6);
  });

  it('do not let many small clusters speak for a few large ones', () => {
    // Six clusters of 60 all right, 54 of 2 of which 16 hold an error: 95.8 % of samples, but six of six large clusters
    // do not exclude that a quarter of such clusters fails: (3/4)^6 = .18.
    const values: number[] = [];
    const groups: string[] = [];
    for (let cluster = 0; cluster < 60; cluster += 1)
      for (let member = 0; member < (cluster < 6 ? 60 : 2); member += 1) {
        values.push(cluster >= 6 && cluster < 22 && member === 0 ? 0 : 1);
        groups.push(`g${cluster}`);
      }
    const { low } = meanInterval(values, groups, 0.95);
    expect(low).toBeLessThan(0.75);
  });

  it('hold at once with equal clusters what the linearised variance gives', () => {
    // Four clusters of two, totals 0, 1, 1, 2: the jackknife and C/(C-1) agree for equal sizes.
    const layout = clusterLayout([...'aabbccdd']);
    const bound = upperMean([0, 0, 0, 1, 1, 0, 1, 1], layout, 0.025);
    expect(bound).toBeGreaterThan(0.8);
    expect(bound).toBeLessThan(1);
  });
});

describe('degrees of freedom of clusters', () => {
  it('are their number less one for equal sizes, and between the two extremes for others', () => {
    expect(clusterLayout([...'aabbccdd']).degrees).toBeCloseTo(3, 12);
    // Sizes 3 and 1: 16 / 10 - 1 = .6 if independent, 100 / 82 - 1 if all alike.
    expect(clusterLayout([...'aaab']).degrees).toBeCloseTo(Math.sqrt(0.6 * (100 / 82 - 1)), 12);
    expect(clusterLayout([...'aaaa']).degrees).toBe(0);
    expect(clusterLayout([]).degrees).toBe(0);
  });

  it('leave an interval where one cluster is nearly everything', () => {
    const groups = [...Array(5000).fill('large'), 'small'];
    const values = groups.map((_, index) => (index % 2 === 0 ? 1 : 0));
    const { mean, low, high } = meanInterval(values, groups, 0.95);
    expect(mean).toBeCloseTo(0.5, 3);
    expect(low).toBeGreaterThanOrEqual(0);
    expect(low).toBeLessThan(0.05);
    expect(high).toBeGreaterThan(0.95);
    expect(high).toBeLessThanOrEqual(1);
  });
});

describe('the imagined cluster', () => {
  it('holds no more than its size', () => {
    // Sizes 6, 2, 2, 2 with sums 5, 1, 1, 1; typical size 48 / 12 = 4, so the largest sum counts as 4 and the imagined one is 4.
    // Centre 12 / 16 = .75, residuals .5, -.5, -.5, -.5 and 1; squares / (16 - size)^2: .25/100 + .75/196 + 1/144.
    const values = [1, 1, 1, 1, 1, 0, 1, 0, 1, 0, 1, 0];
    const layout = clusterLayout([...'aaaaaabbccdd']);
    const variance = (4 / 5) * (0.25 / 100 + 0.75 / 196 + 1 / 144);
    const shrink = (2.2009851600829 / tUpper(0.025, layout.degrees)) ** 2;
    const trials = Math.min(12, 0.1875 / variance) * shrink;
    expect(effectiveSample(values, layout, 0.025).trials).toBeCloseTo(trials, 9);
  });
});

describe('weights', () => {
  const dense = fc.array(
    fc.tuple(fc.double({ min: 0.05, max: 0.95, noNaN: true }), fc.integer({ min: 1, max: 3 })),
    {
      minLength: 6,
      maxLength: 12,
    },
  );

  it('count a sample like so many copies in its group', () => {
    fc.assert(
      fc.property(dense, (drawn) => {
        const values = drawn.map(([value]) => value);
        const groups = drawn.map((_, index) => `g${index % 4}`);
        const weighted = clusterLayout(
          groups,
          drawn.map(([, weight]) => weight),
        );
        const copies = drawn.flatMap(([value, weight], index) =>
          Array.from({ length: weight }, () => ({ value, group: groups[index]! })),
        );
        const copied = clusterLayout(copies.map(({ group }) => group));
        const one = meanIntervalOf(values, weighted, 0.025, unit);
        const other = meanIntervalOf(
          copies.map(({ value }) => value),
          copied,
          0.025,
          unit,
        );
        expect(one.mean).toBeCloseTo(other.mean!, 9);
        expect(one.low).toBeCloseTo(other.low!, 6);
        expect(one.high).toBeCloseTo(other.high!, 6);
      }),
      { numRuns: 50 },
    );
  });

  it('of one size change nothing', () => {
    const differences = [0, 1, -1, 0, 1, 0, 0, 1, 0, 0];
    const groups = [...'abcdefghij'];
    expect(differenceInterval(differences, clusterLayout(groups, Array(10).fill(3)), 0.02)).toEqual(
      differenceInterval(differences, clusterLayout(groups), 0.02),
    );
    expect(weightedMean([1, 0], clusterLayout(['a', 'b'], [3, 1]))).toBe(0.75);
  });
});

describe('confidence sequences by betting', () => {
  it('stay in the range, hold the mean, and grow narrower', () => {
    const values = Array.from({ length: 400 }, (_, index) => (index % 4 === 0 ? 0 : 1));
    const at = (count: number) => bettingInterval(values.slice(0, count), 0.025);
    const [early, late] = [at(40), at(400)];
    expect(early.low).toBeGreaterThanOrEqual(0);
    expect(early.high).toBeLessThanOrEqual(1);
    expect(late.low).toBeGreaterThanOrEqual(early.low);
    expect(late.high).toBeLessThanOrEqual(early.high);
    expect(late.low).toBeLessThan(0.75);
    expect(late.high).toBeGreaterThan(0.75);
    expect(late.high - late.low).toBeLessThan(0.2);
  });

  it('mirror when the values do', () => {
    const values = [0.2, 0.9, 0.4, 1, 0, 0.3, 0.8, 0.1, 0.6, 0.7];
    const one = bettingInterval(values, 0.025);
    const other = bettingInterval(
      values.map((value) => 1 - value),
      0.025,
    );
    expect(other.low).toBeCloseTo(1 - one.high, 9);
    expect(other.high).toBeCloseTo(1 - one.low, 9);
  });

  it('know next to nothing from one value', () => {
    expect(bettingInterval([1], 0.025)).toMatchObject({ low: 0, high: 1 });
  });
});
