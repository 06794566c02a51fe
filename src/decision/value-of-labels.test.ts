import { describe, expect, it } from 'vitest';
import { normal } from './normal-draws.ts';
import { labelCounts, valueOfLabels } from './value-of-labels.ts';

const variance = 0.2;
const two = {
  strata: [
    {
      name: 'hard',
      share: 0.5,
      n: 50,
      means: [0.7, 0.72],
      covariance: [
        [variance / 50, 0],
        [0, variance / 50],
      ],
    },
    {
      name: 'easy',
      share: 0.5,
      n: 50,
      means: [0.9, 0.9],
      covariance: [
        [0.0001 / 50, 0],
        [0, 0.0001 / 50],
      ],
    },
  ],
  monthlyUsd: [100, 140],
  volume: 10_000,
  wrongUsd: 0.5,
};

describe('the value of more labels', () => {
  it('is the normal loss integral for two arms', () => {
    const [hard] = valueOfLabels(two);
    // Benefit per month: quality .80 and .81 at $5,000 a point of 1: the second gains $50 and costs $40 more, so it is $10 ahead.
    // 40 labels move the difference of means by a deviation of sqrt(2 * .2 * 40 / (50 * 90)) = .0596, half of it in the total.
    const deviation = 5000 * 0.5 * Math.sqrt((2 * variance * 40) / (50 * 90));
    const z = 10 / deviation;
    const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
    // Upper tail of the normal at z = .067: .4733.
    const expected = deviation * (density - z * 0.4733);
    expect(hard?.stratum).toBe('hard');
    const at40 = hard!.curve.find(({ labels }) => labels === 40)!.usdPerMonth;
    expect(Math.abs(at40 / expected - 1)).toBeLessThan(0.03);
  });

  it('agrees with labelling played out: truth drawn, labels drawn, belief updated, the best chosen', () => {
    const three = {
      ...two,
      strata: [
        {
          name: 'all',
          share: 1,
          n: 60,
          means: [0.7, 0.72, 0.75],
          covariance: [
            [0.004, 0.002, 0.001],
            [0.002, 0.004, 0.001],
            [0.001, 0.001, 0.005],
          ],
        },
      ],
      monthlyUsd: [100, 180, 330],
    };
    const [all] = valueOfLabels(three);
    const labels = 50;
    const [first] = three.strata;
    const n = first!.n;
    const factor = [
      [Math.sqrt(0.004), 0, 0],
      [0.002 / Math.sqrt(0.004), Math.sqrt(0.004 - 0.001), 0],
      [0.001 / Math.sqrt(0.004), 0, 0],
    ];
    factor[2]![1] = (0.001 - factor[2]![0]! * factor[1]![0]!) / factor[1]![1]!;
    factor[2]![2] = Math.sqrt(0.005 - factor[2]![0]! ** 2 - factor[2]![1]! ** 2);
    const times = (vector: readonly number[]): number[] =>
      factor.map((row) => row.reduce((sum, value, index) => sum + value * vector[index]!, 0));
    const benefit = (quality: readonly number[]): number[] =>
      quality.map((value, arm) => -three.monthlyUsd[arm]! - 5000 * (1 - value));
    const now = Math.max(...benefit(first!.means));
    const truths = normal(60_000, 3, 7);
    const noises = normal(60_000, 3, 8).reverse();
    let sum = 0;
    for (const [index, draw] of truths.entries()) {
      const truth = times(draw).map((value, arm) => first!.means[arm]! + value);
      // A mean of `labels` new samples: its covariance is n / labels times that of the n present ones.
      const seen = times(noises[index]!).map((value, arm) => truth[arm]! + value * Math.sqrt(n / labels));
      const belief = seen.map((value, arm) => (n * first!.means[arm]! + labels * value) / (n + labels));
      const believed = benefit(belief);
      sum += benefit(truth)[believed.indexOf(Math.max(...believed))]!;
    }
    const played = sum / truths.length - now;
    const found = all!.curve.find((point) => point.labels === labels)!.usdPerMonth;
    expect(Math.abs(found / played - 1)).toBeLessThan(0.08);
  });

  it('grows with labels, is nothing where all is known, and stops where a label costs more than it brings', () => {
    const [hard, easy] = valueOfLabels(two);
    for (const [index, { usdPerMonth }] of hard!.curve.entries())
      expect(usdPerMonth).toBeGreaterThanOrEqual(hard!.curve[index - 1]?.usdPerMonth ?? 0);
    expect(easy!.usdPerMonth).toBeLessThan(0.01 * hard!.usdPerMonth);
    expect(hard!.stopAt).toBeLessThan(labelCounts.at(-1)!);
    expect(valueOfLabels({ ...two, labelUsd: 1000 })[0]!.stopAt).toBe(0);
    expect(valueOfLabels({ ...two, labelUsd: 0 })[0]!.stopAt).toBe(labelCounts.at(-1)!);
  });
});
