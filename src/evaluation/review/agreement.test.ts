import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alphaOf, kappaOf, measureAgreement, type Rating } from './agreement.ts';

/** Ratings from columns of a table: one text a rater, one letter an item, `-` for none. */
const table = (columns: Readonly<Record<string, string>>): Rating[] =>
  Object.entries(columns).flatMap(([rater, letters]) =>
    [...letters].flatMap((category, index) =>
      category === '-' ? [] : [{ item: String(index), rater, category }],
    ),
  );

describe("Cohen's kappa", () => {
  it('is worked out from shares of shared items', () => {
    // 10 items: agree on 7. a says y 6 times, b 5 times: pe = .6*.5 + .4*.5 = .5, kappa = (.7 - .5) / .5.
    const ratings = table({ a: 'yyyyyynnnn-y', b: 'yyyynnnnnyy-' });
    expect(kappaOf(ratings, 'a', 'b')).toEqual({
      raters: ['a', 'b'],
      items: 10,
      observed: 0.7,
      value: expect.closeTo(0.4, 12),
      // Three of ten differ: Clopper-Pearson .06674 to .65245, over .5.
      interval: { low: expect.closeTo(1 - 0.65245 / 0.5, 4), high: expect.closeTo(1 - 0.06674 / 0.5, 4) },
      reason: null,
    });
  });

  it('says why there is none', () => {
    expect(kappaOf(table({ a: 'yy', b: 'yy' }), 'a', 'b')).toMatchObject({
      value: null,
      reason: 'one-category',
    });
    expect(kappaOf(table({ a: 'y-', b: '-y' }), 'a', 'b')).toMatchObject({
      value: null,
      reason: 'no-shared-items',
    });
  });
});

describe("Krippendorff's alpha", () => {
  it('is worked out from coincidences', () => {
    // Units yy, nn, yn: Do = 2 disagreeing of 6 values; n_y = 3, n_n = 3, De = 2*3*3 / (6*5) = .6; 1 - (2/6) / .6 = 4/9.
    expect(alphaOf(table({ a: 'yny', b: 'ynn' }))).toEqual({
      value: expect.closeTo(4 / 9, 12),
      // One of three differs: Clopper-Pearson .00840 to .90570, over .6.
      interval: { low: expect.closeTo(1 - 0.9057 / 0.6, 4), high: expect.closeTo(1 - 0.0084 / 0.6, 4) },
      items: 3,
      reason: null,
    });
    // A third rater on one unit, and a unit with one rating, which plays no part: units yyn, nn.
    // Do: unit 1 gives (1 + 1 + 2) / 2 = 2; 5 values, n_y = 2, n_n = 3, De = 2*2*3 / (5*4) = .6; 1 - (2/5) / .6 = 1/3.
    expect(alphaOf(table({ a: 'yny', b: 'yn-', c: 'n--' })).value).toBeCloseTo(1 / 3, 12);
  });

  it('is 1 for full agreement, whatever the names, and never above', () => {
    const letters = fc.string({ minLength: 2, maxLength: 12, unit: fc.constantFrom('x', 'y', 'z', '-') });
    fc.assert(
      fc.property(letters, letters, (a, b) => {
        const { value } = alphaOf(table({ a, b }));
        const kappa = kappaOf(table({ a, b }), 'a', 'b').value;
        expect(value ?? 0).toBeLessThanOrEqual(1 + 1e-12);
        expect(kappa ?? 0).toBeLessThanOrEqual(1 + 1e-12);
        const same = alphaOf(table({ a, b: a }));
        if (same.value !== null) expect(same.value).toBeCloseTo(1, 12);
        // Full agreement on few items is not known to be full.
        if (same.interval !== null) expect(same.interval.low).toBeLessThan(1);
        const one = alphaOf(table({ a, b }));
        if (one.interval !== null) {
          expect(one.interval.low).toBeLessThanOrEqual(one.value! + 1e-9);
          expect(one.interval.high).toBeGreaterThanOrEqual(one.value! - 1e-9);
        }
      }),
    );
  });
});

it('measures every pair', () => {
  const { pairs } = measureAgreement(table({ c: 'yn', a: 'yn', b: 'yy' }));
  expect(pairs.map(({ raters }) => raters.join())).toEqual(['a,b', 'a,c', 'b,c']);
});
