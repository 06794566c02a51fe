import { FulcrumError } from '../core/index.ts';

/** How far work may go that costs money. */
export interface SpendingOptions<Estimate extends { readonly usd: number }> {
  /** USD that may be spent without asking; no limit by default. */
  readonly budget?: number | undefined;
  /** Asked when the estimate is above the budget; without it that is an error. */
  readonly approve?: ((estimate: Estimate) => Promise<boolean>) | undefined;
  /** Told what it may cost, before anything is spent. */
  readonly onEstimate?: ((estimate: Estimate) => void) | undefined;
}

/** Tells the estimate and compares it with the budget. Throws `budget-exceeded` where nobody approves of more. */
export async function keepToBudget<Estimate extends { readonly usd: number }>(
  estimate: Estimate,
  { budget, approve, onEstimate }: SpendingOptions<Estimate>,
): Promise<void> {
  onEstimate?.(estimate);
  if (budget === undefined || estimate.usd <= budget) return;
  if (await approve?.(estimate)) return;
  throw new FulcrumError('budget-exceeded', { estimate: estimate.usd.toFixed(4), budget });
}
