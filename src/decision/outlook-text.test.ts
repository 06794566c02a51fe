import { describe, expect, it } from 'vitest';
import type { ScoreRow } from '../evaluation/index.ts';
import { usd } from './cost/format-figures.ts';
import { decide } from './decide.ts';
import { renderOutlook } from './outlook-text.ts';
import { dollars } from './report/figures.ts';

function rowsOf(variant: string, right: number, costUsd: number): ScoreRow[] {
  return Array.from({ length: 200 }, (_, index) => ({
    sample: `s${index}`,
    ...{ variant, metric: 'correct', value: index < right ? 1 : 0, costUsd },
  }));
}

describe('money in a decision', () => {
  it('keeps cents, and is not rounded to nothing', () => {
    expect([0, 0.0000029, 0.0029, 0.012, 0.4, 1.5, 1234.5, 1e300].map(dollars)).toEqual([
      ...['$0', '$0.0000029', '$0.0029', '$0.012', '$0.40', '$1.50', '$1,235', '$1.00e+300'],
    ]);
    expect([0.4, 0.122, 0.0042, 0.0000029, 1e300].map(usd)).toEqual([
      ...['$0.40', '$0.122', '$0.0042', '$0.0000029', '$1.00e+300'],
    ]);
  });
});

describe('what stands under a verdict', () => {
  it('writes volumes, prices and spans of time as people do', () => {
    const rows = [...rowsOf('cheap', 175, 0.002), ...rowsOf('dear', 176, 0.01)];
    const text = renderOutlook(
      decide({
        ...{ rows, metric: 'correct', bar: 0.6, margin: 0.1, volume: 50_000 },
        facts: { halfLifeMonths: 115.1, today: '2026-11-26' },
      }),
    );
    expect(text).toContain('cheap: $100 at 50,000, $1,000 at 500,000');
    expect(text).toContain('within 9.6 years:');
    expect(text).not.toContain('price:');
  });
});
