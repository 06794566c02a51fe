import type { Cost } from '../core/index.ts';
import type { ScoreRow } from '../evaluation/index.ts';

/** Where a price comes from, for the report. */
export interface PriceNote {
  readonly variant: string;
  readonly basis: string;
  /** ISO day, or null where the price has none. */
  readonly priceDate: string | null;
  readonly source: string;
}

/**
 * Mean cost of 1,000 requests over the answers that were had. Null as soon as the cost of one of them is not known:
 * a mean over the others would be another figure. Rows that ended in an error are left out.
 */
export function costPer1000(rows: Iterable<ScoreRow>): number | null {
  let sum = 0;
  let answers = 0;
  for (const row of rows) {
    if (row.reason === 'error' && typeof row.costUsd !== 'number') continue;
    if (typeof row.costUsd !== 'number') return null;
    sum += (row.weight ?? 1) * row.costUsd;
    answers += row.weight ?? 1;
  }
  return answers === 0 ? null : (sum / answers) * 1000;
}

/** Cost of a month; null when the cost of a request is not known. */
export function monthlyCost(per1000: number | null, volume: number): number | null {
  return per1000 === null ? null : (per1000 * volume) / 1000;
}

/** Where the prices of answers come from: one note for each variant and basis; answers without priced work give none. */
export function notePrices(
  answers: Iterable<{ readonly variant: string; readonly cost: Cost }>,
): PriceNote[] {
  const notes = new Map<string, PriceNote>();
  for (const { variant, cost } of answers) {
    const { basis, priceDate, source } = cost;
    if (source !== 'none') notes.set(`${variant} ${basis}`, { variant, basis, priceDate, source });
  }
  return [...notes.values()];
}

/**
 * Rows with other prices: the cost of every answer of a variant scaled so that 1,000 of them cost what is stated, or that
 * cost for each where nothing was measured. The differences in cost between its answers stay in proportion.
 * @param prices USD per 1,000 requests, by variant.
 */
export function priceRows(
  rows: readonly ScoreRow[],
  prices: Readonly<Record<string, number>>,
): readonly ScoreRow[] {
  const factors = new Map(
    Object.keys(prices).map((variant) => {
      const measured = costPer1000(rows.filter((row) => row.variant === variant));
      return [variant, measured === null || measured === 0 ? null : prices[variant]! / measured];
    }),
  );
  return rows.map((row) => {
    const factor = factors.get(row.variant);
    if (factor === undefined || (row.reason === 'error' && typeof row.costUsd !== 'number')) return row;
    const costUsd = factor === null ? prices[row.variant]! / 1000 : row.costUsd! * factor;
    return { ...row, costUsd };
  });
}
