import type { ScoreRow } from '../score-row.ts';
import { clusterBootstrap } from '../statistics/cluster-bootstrap.ts';
import { clusterLayout } from '../statistics/cluster-layout.ts';

/** What is left of the errors of a variant when only its most confident answers are taken. */
export interface RiskCoverage {
  readonly variant: string;
  /** Scored samples that have a confidence, of all that are scored. */
  readonly n: number;
  readonly scored: number;
  /** By falling confidence: answers at or above `confidence` are `coverage` of all, and 1 - their mean score is `risk`. */
  readonly points: readonly {
    readonly confidence: number;
    readonly coverage: number;
    readonly risk: number;
  }[];
  /** Area under the curve (Geifman, Uziel & El-Yaniv 2019): mean risk over all coverages. The lower the better. */
  readonly area: number;
  /** BCa bootstrap interval of the area by cluster; null under 5 and above 4,000 clusters. */
  readonly interval: { readonly low: number; readonly high: number } | null;
  /** Risk when everything is answered: the area of a confidence that tells nothing is about as large. */
  readonly fullRisk: number;
}

interface Judged {
  readonly confidence: number;
  readonly loss: number;
  readonly weight: number;
  readonly cluster: number;
}

/**
 * Risk-coverage curves of the variants whose rows have a confidence, for a metric in [0, 1]; others are left out. Answers
 * of equal confidence are taken together, since no threshold can part them.
 */
export function riskCoverage(rows: readonly ScoreRow[], metric: string, confidence: number): RiskCoverage[] {
  const byVariant = Map.groupBy(
    rows.filter((row) => row.metric === metric && row.value !== null),
    (row) => row.variant,
  );
  return [...byVariant].sort().flatMap(([variant, scored]) => {
    const known = scored.filter((row) => typeof row.confidence === 'number');
    const unit = known.every(({ value }) => value! >= 0 && value! <= 1);
    const distinct = new Set(known.map((row) => row.confidence)).size;
    return distinct > 1 && unit ? [curveOf(variant, known, scored.length, confidence)] : [];
  });
}

function curveOf(
  variant: string,
  rows: readonly ScoreRow[],
  scored: number,
  confidence: number,
): RiskCoverage {
  const layout = clusterLayout(rows.map((row) => row.group ?? row.sample));
  const judged = rows
    .map(
      (row, index): Judged => ({
        confidence: row.confidence!,
        loss: 1 - row.value!,
        weight: row.weight ?? 1,
        cluster: layout.indexes[index]!,
      }),
    )
    .sort((a, b) => b.confidence - a.confidence);
  const points = pointsOf(judged, new Float64Array(layout.count).fill(1));
  const resampled = (clusters: readonly number[]): number => {
    const copies = new Float64Array(layout.count);
    for (const cluster of clusters) copies[cluster]! += 1;
    return areaOf(pointsOf(judged, copies));
  };
  return {
    variant,
    n: rows.length,
    scored,
    points,
    area: areaOf(points),
    interval: clusterBootstrap(resampled, layout.count, confidence, 1000),
    fullRisk: points.at(-1)!.risk,
  };
}

function pointsOf(
  judged: readonly Judged[],
  copies: ArrayLike<number>,
): { confidence: number; coverage: number; risk: number }[] {
  const total = judged.reduce((sum, each) => sum + copies[each.cluster]! * each.weight, 0);
  const points = [];
  let taken = 0;
  let lost = 0;
  for (const [index, each] of judged.entries()) {
    const weight = copies[each.cluster]! * each.weight;
    taken += weight;
    lost += weight * each.loss;
    const last = judged[index + 1]?.confidence !== each.confidence;
    if (last && taken > 0)
      points.push({ confidence: each.confidence, coverage: taken / total, risk: lost / taken });
  }
  return points;
}

function areaOf(points: readonly { coverage: number; risk: number }[]): number {
  let before = 0;
  return points.reduce((area, { coverage, risk }) => {
    const part = (coverage - before) * risk;
    before = coverage;
    return area + part;
  }, 0);
}
