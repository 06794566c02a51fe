import type { ArmCounts, LookPlan, Verdict } from '../../evaluation/index.ts';
import type { PriceNote } from '../cost.ts';
import type { ExplainedDecision } from '../decide.ts';
import { figure, interval, whole } from './figures.ts';

/** The verdict in one sentence. */
export function headline({ decision }: ExplainedDecision): string {
  const { recommended, variants } = decision;
  if (recommended !== null) {
    const unpriced = variants.filter(({ qualifies, monthlyUsd }) => qualifies && monthlyUsd === null);
    if (unpriced.some(({ variant }) => variant === recommended))
      return `Recommended: ${recommended}, which qualifies; what it costs is not known.`;
    return unpriced.length === 0
      ? `Recommended: ${recommended}, the cheapest variant that qualifies.`
      : `Recommended: ${recommended}, the cheapest of those that qualify and whose cost is known.`;
  }
  return decision.reason === 'none-good-enough'
    ? `None is good enough: every deployable variant is shown not to lie above ${decision.bar}.`
    : 'Not enough evidence for a recommendation.';
}

/** A difference as a comparison shows it. */
export interface SpokenPair {
  readonly variant: string;
  readonly against: string;
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  readonly verdict: Verdict;
}

/** A verdict in words, the better one named first. */
export function pairSentence(given: SpokenPair, margin: number): string {
  const pair =
    given.verdict === 'worse' || (given.verdict !== 'better' && given.difference < 0) ? turned(given) : given;
  const { variant, against, difference, low, high, verdict } = pair;
  const found = `${figure(difference)}, interval ${interval(low, high)}`;
  if (verdict === 'better') return `${variant} is better than ${against} by ${found}.`;
  if (verdict === 'equivalent')
    return `${variant} and ${against} are equivalent: they differ by less than ${margin} (${found}).`;
  return `${variant} and ${against}: too close to call (${found}).`;
}

/** The same difference seen from the other side. */
export function turned(pair: SpokenPair): SpokenPair {
  const opposite: Partial<Record<Verdict, Verdict>> = { better: 'worse', worse: 'better' };
  return {
    variant: pair.against,
    against: pair.variant,
    difference: -pair.difference,
    low: -pair.high,
    high: -pair.low,
    verdict: opposite[pair.verdict] ?? pair.verdict,
  };
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

/** What a comparison rests on, in one paragraph. */
export function comparisonBasis(given: {
  readonly n: number;
  readonly clusters: number;
  readonly margin: number;
  readonly statements: number;
  readonly confidence: number;
  readonly confidenceOfLook: number;
  readonly look: number;
  readonly plan: LookPlan | null;
  readonly sequential: boolean;
}): string {
  const held = `All ${given.statements} intervals hold together with ${percent(given.confidence)} confidence`;
  const look =
    given.plan === null
      ? `this is look ${given.look}`
      : `this is look ${given.look} of the ${given.plan.looks} declared (${given.plan.spending})`;
  return [
    `${whole(given.n)} samples in ${whole(given.clusters)} independent groups; margin ${given.margin}.`,
    given.sequential
      ? `${held} at every time, however often one looks; every group counts the same.`
      : `${held} over all looks; ${look}, at ${percent(given.confidenceOfLook)}.`,
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

/** A share as per cent, with one decimal at most. */
export function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}
