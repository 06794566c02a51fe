import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareVariants } from './compare-variants.ts';
import { gate, gateSchema, gateSentence } from './gate.ts';

const rows = (values: readonly (number | null)[], variant = 'v') =>
  values.map((value, index) => ({ sample: `s${index}`, variant, metric: 'correct', value }));
const open = (candidate: readonly (number | null)[], baseline: readonly (number | null)[], margin = 0.05) =>
  gate({
    candidate: { name: 'new', rows: rows(candidate) },
    baseline: { name: 'old', rows: rows(baseline) },
    metric: 'correct',
    margin,
  });
const times = (count: number, value: number): number[] => Array.from({ length: count }, () => value);

describe('the gate', () => {
  it('lets a run through that is the same on enough samples', () => {
    const values = Array.from({ length: 400 }, (_, index) => (index % 4 === 0 ? 0 : 1));
    const passed = gateSchema.parse(open(values, values));
    expect(passed).toMatchObject({ outcome: 'passed', n: 400, difference: 0, samplesNeeded: null });
    expect(passed.candidate).toEqual({ name: 'new', mean: 0.75 });
    expect(gateSentence(passed)).toMatch(/^Passed: new against old is not worse by 0.05 or more/);
  });

  it('holds back a run that is worse, and says so', () => {
    const worse = open(times(60, 0), times(60, 1));
    expect(worse).toMatchObject({ outcome: 'worse', difference: -1, verdict: 'worse', samplesNeeded: null });
    expect(gateSentence(worse)).toMatch(/^Not passed: new against old is worse/);
  });

  it('is inconclusive on few samples, and says how many would settle it', () => {
    const values = Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? 1 : 0));
    const other = values.map((value, index) => (index % 10 === 0 ? 1 - value : value));
    const unsure = open(other, values);
    expect(unsure.outcome).toBe('inconclusive');
    expect(unsure.samplesNeeded).toBeGreaterThan(40);
    expect(gateSentence(unsure)).toContain(`about ${unsure.samplesNeeded} samples would settle it`);
    const tiny = open(times(10, 1), times(10, 1));
    expect(tiny.outcome).toBe('inconclusive');
    expect(gateSentence(tiny)).toContain('verdicts need 30 independent groups of samples and there are 10');
  });

  it('says nothing where few groups hold most of the samples, as compare does', () => {
    // Two groups of 200 and 38 of 1: 438^2 / (2 * 200^2 + 38) = 2.4 groups of one size.
    const uneven = rows(times(438, 1)).map((row, index) => ({
      ...row,
      group: index < 400 ? `large-${index % 2}` : `g${index}`,
    }));
    const unsure = gate({
      candidate: { name: 'new', rows: uneven },
      baseline: { name: 'old', rows: uneven },
      metric: 'correct',
      margin: 0.9,
    });
    expect(unsure).toMatchObject({ outcome: 'inconclusive', clusters: 40 });
    expect(unsure.effectiveClusters).toBeCloseTo(438 ** 2 / (2 * 200 ** 2 + 38), 9);
    // At least fifteen of one size, at the same mix: 15 / 2.397 * 438.
    expect(unsure.samplesNeeded).toBeGreaterThanOrEqual(Math.ceil((15 * (2 * 200 ** 2 + 38)) / 438));
    expect(gateSentence(unsure)).toContain('worth about 2 equal ones, and verdicts need 15');
  });

  it('names what was left out, and refuses a margin of nothing', () => {
    const one = open([null, ...times(49, 1)], times(50, 1));
    expect(one.excluded.find(({ variant }) => variant === 'candidate')).toMatchObject({ scored: 49 });
    expect(one.warnings.some((warning) => warning.startsWith('new: 1 of 50'))).toBe(true);
    expect(() => open([1], [1], 0)).toThrow('The margin must be above 0');
  });

  it('is read off the bounds of compare', () => {
    const score = fc.constantFrom(0, 1);
    const both = fc.array(fc.tuple(score, score), { minLength: 35, maxLength: 120 });
    fc.assert(
      fc.property(both, fc.constantFrom(0.02, 0.1, 0.3), (pairs, margin) => {
        const [candidate, baseline] = [pairs.map(([first]) => first), pairs.map(([, second]) => second)];
        const compared = compareVariants({
          rows: [...rows(candidate, 'a'), ...rows(baseline, 'b')],
          metric: 'correct',
          margin,
          baseline: 'b',
        }).comparisons[0]!;
        const { outcome, low, high } = open(candidate, baseline, margin);
        expect([low, high]).toEqual([compared.low, compared.high]);
        expect(outcome === 'passed').toBe(low > -margin);
        if (outcome === 'worse') expect(high).toBeLessThan(0);
      }),
      { numRuns: 60 },
    );
  });
});
