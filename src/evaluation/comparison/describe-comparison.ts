import { benjaminiHochberg, holm } from '../metrics/statistics/multiple-testing.ts';
import type { ScoreRow } from '../score-row.ts';
import { clusterBootstrap } from '../statistics/cluster-bootstrap.ts';
import {
  type ClusterLayout,
  clusterLayout,
  clusterSums,
  weightedMean,
} from '../statistics/cluster-layout.ts';
import { clusterWilson } from '../statistics/cluster-wilson.ts';
import { signFlipTest } from '../statistics/sign-flip.ts';
import type { Comparison, Description } from './comparison.ts';
import { arrangeRows, matchSamples } from './match-samples.ts';

/** Describes a comparison of these rows by other methods; all by cluster, on the same matched samples. */
export function describeComparison(rows: readonly ScoreRow[], comparison: Comparison): Description {
  const { matched, layout } = matchedLayout(rows, comparison.metric);
  const tests = comparison.comparisons.map(({ variant, against }) =>
    signFlipTest(differencesOf(matched.values, variant, against), layout),
  );
  const { adjusted } = holm(tests.map(({ p }) => p));
  return {
    variants: comparison.variants.map(({ variant }) => ({
      variant,
      wilson: clusterWilson(matched.values.get(variant)!, layout, comparison.confidence),
    })),
    pairs: comparison.comparisons.map((pair, index) => ({
      variant: pair.variant,
      against: pair.against,
      p: tests[index]!.p,
      method: tests[index]!.method,
      adjusted: adjusted[index]!,
      bootstrap: bootstrapMean(
        differencesOf(matched.values, pair.variant, pair.against),
        layout,
        comparison.confidence,
      ),
      equivalentFrom: Math.max(Math.abs(pair.low), Math.abs(pair.high)),
    })),
  };
}

/** A difference on a metric that nothing is decided by. */
export interface OtherDifference {
  readonly metric: string;
  readonly variant: string;
  readonly against: string;
  readonly n: number;
  readonly difference: number;
  /** Two-sided p of the sign-flip test by cluster. */
  readonly p: number;
  /** The same, adjusted for all metrics and pairs (Benjamini-Hochberg). */
  readonly adjusted: number;
}

/**
 * Differences of the same pairs on every other metric that the rows hold, each on the samples that both have a score for.
 * A metric chosen after looking at these would need new samples.
 */
export function describeOtherMetrics(rows: readonly ScoreRow[], comparison: Comparison): OtherDifference[] {
  const metrics = [...new Set(rows.map((row) => row.metric))].sort();
  const found = metrics
    .filter((metric) => metric !== comparison.metric)
    .flatMap((metric) => {
      const table = arrangeRows(rows, metric);
      return comparison.comparisons.flatMap(({ variant, against }) => {
        const matched = matchSamples(table, [variant, against]);
        if (matched.samples.length === 0) return [];
        const layout = clusterLayout(matched.groups, matched.weights);
        const differences = differencesOf(matched.values, variant, against);
        const { p } = signFlipTest(differences, layout);
        return {
          metric,
          variant,
          against,
          n: matched.samples.length,
          difference: weightedMean(differences, layout),
          p,
        };
      });
    });
  const { adjusted } = benjaminiHochberg(found.map(({ p }) => p));
  return found.map((each, index) => ({ ...each, adjusted: adjusted[index]! }));
}

/** Says how far a variant that came out best of several is likely to be flattered; empty where that cannot be. */
export function winnersCurse(comparison: Comparison): string[] {
  const better = comparison.comparisons.some(({ verdict }) => verdict === 'better' || verdict === 'worse');
  if (comparison.variants.length < 3 || !better) return [];
  const best = comparison.variants.reduce((a, b) => (b.mean > a.mean ? b : a));
  return [
    `${best.variant} came out best of ${comparison.variants.length}, and what comes out best is on average flattered by luck: trust its interval, not its mean, and confirm it on samples that were held back.`,
  ];
}

function matchedLayout(rows: readonly ScoreRow[], metric: string) {
  const table = arrangeRows(rows, metric);
  const matched = matchSamples(table, table.variants);
  return { matched, layout: clusterLayout(matched.groups, matched.weights) };
}

function differencesOf(
  values: ReadonlyMap<string, readonly number[]>,
  variant: string,
  against: string,
): Float64Array {
  const other = values.get(against)!;
  return Float64Array.from(values.get(variant)!, (value, sample) => value - other[sample]!);
}

function bootstrapMean(differences: ArrayLike<number>, layout: ClusterLayout, confidence: number) {
  const sums = clusterSums(differences, layout);
  return clusterBootstrap(
    (clusters) => {
      let total = 0;
      let size = 0;
      for (const cluster of clusters) {
        total += sums[cluster]!;
        size += layout.sizes[cluster]!;
      }
      return total / size;
    },
    layout.count,
    confidence,
  );
}
