import { effectiveSample } from '../statistics/bounded-mean.ts';
import { type ClusterLayout, clusterLayout } from '../statistics/cluster-layout.ts';
import { differenceInterval } from '../statistics/difference-interval.ts';
import { meanIntervalOf } from '../statistics/mean-interval.ts';
import { inferRange, type MetricRange, scaleToUnit } from '../statistics/metric-range.ts';
import type { MatchedScores } from './match-samples.ts';

/** Under this number of clusters there are intervals but no verdicts. */
export const fewestClusters = 30;

/** Bounds of the mean of one variant. */
export interface MeanBounds {
  readonly variant: string;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  /** Independent yes/no trials that one sample is worth for its lower bound; what samples are planned with. */
  readonly trialsPerSample: number;
}

/** Bounds of the mean of `variant` - `against` over the matched samples. */
export interface PairBounds {
  readonly variant: string;
  readonly against: string;
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  /** Paired differences in units of the metric's range. */
  readonly scaled: Float64Array;
}

/** Everything that is stated about one set of variants; all of it holds at once with the stated confidence. */
export interface SimultaneousBounds {
  readonly confidence: number;
  /** Confidence left after paying for earlier looks. */
  readonly confidenceOfLook: number;
  /** Number of statements that share the error. */
  readonly statements: number;
  /** Error on each side of each interval. */
  readonly tail: number;
  readonly layout: ClusterLayout;
  readonly range: MetricRange;
  readonly means: readonly MeanBounds[];
  readonly pairs: readonly PairBounds[];
}

/** Share of the error that the first look may spend. */
const firstLookShare = 0.8;

/**
 * Part of the error `alpha` that the k-th look (from 1) may spend: 80 % on the first, and of the remaining 20 % the
 * share 6 / (pi (k - 1))^2 on each later one. The parts of all looks add up to alpha, so their number need not be
 * planned.
 */
export function alphaForLook(alpha: number, look: number): number {
  if (look <= 1) return alpha * firstLookShare;
  return (alpha * (1 - firstLookShare) * 6) / (Math.PI * (look - 1)) ** 2;
}

/**
 * Bounds for the means of all variants and for the differences of `pairs`, from matched samples. The error of the look
 * is split evenly over all of them (Bonferroni), half on each side; that holds whatever their dependence.
 */
export function simultaneousBounds(
  matched: MatchedScores,
  pairs: readonly (readonly [variant: string, against: string])[],
  options: {
    confidence: number;
    look: number;
    range?: MetricRange | undefined;
    /** Intervals that the caller adds with the same `tail`; they share the error. */
    further?: number | undefined;
  },
): SimultaneousBounds {
  const layout = clusterLayout(matched.groups);
  const alpha = alphaForLook(1 - options.confidence, options.look);
  const statements = matched.values.size + pairs.length + (options.further ?? 0);
  const tail = alpha / statements / 2;
  const range = options.range ?? inferRange([...matched.values.values()].flat());
  const width = range.high - range.low;
  return {
    confidence: options.confidence,
    confidenceOfLook: 1 - alpha,
    statements,
    tail,
    layout,
    range,
    means: [...matched.values].map(([variant, values]) => {
      const { mean, low, high } = meanIntervalOf(values, layout, tail, range);
      const shortfall = scaleToUnit(values, range).map((value) => 1 - value);
      return {
        variant,
        mean: mean ?? Number.NaN,
        low: low ?? range.low,
        high: high ?? range.high,
        trialsPerSample: effectiveSample(shortfall, layout, tail).trials / layout.samples,
      };
    }),
    pairs: pairs.map(([variant, against]) => {
      const a = matched.values.get(variant)!;
      const b = matched.values.get(against)!;
      const scaled = Float64Array.from(a, (value, sample) => (value - b[sample]!) / width);
      const { difference, low, high } = differenceInterval(scaled, layout, tail);
      return {
        variant,
        against,
        difference: difference * width,
        low: low * width,
        high: high * width,
        scaled,
      };
    }),
  };
}
