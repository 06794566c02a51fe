import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { describe, expect, it } from 'vitest';
import { warmGenerator } from '../../evaluation/index.ts';
import { type MeasuredRequest, measuredParts } from './measured-arm.ts';
import { widenFew } from './widen-few.ts';

function request(group: string, outputTokens: number, correct: number): MeasuredRequest {
  return {
    group,
    usage: {
      ...{ inputTokens: 10, cachedInputTokens: 0, outputTokens, reasoningTokens: 0 },
      ...{ embeddedTokens: 0, coreSeconds: 0, calls: 1 },
      inputParts: { staticPrefix: 10, fewShot: 0, history: 0, retrieved: 0, query: 0 },
    },
    cost: { usd: outputTokens / 1e6, source: 'price-list', basis: 'listed', priceDate: null },
    correct,
    refused: false,
  };
}

const measure = (requests: readonly MeasuredRequest[]) =>
  measuredParts({ name: 'a', kind: 'prompt', run: 'r', date: null, requests, prices: {} });

describe('intervals of few measured groups', () => {
  it('are those of Student', () => {
    // sqrt(5 / 4) * 2.776 / 1.960 with 4 degrees of freedom.
    const means = Float64Array.of(9, 10, 12);
    widenFew(means, 10, 5);
    expect(means[0]).toBeCloseTo(10 - 1.5836, 1);
    expect(means[1]).toBe(10);
    expect(means[2]).toBeCloseTo(10 + 2 * 1.5836, 1);
    const none = Float64Array.of(0.1, 1);
    widenFew(none, 1, 5);
    expect(none[0]).toBe(0);
  });

  it('hold the mean of the tokens, with five groups as with fifty', () => {
    for (const [groups, most] of [
      [5, 0.09],
      [50, 0.09],
    ] as const) {
      let missed = 0;
      for (let seed = 1; seed <= 300; seed += 1) {
        const generator = warmGenerator(seed);
        const requests = Array.from({ length: groups }, (_, group) => {
          const sum = Array.from({ length: 6 }, () => uniformFloat64(generator)).reduce((a, b) => a + b, 0);
          return request(`g${group}`, 100 * sum, 1);
        });
        const { low, high } = measure(requests).profile!.output as { low: number; high: number };
        if (low > 300 || high < 300) missed += 1;
      }
      expect(missed / 300).toBeLessThanOrEqual(most);
    }
  });

  it('do not take wrong answers that were not seen for impossible', () => {
    const requests = Array.from({ length: 30 }, (_, index) => request(`g${index}`, 100, 1));
    const { correct, wrong, refused } = measure(requests).quality!;
    // 3 / 30 where the upper end is at 2.5 % and the imagined group is wrong half of the time.
    expect(wrong).toMatchObject({ value: 0, low: 0 });
    expect((wrong as { high: number }).high).toBeGreaterThan(0.07);
    expect((wrong as { high: number }).high).toBeLessThan(0.13);
    expect((correct as { low: number }).low).toBeCloseTo(1 - (wrong as { high: number }).high, 9);
    expect(refused).toMatchObject({ value: 0, low: 0, high: 0 });
  });
});
