import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareVariants, type ScoreRow } from '../evaluation/index.ts';
import { decide, explainDecision } from './decide.ts';
import { headline } from './report/sentences.ts';

/** Rows of a variant that is right on the first `right` of `n` samples. */
function rowsOf(variant: string, right: number, n: number, costUsd: number | null = 0.001): ScoreRow[] {
  return Array.from({ length: n }, (_, index) => ({
    sample: `s${index}`,
    variant,
    metric: 'correct',
    value: index < right ? 1 : 0,
    costUsd,
  }));
}

const settings = { metric: 'correct', bar: 0.6, margin: 0.1 };

describe('decide', () => {
  it('names the cheapest variant that is above the bar and not worse than the others', () => {
    const rows = [
      ...rowsOf('dear', 176, 200, 0.01),
      ...rowsOf('cheap', 175, 200, 0.002),
      ...rowsOf('poor', 60, 200, 0.0001),
    ];
    const decision = decide({ ...settings, rows, volume: 50_000 });
    expect(decision).toMatchObject({ recommended: 'cheap', reason: 'qualified' });
    const cheap = decision.variants.find((each) => each.variant === 'cheap');
    expect(cheap).toMatchObject({ n: 200, mean: 0.875, qualifies: true });
    expect(cheap?.costPer1000Usd).toBeCloseTo(2, 9);
    expect(cheap?.monthlyUsd).toBeCloseTo(100, 9);
    expect(decision.variants.find((each) => each.variant === 'poor')?.qualifies).toBe(false);
  });

  it('never names an oracle, whose rows may not say that it is one', () => {
    const rows = [...rowsOf('oracle', 199, 200, 0.0001), ...rowsOf('rag', 175, 200, 0.002)];
    const decision = decide({ ...settings, rows });
    expect(decision.recommended).toBe('rag');
    expect(decision.variants.find(({ variant }) => variant === 'oracle')).toMatchObject({
      deployable: false,
      qualifies: false,
    });
    const said = rows.map((row) => ({ ...row, deployable: true }));
    expect(decide({ ...settings, rows: said }).recommended).toBe('oracle');
    const ofAnotherKind = rows.map((row) => ({ ...row, kind: 'rag' }));
    expect(decide({ ...settings, rows: ofAnotherKind }).recommended).toBe('oracle');
  });

  it('does not call cheapest what stands beside an unknown cost', () => {
    const known = rowsOf('known', 175, 200, 0.002);
    const unknown = rowsOf('unknown', 176, 200, null);
    const told = (rows: ScoreRow[]): string => headline(explainDecision({ ...settings, rows }));
    expect(told(known)).toBe('Recommended: known, the cheapest variant that qualifies.');
    expect(told([...known, ...unknown])).toBe(
      'Recommended: known, the cheapest of those that qualify and whose cost is known.',
    );
    expect(told(unknown)).toBe('Recommended: unknown, which qualifies; what it costs is not known.');
  });

  it('says not enough evidence under 30 groups, whatever the means', () => {
    const rows = [...rowsOf('a', 29, 29), ...rowsOf('b', 0, 29)];
    expect(decide({ ...settings, rows })).toMatchObject({ recommended: null, reason: 'not-enough-evidence' });
  });

  it('says none is good enough when all are shown to be under the bar', () => {
    const decision = decide({ ...settings, rows: [...rowsOf('a', 20, 200), ...rowsOf('b', 30, 200)] });
    expect(decision).toMatchObject({ recommended: null, reason: 'none-good-enough' });
    expect(decision.next.length).toBeGreaterThan(0);
  });

  it('never recommends a diagnostic variant, nor holds others against it', () => {
    const rows = [
      ...rowsOf('rag', 170, 200),
      ...rowsOf('oracle', 200, 200, 0).map((row) => ({ ...row, deployable: false })),
    ];
    const decision = decide({ ...settings, rows });
    expect(decision.recommended).toBe('rag');
    expect(decision.variants.find((each) => each.variant === 'oracle')).toMatchObject({
      deployable: false,
      qualifies: false,
    });
  });

  it('cannot call a variant of unknown cost the cheapest', () => {
    const rows = [...rowsOf('known', 176, 200, 0.01), ...rowsOf('unknown', 176, 200, null)];
    const decision = decide({ ...settings, rows });
    expect(decision.recommended).toBe('known');
    expect(decision.variants.find((each) => each.variant === 'unknown')?.costPer1000Usd).toBeNull();
  });

  it('does not depend on the order of rows', () => {
    const rows = [...rowsOf('a', 150, 180), ...rowsOf('b', 140, 180, 0.0001)];
    fc.assert(
      fc.property(fc.shuffledSubarray(rows, { minLength: rows.length }), (mixed) => {
        expect(decide({ ...settings, rows: mixed }).variants).toEqual(decide({ ...settings, rows }).variants);
      }),
      { numRuns: 10 },
    );
  });
});

describe('compare', () => {
  it('mirrors the verdict when two variants swap their names', () => {
    const one = compareVariants({
      rows: [...rowsOf('a', 190, 200), ...rowsOf('b', 100, 200)],
      metric: 'correct',
      margin: 0.05,
    });
    const other = compareVariants({
      rows: [...rowsOf('b', 190, 200), ...rowsOf('a', 100, 200)],
      metric: 'correct',
      margin: 0.05,
    });
    expect(one.comparisons[0]).toMatchObject({ difference: 0.45, verdict: 'better', differingSamples: 90 });
    expect(other.comparisons[0]?.verdict).toBe('worse');
    expect(other.comparisons[0]?.low).toBeCloseTo(-one.comparisons[0]!.high, 12);
  });

  it('gains nothing from copies of the samples inside their groups', () => {
    const rows = [...rowsOf('a', 40, 60), ...rowsOf('b', 30, 60)].map((row) => ({
      ...row,
      group: row.sample,
    }));
    const copies = [...rows, ...rows.map((row) => ({ ...row, sample: `${row.sample}-copy` }))];
    const width = (given: ScoreRow[]): number => {
      const [pair] = compareVariants({ rows: given, metric: 'correct', margin: 0.05 }).comparisons;
      return pair!.high - pair!.low;
    };
    expect(width(copies)).toBeGreaterThanOrEqual(width(rows) - 1e-9);
  });

  it('leaves out what one variant could not score, and counts it', () => {
    const failed = rowsOf('b', 50, 60).map((row, index) =>
      index < 5 ? { ...row, value: null, reason: 'error' } : row,
    );
    const result = compareVariants({
      rows: [...rowsOf('a', 50, 60), ...failed],
      metric: 'correct',
      margin: 0.05,
    });
    expect(result.n).toBe(55);
    expect(result.excluded.find((arm) => arm.variant === 'b')).toMatchObject({
      samples: 60,
      scored: 55,
      errors: 5,
    });
    expect(result.excluded.find((arm) => arm.variant === 'a')).toMatchObject({ scored: 60, unmatched: 5 });
  });

  it('never calls two variants equivalent because few samples show no difference', () => {
    const result = compareVariants({
      rows: [...rowsOf('a', 30, 40), ...rowsOf('b', 30, 40)],
      metric: 'correct',
      margin: 0.05,
    });
    expect(result.comparisons[0]).toMatchObject({ difference: 0, verdict: 'inconclusive' });
    expect(result.comparisons[0]!.samplesNeeded).toBeGreaterThan(40);
  });
});
