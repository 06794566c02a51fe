import type { ArmCounts } from '../../evaluation/index.ts';
import type { PriceNote } from '../cost.ts';
import type { ExplainedDecision } from '../decide.ts';
import { whole } from './figures.ts';

/** The verdict in one sentence. */
export function headline({ decision }: ExplainedDecision): string {
  if (decision.recommended !== null)
    return `Recommended: ${decision.recommended}, the cheapest variant that qualifies.`;
  return decision.reason === 'none-good-enough'
    ? `None is good enough: every deployable variant is shown not to lie above ${decision.bar}.`
    : 'Not enough evidence for a recommendation.';
}

/** What was measured and how sure the intervals are, in one paragraph. */
export function basis(explained: ExplainedDecision): string {
  const { decision, evidence, confidence, look } = explained;
  const n = evidence.bounds?.layout.samples ?? 0;
  const clusters = evidence.bounds?.layout.count ?? 0;
  const statements = evidence.bounds?.statements ?? 0;
  return [
    `Metric "${decision.metric}", bar ${decision.bar}, margin ${decision.margin}, ${whole(decision.volume)} requests a month.`,
    `${whole(n)} samples in ${whole(clusters)} independent groups were scored for every deployable variant.`,
    `All ${statements} intervals hold together with ${percent(confidence)} confidence over all looks; this is look ${look}, at ${percent(evidence.bounds?.confidenceOfLook ?? confidence)}.`,
  ].join(' ');
}

/** Denominators of one variant. */
export function armSentence(arm: ArmCounts): string {
  const parts = [`${whole(arm.scored)} of ${whole(arm.samples)} samples scored`];
  if (arm.errors > 0) parts.push(arm.errors === 1 ? '1 error' : `${whole(arm.errors)} errors`);
  for (const [reason, count] of Object.entries(arm.undefined)) parts.push(`${whole(count)} ${reason}`);
  if (arm.missing > 0) parts.push(`${whole(arm.missing)} without a row`);
  if (arm.unmatched > 0)
    parts.push(`${whole(arm.unmatched)} left out because another variant has no score for them`);
  return `${arm.variant}: ${parts.join(', ')}`;
}

/** Where the price of a variant comes from. */
export function priceSentence(price: PriceNote): string {
  const date = price.priceDate === null ? 'without a date' : `of ${price.priceDate}`;
  return `${price.variant}: ${price.basis} (${price.source}, price ${date})`;
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}
