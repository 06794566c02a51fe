import { describe, expect, it } from 'vitest';
import { type CurveRun, judgeCurve } from './learning-curve.ts';

const n = 400;
const clusters = Array.from({ length: n }, (_, index) => `c${index}`);
/** The first so many test rows are right. */
const run = (share: number, right: number, seed = 0): CurveRun => ({
  share,
  rows: share * 800,
  seed,
  right: clusters.map((_, index) => Number(index < right)),
});

describe('judgeCurve', () => {
  it('says that more rows would help where the last doubling did', () => {
    const curve = judgeCurve([run(0.25, 200), run(0.25, 220, 1), run(0.5, 260), run(1, 320)], clusters);
    expect(curve.verdict).toBe('more-rows');
    expect(curve.gain.difference).toBeCloseTo(60 / 400, 12);
    expect(curve.points[0]).toMatchObject({
      seeds: 2,
      rows: 200,
      mean: expect.closeTo(210 / 400, 12),
      spread: [0.5, 0.55],
    });
  });

  it('says plateau where it brought nothing, and too close to call where few test rows tell', () => {
    expect(judgeCurve([run(0.5, 320), run(1, 320)], clusters).verdict).toBe('plateau');
    const few = clusters.slice(0, 30);
    const short = (share: number, right: number): CurveRun => ({
      ...run(share, right),
      right: few.map((_, index) => Number(index < right)),
    });
    expect(judgeCurve([short(0.5, 20), short(1, 21)], few).verdict).toBe('too-close-to-call');
  });
});
