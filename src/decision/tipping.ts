import type { Decision } from './decision.ts';
import { type Costing, costTipping } from './decision-costs.ts';
import type { Evidence } from './evidence.ts';
import type { Qualification } from './qualification.ts';
import type { RuleBounds } from './rule-bounds.ts';

/**
 * Volumes, prices and losses of quality that would change the advice, as far as another variant has qualified.
 * `next` is the variant that is named when the recommended one no longer qualifies.
 */
export function tippingOf(
  { recommended, volume, bar, margin }: Pick<Decision, 'recommended' | 'volume' | 'bar' | 'margin'>,
  evidence: Evidence,
  found: {
    rule: RuleBounds | null;
    shown: Qualification | null;
    costing: Costing | undefined;
    next: string | null;
  },
): Decision['tipping'] {
  const { rule, shown, costing, next } = found;
  if (recommended === null || !rule || !shown) return [];
  const slack = Math.min(
    rule.meanLow(recommended, shown.tail) - bar,
    ...evidence.deployable
      .filter((other) => other !== recommended && !shown.tooSlow.includes(other))
      .map((other) => rule.differenceLow(recommended, other, shown.tailOf(recommended, other)) + margin),
  );
  const mean = evidence.means.get(recommended)?.mean ?? Number.NaN;
  return [
    ...costTipping(evidence.costs, shown.qualified, volume, costing),
    {
      parameter: `quality:${recommended}`,
      now: mean,
      flipsAt: mean - Math.max(0, slack),
      direction: 'below' as const,
      to: next,
    },
  ];
}
