import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../database/index.ts';
import { evaluationMigrations } from '../migrations.ts';
import type { ScoreRow } from '../score-row.ts';
import { compareVariants } from './compare-variants.ts';
import { describeComparison, describeOtherMetrics, winnersCurse } from './describe-comparison.ts';
import { alphaForLook, spendings } from './look-plan.ts';
import { continueSequence, takeLook } from './looks.ts';
import { weighRows } from './weigh-rows.ts';

/** Rows of a variant that is right on the samples `from` to `to` of `n`. */
function rowsOf(
  variant: string,
  n: number,
  isRight: (index: number) => boolean,
  more: Partial<ScoreRow> = {},
) {
  return Array.from(
    { length: n },
    (_, index): ScoreRow => ({
      sample: `s${index}`,
      variant,
      metric: 'correct',
      value: isRight(index) ? 1 : 0,
      ...more,
    }),
  );
}

const settings = { metric: 'correct', margin: 0.05 };

describe('what a newcomer meets first', () => {
  it('names the largest group where there are too few', () => {
    // Samples 0 to 9 are one group, the other ten stand alone: 11 groups.
    const grouped = (variant: string) =>
      rowsOf(variant, 20, (index) => index % 2 === 0).map((row, index) => ({
        ...row,
        group: index < 10 ? 'page' : row.sample,
      }));
    const { warnings } = compareVariants({ ...settings, rows: [...grouped('a'), ...grouped('b')] });
    expect(warnings[0]).toContain(
      'Only 11 independent groups of samples (by their "group"; the largest holds 10 of 20)',
    );
  });

  it('names the variant that has no score at all', () => {
    const rows = [
      ...rowsOf('a', 30, () => true),
      ...rowsOf('broken', 30, () => true, { value: null, reason: 'error' }),
    ];
    expect(() => compareVariants({ ...settings, rows })).toThrow(/"broken" has no score at all/);
  });

  it('refuses a margin that no difference can leave', () => {
    const rows = [...rowsOf('a', 30, () => true), ...rowsOf('b', 30, () => false)];
    expect(() => compareVariants({ ...settings, margin: 5, rows })).toThrow(/write 5 points as 0.05/);
    expect(() => compareVariants({ ...settings, margin: 0.99, rows })).not.toThrow();
  });
});

describe('the error of looks', () => {
  it('adds up to all of it over a plan, and is refused past its end', () => {
    fc.assert(
      fc.property(fc.constantFrom(...spendings), fc.integer({ min: 1, max: 12 }), (spending, looks) => {
        const parts = Array.from({ length: looks }, (_, index) =>
          alphaForLook(0.05, index + 1, { looks, spending }),
        );
        expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(0.05, 9);
        expect(Math.min(...parts)).toBeGreaterThan(0);
        expect(() => alphaForLook(0.05, looks + 1, { looks, spending })).toThrow(/looks/);
      }),
    );
  });

  it('is spent as the functions say', () => {
    expect(alphaForLook(0.05, 3, { looks: 5, spending: 'equal' })).toBeCloseTo(0.01, 12);
    // Pocock at one half: .05 ln(1 + (e - 1) / 2) = .0310.
    expect(alphaForLook(0.05, 1, { looks: 2, spending: 'pocock' })).toBeCloseTo(0.031006, 5);
    // O'Brien-Fleming at one half: 2 (1 - Phi(1.959964 / sqrt(.5))) = .005575.
    expect(alphaForLook(0.05, 1, { looks: 2, spending: 'obrien-fleming' })).toBeCloseTo(0.005575, 5);
    expect(alphaForLook(0.05, 1)).toBeCloseTo(0.04, 12);
  });
});

describe('looks that are kept', () => {
  let database: Database;
  beforeEach(async () => {
    database = await openDatabase(':memory:', [evaluationMigrations]);
  });
  afterEach(() => database.close());
  const at = (rows: readonly ScoreRow[]) => ({ dataset: 'd', metric: 'correct', rows });
  const first = [...rowsOf('a', 4, () => true), ...rowsOf('b', 4, (index) => index > 0)];

  it('are the same for the same scores, and the next one for more samples or other answers', async () => {
    expect(await takeLook(database, at(first))).toEqual({ look: 1, plan: null });
    expect(await takeLook(database, at([...first].reverse()))).toMatchObject({ look: 1 });
    const more = [...first, ...rowsOf('a', 5, () => true).slice(4), ...rowsOf('b', 5, () => true).slice(4)];
    expect(await takeLook(database, at(more))).toMatchObject({ look: 2 });
    // The same samples answered again: an own chance to be lucky.
    const again = [...rowsOf('a', 4, () => true), ...rowsOf('b', 4, (index) => index > 1)];
    expect(await takeLook(database, at(again))).toMatchObject({ look: 3 });
    expect(await takeLook(database, at(first))).toMatchObject({ look: 1 });
  });

  it('keep the plan of the first one and refuse a late, another or an overspent one', async () => {
    const plan = { looks: 1, spending: 'equal' } as const;
    expect(await takeLook(database, at(first), plan)).toEqual({ look: 1, plan });
    expect(await takeLook(database, at(first))).toEqual({ look: 1, plan });
    await expect(takeLook(database, at(first), { ...plan, looks: 4 })).rejects.toMatchObject({
      code: 'looks-declared',
    });
    const next = first.slice(0, -1);
    await expect(takeLook(database, at(next))).rejects.toMatchObject({ code: 'looks-spent' });
    const other = { ...at(first), dataset: 'e' };
    await takeLook(database, other);
    await expect(takeLook(database, other, plan)).rejects.toMatchObject({ code: 'looks-declared' });
  });

  it('continue a sequence with new groups only, in the order in which they came', async () => {
    const grouped = (samples: readonly string[]): ScoreRow[] =>
      samples.flatMap((sample) =>
        ['a', 'b'].map((variant) => ({ sample, variant, metric: 'correct', value: 1, group: sample[0]! })),
      );
    const start = await continueSequence(database, at(grouped(['x1', 'y1', 'z1'])));
    const order = (rows: readonly ScoreRow[]) => [...new Set(rows.map(({ sample }) => sample))];
    expect(start.left).toBe(0);
    const next = await continueSequence(database, at(grouped(['w1', 'y1', 'x1', 'z1', 'x2'])));
    expect(order(next.rows)).toEqual([...order(start.rows), 'w1']);
    expect(next.left).toBe(1);
    const changed = grouped(['w1', 'x1', 'y1', 'z1']).map((row) =>
      row.sample === 'y1' ? { ...row, value: 0 } : row,
    );
    await expect(continueSequence(database, at(changed))).rejects.toMatchObject({ code: 'sequence-changed' });
  });
});

describe('confidence sequences in a comparison', () => {
  it('reach a verdict where the difference is large, and do not depend on the look', () => {
    const rows = [...rowsOf('a', 200, () => true), ...rowsOf('b', 200, (index) => index % 2 === 0)];
    const result = compareVariants({ ...settings, rows, sequential: true, look: 7 });
    expect(result).toMatchObject({ sequential: true, confidenceOfLook: 0.95 });
    expect(result.comparisons[0]).toMatchObject({
      difference: 0.5,
      verdict: 'better',
      samplesNeeded: null,
    });
    expect(compareVariants({ ...settings, rows, sequential: true }).comparisons).toEqual(result.comparisons);
  });

  it('are of the means of groups', () => {
    // Group g0 holds 40 of 79 samples, all gained; the other 39 groups hold one each, none differs.
    const group = (index: number): string => (index < 40 ? 'g0' : `g${index}`);
    const rows = ['a', 'b'].flatMap((variant) =>
      Array.from({ length: 79 }, (_, index) => ({
        sample: `s${index}`,
        variant,
        metric: 'correct',
        value: variant === 'a' || index >= 40 ? 1 : 0,
        group: group(index),
      })),
    );
    expect(compareVariants({ ...settings, rows, sequential: true }).comparisons[0]?.difference).toBeCloseTo(
      1 / 40,
      12,
    );
    expect(compareVariants({ ...settings, rows }).comparisons[0]?.difference).toBeCloseTo(40 / 79, 12);
  });

  it('refuse weights and metrics without a known range', () => {
    const rows = [...rowsOf('a', 40, () => true), ...rowsOf('b', 40, () => false)];
    const weighted = rows.map((row) => ({ ...row, weight: row.sample === 's1' ? 2 : 1 }));
    expect(() => compareVariants({ ...settings, rows: weighted, sequential: true })).toThrow(/equal weight/);
    const long = rows.map((row) => ({ ...row, value: 3 * row.value! }));
    expect(() => compareVariants({ ...settings, rows: long, sequential: true })).toThrow(/range/);
  });
});

describe('verdicts', () => {
  it('are not given where a few groups hold most of the samples', () => {
    // 40 groups, of which one holds 160 of 199 samples: worth 1.5 equal ones.
    const group = (index: number): string => (index < 160 ? 'big' : `g${index}`);
    const rows = ['a', 'b'].flatMap((variant) =>
      rowsOf(variant, 199, () => variant === 'a').map((row, index) => ({ ...row, group: group(index) })),
    );
    const result = compareVariants({ ...settings, rows });
    expect(result.clusters).toBe(40);
    expect(result.comparisons[0]?.verdict).toBe('inconclusive');
    expect(result.warnings[0]).toMatch(/worth about 1 equal ones; verdicts need 15/);
  });
});

describe('descriptions', () => {
  const rows = [
    ...rowsOf('a', 60, (index) => index < 48),
    ...rowsOf('b', 60, (index) => index < 40),
    ...rowsOf('c', 60, (index) => index < 40),
  ];
  const comparison = compareVariants({ ...settings, rows });

  it('give McNemar, Holm, bootstrap and the margin of equivalence', () => {
    const { pairs, variants } = describeComparison(rows, comparison);
    const [ab, , bc] = pairs;
    // Eight samples, all one way: 2 / 2^8; the smallest of three counts three times, Holm, and the next one twice.
    expect(ab).toMatchObject({ p: 2 / 256, adjusted: 6 / 256, method: 'mcnemar' });
    expect(bc).toMatchObject({ p: 1, adjusted: 1, bootstrap: { low: 0, high: 0 } });
    const found = comparison.comparisons[0]!;
    expect(ab?.equivalentFrom).toBe(Math.max(-found.low, found.high));
    // Wilson for 48 of 60 at 95 %: .6820 to .8818.
    expect(variants[0]?.wilson?.low).toBeCloseTo(0.682, 3);
    expect(variants[0]?.wilson?.high).toBeCloseTo(0.8818, 3);
  });

  it('adjust other metrics together', () => {
    const other = rows.map((row) => ({ ...row, metric: 'format', value: row.variant === 'a' ? 1 : 0 }));
    const found = describeOtherMetrics([...rows, ...other], comparison);
    expect(found.map(({ variant, against, difference }) => [variant, against, difference])).toEqual([
      ['a', 'b', 1],
      ['a', 'c', 1],
      ['b', 'c', 0],
    ]);
    expect(found[0]!.adjusted).toBeCloseTo((found[0]!.p * 3) / 2, 15);
  });

  it('warn of the best of several only where one is called better', () => {
    expect(winnersCurse(comparison)[0]).toMatch(/^a came out best of 3/);
    const alike = ['a', 'b', 'c'].flatMap((variant) => rowsOf(variant, 60, (index) => index < 40));
    expect(winnersCurse(compareVariants({ ...settings, rows: alike }))).toEqual([]);
  });
});

describe('weights of tags', () => {
  const rows = rowsOf('a', 4, () => true).map((row, index) => ({
    ...row,
    tags: index < 2 ? ['x', 'y'] : ['y'],
  }));

  it('multiply, and 0 leaves out', () => {
    expect(weighRows(rows, { x: 2, y: 3 }).map(({ weight }) => weight)).toEqual([6, 6, 3, 3]);
    expect(weighRows(rows, { x: 0 }).map(({ sample }) => sample)).toEqual(['s2', 's3']);
    expect(weighRows(rows, {})).toBe(rows);
  });

  it('refuse a tag that no sample has', () => {
    expect(() => weighRows(rows, { z: 1 })).toThrow(/"z"/);
  });
});
