import { bettingInterval } from '../statistics/betting.ts';
import { effectiveSample } from '../statistics/bounded-mean.ts';
import { type ClusterLayout, clusterLayout, clusterSums } from '../statistics/cluster-layout.ts';
import { type DifferenceInterval, differenceInterval } from '../statistics/difference-interval.ts';
import { meanIntervalOf } from '../statistics/mean-interval.ts';
import { inferRange, type MetricRange, scaleToUnit } from '../statistics/metric-range.ts';
import { alphaForLook, type LookPlan } from './look-plan.ts';
import type { MatchedScores } from './match-samples.ts';

/** Under this number of clusters there are intervals but no verdicts. */
export const fewestClusters = 30;

/** And under this effective number of them, where a few hold most of the samples. */
export const fewestEffectiveClusters = 15;

/** Whether there are clusters enough for a verdict. */
export function clustersSuffice({
  count,
  effectiveCount,
}: Pick<ClusterLayout, 'count' | 'effectiveCount'>): boolean {
  // A sum of squares may be off by rounding: 15 equal clusters are 15.
  return count >= fewestClusters && effectiveCount >= fewestEffectiveClusters - 1e-9;
}

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

/** How the bounds of a comparison are made. */
export interface BoundsOptions {
  readonly confidence: number;
  readonly look: number;
  /** Looks that were declared beforehand; without a plan their number is open. */
  readonly plan?: LookPlan | null | undefined;
  /** Confidence sequences instead of looks: valid at every time. `look` and `plan` play no part. */
  readonly sequential?: boolean | undefined;
  readonly range?: MetricRange | undefined;
  /** Intervals that the caller adds with the same `tail`; they share the error. */
  readonly further?: number | undefined;
}

/**
 * Bounds for the means of all variants and for the differences of `pairs`, from matched samples. The error of the look
 * is split evenly over all of them (Bonferroni), half on each side; that holds whatever their dependence.
 */
export function simultaneousBounds(
  matched: MatchedScores,
  pairs: readonly (readonly [variant: string, against: string])[],
  options: BoundsOptions,
): SimultaneousBounds {
  const layout = clusterLayout(matched.groups, matched.weights);
  const { sequential = false } = options;
  const error = 1 - options.confidence;
  const alpha = sequential ? error : alphaForLook(error, options.look, options.plan);
  const statements = matched.values.size + pairs.length + (options.further ?? 0);
  const tail = alpha / statements / 2;
  const range = options.range ?? inferRange([...matched.values.values()].flat());
  const width = range.high - range.low;
  const interval = sequential ? sequenceOf(matched, layout) : fixedIntervals(layout);
  return {
    confidence: options.confidence,
    confidenceOfLook: 1 - alpha,
    statements,
    tail,
    layout,
    range,
    means: [...matched.values].map(([variant, values]) => {
      const unit = scaleToUnit(values, range);
      const { mean, low, high } = interval.mean(unit, values, tail, range);
      const shortfall = unit.map((value) => 1 - value);
      return {
        variant,
        mean,
        low,
        high,
        trialsPerSample: effectiveSample(shortfall, layout, tail).trials / layout.samples,
      };
    }),
    pairs: pairs.map(([variant, against]) => {
      const a = matched.values.get(variant)!;
      const b = matched.values.get(against)!;
      const scaled = Float64Array.from(a).map((value, sample) => (value - b[sample]!) / width);
      const { difference, low, high } = interval.difference(scaled, tail);
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

/** Makes the interval of a mean and of a mean difference at an error of `tail` on each side. */
interface IntervalMethod {
  mean(
    unit: Float64Array,
    values: readonly number[],
    tail: number,
    range: MetricRange,
  ): { mean: number; low: number; high: number };
  difference(scaled: Float64Array, tail: number): DifferenceInterval;
}

function fixedIntervals(layout: ClusterLayout): IntervalMethod {
  return {
    mean(_unit, values, tail, range) {
      const { mean, low, high } = meanIntervalOf(values, layout, tail, range);
      return { mean: mean ?? Number.NaN, low: low ?? range.low, high: high ?? range.high };
    },
    difference: (scaled, tail) => differenceInterval(scaled, layout, tail),
  };
}

/** Betting intervals of the means of clusters, in the order in which the clusters arrived; every cluster counts the same. */
function sequenceOf(matched: MatchedScores, layout: ClusterLayout): IntervalMethod {
  const numbers = new Map<string, number>();
  for (const [sample, group] of matched.groups.entries()) numbers.set(group, layout.indexes[sample]!);
  const order = matched.arrival.flatMap((group) => numbers.get(group) ?? []);
  const clusterMeans = (values: ArrayLike<number>): Float64Array => {
    const sums = clusterSums(values, layout);
    return Float64Array.from(order, (cluster) => sums[cluster]! / layout.sizes[cluster]!);
  };
  return {
    mean(unit, _values, tail, { low, high }) {
      const found = bettingInterval(clusterMeans(unit), tail);
      const back = (value: number): number => low + value * (high - low);
      return { mean: back(found.mean), low: back(found.low), high: back(found.high) };
    },
    difference(scaled, tail) {
      const found = bettingInterval(
        clusterMeans(scaled).map((value) => (value + 1) / 2),
        tail,
      );
      return { difference: 2 * found.mean - 1, low: 2 * found.low - 1, high: 2 * found.high - 1 };
    },
  };
}
