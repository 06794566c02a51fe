import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { describe, expect, it } from 'vitest';
import { atThreshold, chooseThreshold, fitTemperature, meanLoss } from './calibration.ts';
import { minimise } from './lbfgs.ts';
import { fitProjection, hitAtOne, projectionDefaults } from './query-projection.ts';
import { classScores, fitSoftmax } from './softmax-regression.ts';

describe('minimise', () => {
  it('finds the least point of a quadratic', async () => {
    // (x - 3)^2 + 10 (y + 1)^2
    const found = await minimise(
      (point, gradient) => {
        gradient[0] = 2 * (point[0]! - 3);
        gradient[1] = 20 * (point[1]! + 1);
        return (point[0]! - 3) ** 2 + 10 * (point[1]! + 1) ** 2;
      },
      new Float64Array(2),
      { tolerance: 1e-9 },
    );
    expect(found.converged).toBe(true);
    expect(found.point[0]).toBeCloseTo(3, 6);
    expect(found.point[1]).toBeCloseTo(-1, 6);
  });
});

describe('fitSoftmax', () => {
  it('reaches the optimum that can be worked out by hand', async () => {
    // Without features only the biases count: the probabilities are the shares of the classes.
    const rows = { values: new Float32Array(8), dimensions: 2, rows: 4 };
    const fit = await fitSoftmax(rows, Uint16Array.of(0, 0, 0, 1), 2, { l2: 1 });
    const scores = classScores(fit, rows);
    expect(1 / (1 + Math.exp(scores[1]! - scores[0]!))).toBeCloseTo(0.75, 3);
  });

  it('has a gradient of zero at its end: the residuals balance the penalty', async () => {
    // One feature of 1 and -1, classes 0 and 1: by symmetry w = weights[0] solves w = 2 * 2 * (1 - p) / 2 with p = 1 / (1 + exp(-2w)), l2 = 1.
    const rows = { values: Float32Array.of(1, -1), dimensions: 1, rows: 2 };
    const fit = await fitSoftmax(rows, Uint16Array.of(0, 1), 2, { l2: 1 });
    const w = fit.weights[0]!;
    const p = 1 / (1 + Math.exp(-2 * w));
    expect(w).toBeCloseTo(2 * (1 - p), 3);
  });
});

describe('calibration', () => {
  it('finds the temperature that scores were multiplied by', () => {
    // Class 0 is right in 3 of 4 rows whose scores say log 3 apart, times five.
    const scores = Float32Array.from({ length: 8 }, (_, index) => (index % 2 === 0 ? 5 * Math.log(3) : 0));
    const labels = Uint16Array.of(0, 0, 0, 1);
    const temperature = fitTemperature({ scores, classes: 2 }, labels);
    expect(temperature).toBeCloseTo(5, 2);
    expect(meanLoss({ scores, classes: 2 }, labels, temperature)).toBeCloseTo(
      -(0.75 * Math.log(0.75) + 0.25 * Math.log(0.25)),
      5,
    );
  });

  it('chooses the least threshold that reaches its goal', () => {
    const rows = [
      { probability: 0.9, right: true, outside: false },
      { probability: 0.8, right: true, outside: false },
      { probability: 0.6, right: false, outside: false },
      { probability: 0.7, right: false, outside: true },
      { probability: 0.3, right: false, outside: true },
    ];
    const goal = { outsideRecall: 1, acceptedAccuracy: 0.9 };
    const point = chooseThreshold(rows, goal);
    expect(point.threshold).toBeGreaterThan(0.7);
    expect(point.threshold).toBeLessThan(0.71);
    expect(point).toMatchObject({ inScopeAccuracy: 2 / 3, outsideRecall: 1, acceptedAccuracy: 1 });
    expect(atThreshold(rows, 0)).toMatchObject({ outsideRecall: 0, accepted: 1 });
  });

  it('rejects nothing where no threshold is shown to reach the accuracy', () => {
    // Half of 60 rows are right at every probability but the last, which one row alone has.
    const rows = Array.from({ length: 60 }, (_, index) => ({
      probability: index / 100,
      right: index % 2 === 0,
      outside: false,
    }));
    const lucky = [...rows, { probability: 0.99, right: true, outside: false }];
    const point = chooseThreshold(lucky, { outsideRecall: 0.8, acceptedAccuracy: 0.95 });
    expect(point).toMatchObject({ threshold: 0, goalReached: false, accepted: 1 });
    expect(point.inScopeAccuracy).toBeCloseTo(31 / 61, 10);
  });

  it('takes equal probabilities together, and as many accepted rows as allow one error', () => {
    // 20 right ones at .9, 10 wrong ones at .5: .95 of the accepted are right first where all of the .5 are rejected.
    const rows = [
      ...Array.from({ length: 20 }, () => ({ probability: 0.9, right: true, outside: false })),
      ...Array.from({ length: 10 }, () => ({ probability: 0.5, right: false, outside: false })),
    ];
    const goal = { outsideRecall: 0.8, acceptedAccuracy: 0.95 };
    const point = chooseThreshold(rows, goal);
    expect(point.threshold).toBeCloseTo(0.5, 6);
    expect(point).toMatchObject({ goalReached: true, acceptedAccuracy: 1 });
    expect(chooseThreshold(rows.slice(1), goal).goalReached).toBe(false);
  });

  it('has no figures without rows', () => {
    expect(chooseThreshold([], { outsideRecall: 0.8, acceptedAccuracy: 0.95 })).toEqual({
      threshold: 0,
      inScopeAccuracy: null,
      outsideRecall: null,
      acceptedAccuracy: null,
      accepted: null,
      goalReached: false,
    });
  });
});

describe('fitProjection', () => {
  it('undoes a linear distortion of the queries', () => {
    // Passages in general position; queries are the same vectors, turned.
    const random = xoroshiro128plus(7);
    const d = 16;
    const n = 120;
    const passages = new Float32Array(n * d);
    const queries = new Float32Array(n * d);
    for (let i = 0; i < n; i++) {
      const raw = Array.from({ length: d }, () => uniformFloat64(random) - 0.5);
      const length = Math.hypot(...raw);
      const unit = raw.map((value) => value / length);
      passages.set(unit, i * d);
      // Every second coordinate changes its place with the one before, and its sign.
      queries.set(
        unit.map((_, k) => (k % 2 === 0 ? unit[k + 1]! : -unit[k - 1]!)),
        i * d,
      );
    }
    const pairs = {
      queries: { values: queries, dimensions: d, rows: n },
      passages: { values: passages, dimensions: d, rows: n },
    };
    const before = hitAtOne(pairs, null);
    const after = hitAtOne(
      pairs,
      fitProjection(pairs, { ...projectionDefaults, epochs: 60, learningRate: 0.02, seed: 1 }),
    );
    expect(before).toBeLessThan(0.6);
    expect(after).toBeGreaterThan(0.95);
  });
});
