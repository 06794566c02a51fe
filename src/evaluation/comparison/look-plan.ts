import { FulcrumError } from '../../core/index.ts';
import { normalLowerTail, normalUpper } from '../statistics/quantiles.ts';

/** Ways to spread the error over the looks of a plan. */
export const spendings = ['equal', 'pocock', 'obrien-fleming'] as const;
export type Spending = (typeof spendings)[number];

/** Looks declared before the first one. */
export interface LookPlan {
  readonly looks: number;
  readonly spending: Spending;
}

/** Share of the error that the first look may spend where no plan was declared. */
const firstLookShare = 0.8;

/**
 * Part of the error `alpha` that the k-th look (from 1) may spend. The parts of all looks add up to alpha, and that they
 * do is all that is used: it holds whatever the samples of the looks have in common.
 *
 * Without a plan: 80 % on the first, and of the remaining 20 % the share 6 / (pi (k - 1))^2 on each later one, so the number of looks
 * need not be known. With one, the increments of a spending function at k / looks (Lan & DeMets 1983): `equal`; `pocock`,
 * a little more on early looks; `obrien-fleming`, next to nothing on early ones. Throws `looks-spent` past the last look.
 */
export function alphaForLook(alpha: number, look: number, plan: LookPlan | null = null): number {
  if (plan === null) {
    if (look <= 1) return alpha * firstLookShare;
    return (alpha * (1 - firstLookShare) * 6) / (Math.PI * (look - 1)) ** 2;
  }
  if (look > plan.looks) throw new FulcrumError('looks-spent', { looks: plan.looks, look });
  return (
    spentBy(alpha, look / plan.looks, plan.spending) - spentBy(alpha, (look - 1) / plan.looks, plan.spending)
  );
}

function spentBy(alpha: number, share: number, spending: Spending): number {
  if (share <= 0) return 0;
  if (spending === 'equal') return alpha * share;
  if (spending === 'pocock') return alpha * Math.log(1 + (Math.E - 1) * share);
  return 2 * normalLowerTail(-normalUpper(alpha / 2) / Math.sqrt(share));
}
