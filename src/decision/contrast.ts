import { clusterLayout, differenceInterval, matchSamples, type ScoreTable } from '../evaluation/index.ts';

/** A weighted sum of means with its interval, on the samples that all of its variants have a score for. */
export interface Contrast {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  readonly n: number;
  readonly clusters: number;
}

/** How a contrast is measured. */
export interface ContrastSettings {
  /** Error on each side. */
  readonly tail: number;
  /** Highest minus lowest value of the metric. */
  readonly width: number;
}

/**
 * The sum of `weights` times the means of variants, paired by sample and clustered. Weights that do not sum to 0 (a mean by itself) are
 * taken against 0, the lowest value of the metric being 0. Null where no sample is scored for all of them.
 */
export function contrastOf(
  table: ScoreTable,
  weights: Readonly<Record<string, number>>,
  { tail, width }: ContrastSettings,
): Contrast | null {
  const names = Object.keys(weights);
  const matched = matchSamples(table, names);
  if (matched.samples.length === 0) return null;
  const entries = names.map((name) => [weights[name]!, matched.values.get(name)!] as const);
  const sum = (sign: 1 | -1): number =>
    entries.reduce((total, [weight]) => total + Math.max(0, sign * weight), 0);
  // The largest value that the sum can take.
  const reach = Math.max(sum(1), sum(-1)) * width;
  const values = Float64Array.from(
    matched.samples,
    (_sample, index) => entries.reduce((total, [weight, own]) => total + weight * own[index]!, 0) / reach,
  );
  const layout = clusterLayout(matched.groups, matched.weights);
  const { difference, low, high } = differenceInterval(values, layout, tail);
  return {
    estimate: difference * reach,
    low: low * reach,
    high: high * reach,
    n: matched.samples.length,
    clusters: layout.count,
  };
}
