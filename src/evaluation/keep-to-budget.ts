import { FulcrumError } from '../core/index.ts';

/** How far work may go that costs money. */
export interface SpendingOptions<Estimate extends { readonly usd: number }> {
  /** USD that may be spent without asking, and at which the work stops; no limit by default. */
  readonly budget?: number | undefined;
  /** Asked when the estimate is above the budget; without it that is an error. */
  readonly approve?: ((estimate: Estimate) => Promise<boolean>) | undefined;
  /** Told what it may cost, before anything is spent. */
  readonly onEstimate?: ((estimate: Estimate) => void) | undefined;
}

/**
 * Tells the estimate and compares it with the budget. Throws `budget-exceeded` where nobody approves of more.
 * @returns USD at which the work stops: the budget, or the whole estimate where that was approved; null for no limit.
 */
export async function keepToBudget<Estimate extends { readonly usd: number }>(
  estimate: Estimate,
  { budget, approve, onEstimate }: SpendingOptions<Estimate>,
): Promise<number | null> {
  onEstimate?.(estimate);
  if (budget === undefined) return null;
  if (estimate.usd <= budget) return budget;
  if (await approve?.(estimate)) return estimate.usd;
  throw new FulcrumError('budget-exceeded', { estimate: estimate.usd.toFixed(4), budget });
}

/** Throws `budget-reached` when what was spent is what was allowed. `limit` null: no limit; `spent` null: nobody knows. */
export function stopAtBudget(work: string, spent: number | null, limit: number | null): void {
  if (limit === null || spent === null || spent === 0 || spent < limit) return;
  throw new FulcrumError('budget-reached', { work, spent: spent.toFixed(4), budget: limit });
}
