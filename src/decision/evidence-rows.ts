import type { EvidenceRow } from './decision-parts.ts';
import type { Evidence } from './evidence.ts';
import { differenceOf } from './evidence.ts';
import type { Latencies } from './latency.ts';
import { type LatencyBounds, latencyBounds } from './latency.ts';
import type { Qualification } from './qualification.ts';
import type { RuleBounds } from './rule-bounds.ts';

/** What the rows are read off. */
export interface EvidenceRowsBasis {
  readonly evidence: Evidence;
  readonly shown: Qualification | null;
  readonly rule: RuleBounds | null;
  readonly bar: number;
  readonly margin: number;
  readonly maxP95: number | null;
  readonly times: ReadonlyMap<string, Latencies>;
}

/**
 * The statements about `variant`: above the bar, quick enough, not worse than each of the others. With a margin from money the estimates of
 * differences are net of what the difference in cost is worth.
 */
export function evidenceRows(variant: string, basis: EvidenceRowsBasis): EvidenceRow[] {
  const { evidence, shown, rule, bar, margin, maxP95, times } = basis;
  const mean = evidence.means.get(variant);
  if (!shown || !rule || !mean) return [];
  const low = rule.meanLow(variant, shown.tail);
  const rows: EvidenceRow[] = [
    {
      claim: `${variant} is above the bar`,
      variant,
      against: null,
      estimate: mean.mean,
      low: mean.low,
      high: mean.high,
      bound: low,
      needed: bar,
      n: mean.n,
      shown: low > bar || shown.qualified.includes(variant),
    },
  ];
  const found = times.get(variant);
  if (maxP95 !== null && found) rows.push(speedRow(variant, maxP95, latencyBounds(found, shown.tail)));
  for (const against of evidence.deployable) {
    if (against === variant) continue;
    const interval = differenceOf(evidence, variant, against);
    const lower = rule.differenceLow(variant, against, shown.tailOf(variant, against));
    const slow = shown.tooSlow.includes(against);
    rows.push({
      claim: slow
        ? `${against} is too slow to be held against ${variant}`
        : `${variant} is not worse than ${against} by ${Number(margin.toPrecision(3))} or more`,
      variant,
      against,
      estimate: rule.difference(variant, against),
      low: interval?.low ?? null,
      high: interval?.high ?? null,
      bound: lower,
      needed: -margin,
      n: mean.n,
      shown: slow || lower > -margin,
    });
  }
  return rows;
}

function speedRow(variant: string, maxP95: number, { n, p95, low, high }: LatencyBounds): EvidenceRow {
  return {
    claim: `${variant} gives 95 of 100 answers within ${maxP95} s`,
    variant,
    against: null,
    estimate: p95,
    low,
    high,
    bound: high,
    needed: maxP95,
    n,
    shown: high !== null && high <= maxP95,
  };
}
