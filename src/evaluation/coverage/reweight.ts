import { upperMean } from '../statistics/bounded-mean.ts';
import { clusterLayout } from '../statistics/cluster-layout.ts';
import { inferRange, scaleToUnit } from '../statistics/metric-range.ts';

/**
 * Weights that give topics of a test set the shares they have in traffic, 1 on average. Topics without a sample cannot be
 * weighted up: the shares of the others are scaled to 1.
 * @param topics of the samples.
 * @param trafficShares by topic.
 */
export function topicWeights(topics: readonly number[], trafficShares: readonly number[]): number[] {
  const counts = new Map<number, number>();
  for (const topic of topics) counts.set(topic, (counts.get(topic) ?? 0) + 1);
  const covered = [...counts.keys()].reduce((sum, topic) => sum + (trafficShares[topic] ?? 0), 0);
  if (covered === 0) return topics.map(() => 1);
  return topics.map((topic) => ((trafficShares[topic] ?? 0) / covered / counts.get(topic)!) * topics.length);
}

/** Independent samples that weighted ones are worth (Kish). */
export function kishEffective(weights: readonly number[]): number {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const squares = weights.reduce((total, weight) => total + weight * weight, 0);
  return squares === 0 ? 0 : (sum * sum) / squares;
}

/**
 * Weighted mean with a two-sided 95 % interval that respects clusters: the bounds of `upperMean` for weight times value and
 * weight times shortfall. Weights are taken as known; they are scaled to 1 on average over the values given.
 */
export function weightedMean(
  values: readonly number[],
  weights: readonly number[],
  clusters: readonly string[],
): { mean: number | null; low: number | null; high: number | null } {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (values.length === 0 || total === 0) return { mean: null, low: null, high: null };
  const scaled = weights.map((weight) => (weight * values.length) / total);
  const largest = scaled.reduce((a, b) => Math.max(a, b));
  const range = inferRange(values);
  const unit = scaleToUnit(values, range);
  const layout = clusterLayout(clusters);
  const bound = (of: (value: number) => number): number =>
    Math.min(
      1,
      largest *
        upperMean(
          scaled.map((weight, at) => (weight * of(unit[at]!)) / largest),
          layout,
          0.025,
        ),
    );
  const back = (value: number): number => range.low + value * (range.high - range.low);
  return {
    mean: values.reduce((sum, value, at) => sum + value * scaled[at]!, 0) / values.length,
    low: back(1 - bound((value) => 1 - value)),
    high: back(bound((value) => value)),
  };
}
