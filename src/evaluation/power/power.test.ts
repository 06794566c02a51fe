import { describe, expect, it } from 'vitest';
import { verdictChances } from './chance-of-verdict.ts';
import { type PowerQuestion, planPower } from './plan-power.ts';
import { textbookDetectable, textbookNeeded } from './textbook-power.ts';

// Figures for paired pass/fail at 80 % power and a two-sided error of 5 %, by discordance 10, 20, 30 and 40 %,
// computed apart from this code: percentage points by number of samples, and samples by margin.
const detectable: Record<number, number[]> = {
  50: [11.6, 16.5, 20.2, 23.3],
  100: [8.5, 12.1, 14.8, 17.1],
  200: [6.1, 8.7, 10.6, 12.3],
  300: [5.0, 7.1, 8.7, 10.1],
  500: [3.9, 5.6, 6.8, 7.9],
  1000: [2.8, 3.9, 4.8, 5.6],
};
const needed: Record<number, number[]> = {
  10: [71, 150, 228],
  8: [115, 238, 361],
  5: [307, 621, 935],
  3: [865, 1737, 2609],
};

describe('the textbook plan', () => {
  it('gives the known figures', () => {
    for (const [n, points] of Object.entries(detectable))
      for (const [index, expected] of points.entries()) {
        const found = 100 * textbookDetectable((index + 1) / 10, Number(n), 0.025);
        expect(Math.abs(found - expected), `${n} at ${index + 1}0 %`).toBeLessThan(0.051);
      }
    for (const [margin, counts] of Object.entries(needed))
      expect([1, 2, 3].map((tenths) => textbookNeeded(tenths / 10, Number(margin) / 100, 0.025))).toEqual(
        counts,
      );
  });
});

describe('the plan of compare', () => {
  const question: PowerQuestion = {
    dataset: null,
    split: null,
    n: 300,
    groups: 300,
    typicalGroup: 1,
    icc: 0.3,
    discordances: [0.1, 0.2, 0.3],
    margin: 0.05,
    variants: 2,
    confidence: 0.95,
  };

  it('is more careful than the textbook, and more so with more variants', () => {
    const two = planPower(question);
    const four = planPower({ ...question, variants: 4 });
    for (const [index, row] of two.rows.entries()) {
      expect(row.compare.detectable!).toBeGreaterThan(row.textbook.detectable);
      expect(row.compare.needed!).toBeGreaterThan(row.textbook.needed);
      expect(four.rows[index]!.compare.needed!).toBeGreaterThan(row.compare.needed!);
    }
  });

  it('detects the margin with about the samples that it says are needed', () => {
    for (const row of planPower(question).rows) {
      const { compare } = planPower({ ...question, n: row.compare.needed!, groups: row.compare.needed! })
        .rows[question.discordances.indexOf(row.discordance)]!;
      expect(compare.detectable!).toBeLessThanOrEqual(0.0501);
      expect(compare.detectable!).toBeGreaterThan(0.035);
    }
  });

  it('counts clusters by their design effect', () => {
    const plan = planPower({ ...question, groups: 60, typicalGroup: 5 });
    expect(plan.designEffect).toBeCloseTo(1 + 4 * 0.3, 12);
    expect(plan.effectiveN).toBeCloseTo(300 / 2.2, 9);
    expect(plan.rows[1]!.textbook.needed).toBe(Math.ceil(621 * 2.2));
    expect(plan.rows[1]!.textbook.neededGroups).toBe(Math.ceil(1367 / 5));
    expect(plan.rows[1]!.compare.needed!).toBeGreaterThan(planPower(question).rows[1]!.compare.needed! * 2.2);
    expect(planPower({ ...question, groups: 29, typicalGroup: 300 / 29 }).verdictPossible).toBe(false);
    expect(plan.verdictPossible).toBe(true);
    // 60 groups, the typical sample in one of 25: worth 12 of one size. The number of groups needed follows their mean size of 5.
    const uneven = planPower({ ...question, groups: 60, typicalGroup: 25 });
    expect(uneven.verdictPossible).toBe(false);
    expect(uneven.rows[1]!.textbook.neededGroups).toBe(Math.ceil((621 * 8.2) / 5));
  });
});

describe('chances of verdicts', () => {
  it('are those of the multinomial counts', () => {
    // One sample: whatever it shows, its interval is nearly everything.
    expect(verdictChances(1, { discordance: 0.5, difference: 0, margin: 0.1 }, 0.01)).toEqual({
      different: 0,
      equivalent: 0,
    });
    // Never a difference: 300 samples bound both sides by 1 - .01^(1/300) = .0152, so by .022 together.
    const rates = { discordance: 0, difference: 0, margin: 0.025 };
    expect(verdictChances(300, rates, 0.01).equivalent).toBeCloseTo(1, 9);
    expect(verdictChances(300, { ...rates, margin: 0.01 }, 0.01).equivalent).toBe(0);
  });
});
