import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventRate } from './event-rate.ts';

describe('a rate of events', () => {
  it('has the exact Poisson limits of independent events', () => {
    // Garwood: 4 events lie between 1.0899 and 10.2416 with .95; here over 40 units of time.
    const clusters = [1, 1, 1, 1].map((events) => ({ events, time: 10 }));
    const found = eventRate(clusters, 4, 0.025)!;
    expect(found.rate).toBeCloseTo(0.1, 12);
    expect(found.low).toBeCloseTo(1.0899 / 40, 5);
    expect(found.high).toBeCloseTo(10.2416 / 40, 5);
    expect(found.designEffect).toBe(1);
  });

  it('counts events that come in one cluster for less', () => {
    // (4-2)^2 + (0-2)^2 = 8, times 2 / 1, over 4 events: 4; so one event in 10 units: 0.0253 to 5.5716.
    const found = eventRate(
      [
        { events: 4, time: 20 },
        { events: 0, time: 20 },
      ],
      8,
      0.025,
    )!;
    expect(found).toMatchObject({ rate: 0.1, designEffect: 4 });
    expect(found.low).toBeCloseTo(0.0253 / 10, 5);
    expect(found.high).toBeCloseTo(5.5716 / 10, 5);
  });

  it('has an upper limit without any event, and says nothing without time', () => {
    const none = eventRate([{ events: 0, time: 40 }], 1, 0.025)!;
    expect(none).toMatchObject({ rate: 0, low: 0 });
    expect(none.high).toBeCloseTo(-Math.log(0.025) / 40, 9);
    // Four things in one cluster are one.
    expect(eventRate([{ events: 0, time: 40 }], 4, 0.025)!.high).toBeCloseTo(-Math.log(0.025) / 10, 9);
    expect(eventRate([], 0, 0.025)).toBeNull();
  });

  it('lies inside its limits', () => {
    const cluster = fc.record({
      events: fc.integer({ min: 0, max: 9 }),
      time: fc.integer({ min: 1, max: 400 }),
    });
    fc.assert(
      fc.property(fc.array(cluster, { minLength: 1, maxLength: 12 }), (clusters) => {
        const { rate, low, high } = eventRate(clusters, clusters.length * 10, 0.025)!;
        expect(low).toBeLessThanOrEqual(rate);
        expect(high).toBeGreaterThan(rate);
      }),
    );
  });
});
