import { describe, expect, it } from 'vitest';
import type { ScoreRow } from '../evaluation/index.ts';
import { latenciesOf, latencyBounds, speedTests } from './latency.ts';

const rows: ScoreRow[] = Array.from({ length: 100 }, (_, index) => ({
  sample: `s${index}`,
  variant: 'rag',
  metric: 'latency',
  value: -(index + 1),
}));

describe('latency', () => {
  it('bounds the 95th percentile by order statistics', () => {
    const times = latenciesOf(rows).get('rag')!;
    // Clopper-Pearson: 1 slower of 100 is under 5.45 %, none under 3.62 %: so the upper bound is the last time.
    // 10 slower of 100 is above 4.90 %, 11 above 5.62 %: the lower bound is the time that 10 exceed.
    expect(latencyBounds(times, 0.025)).toEqual({ n: 100, p95: 95, low: 90, high: 100 });
  });

  it('shows a limit to be kept or missed, or neither', () => {
    const tests = speedTests(latenciesOf(rows), 100);
    expect(tests.quickEnough('rag', 0.025)).toBe(true);
    expect(tests.tooSlow('rag', 0.025)).toBe(false);
    const stricter = speedTests(latenciesOf(rows), 95);
    expect([stricter.quickEnough('rag', 0.025), stricter.tooSlow('rag', 0.025)]).toEqual([false, false]);
    expect(speedTests(latenciesOf(rows), 80).tooSlow('rag', 0.025)).toBe(true);
    expect(tests.quickEnough('unknown', 0.025)).toBe(false);
  });

  it('counts a heavier answer as so many', () => {
    // The 100th counts for 20 of 119: more than one answer in twenty takes 100 seconds.
    const weighed = rows.map((row, index) => ({ ...row, weight: index === 99 ? 20 : 1 }));
    expect(latencyBounds(latenciesOf(weighed).get('rag')!, 0.025).p95).toBe(100);
    expect(latencyBounds(latenciesOf(rows.map((row) => ({ ...row, weight: 3 }))).get('rag')!, 0.025)).toEqual(
      { n: 100, p95: 95, low: 90, high: 100 },
    );
  });

  it('takes an answer that never came as slower than any limit', () => {
    const failing = rows.map((row, index) =>
      index % 10 === 0 ? { ...row, value: null, reason: 'error' } : row,
    );
    const times = latenciesOf(failing);
    expect(latencyBounds(times.get('rag')!, 0.025).p95).toBeNull();
    expect(speedTests(times, 1000).quickEnough('rag', 0.025)).toBe(false);
  });
});
