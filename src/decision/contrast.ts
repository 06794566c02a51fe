import {
  type ClusterLayout,
  clusterLayout,
  type DifferenceInterval,
  differenceInterval,
  matchSamples,
  poweredMean,
  type ScoreTable,
} from '../evaluation/index.ts';

/** A weighted sum of means with its interval, on the samples that all of its variants have a score for. */
export interface Contrast {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  readonly n: number;
  /** Of the labelled samples where people's labels correct it. */
  readonly clusters: number;
}

/** How a contrast is measured. */
export interface ContrastSettings {
  /** Error on each side. */
  readonly tail: number;
  /** Highest minus lowest value of the metric. */
  readonly width: number;
  /** Labels of people, which correct the scores; null where there are none. */
  readonly labels?: ScoreTable | null | undefined;
}

/**
 * The sum of `weights` times the means of variants, paired by sample and clustered. Weights that do not sum to 0 (a mean by itself) are
 * taken against 0, the lowest value of the metric being 0. Null where no sample is scored for all of them, or, with labels, none is labelled for all.
 */
export function contrastOf(
  table: ScoreTable,
  weights: Readonly<Record<string, number>>,
  { tail, width, labels }: ContrastSettings,
): Contrast | null {
  const names = Object.keys(weights);
  const matched = matchSamples(table, names);
  if (matched.samples.length === 0) return null;
  const sum = (sign: 1 | -1): number =>
    names.reduce((total, name) => total + Math.max(0, sign * weights[name]!), 0);
  // The largest value that the sum can take.
  const reach = Math.max(sum(1), sum(-1)) * width;
  const summed = (read: (name: string, index: number) => number | null): (number | null)[] =>
    matched.samples.map((_sample, index) => {
      let total = 0;
      for (const name of names) {
        const value = read(name, index);
        if (value === null) return null;
        total += weights[name]! * value;
      }
      return total / reach;
    });
  const values = Float64Array.from(
    summed((name, index) => matched.values.get(name)![index]!),
    (value) => value!,
  );
  const layout = clusterLayout(matched.groups, matched.weights);
  const labelled = labels
    ? summed((name, index) => labels.rows.get(name)?.get(matched.samples[index]!)?.value ?? null)
    : null;
  const found = labelled
    ? correctedContrast({ values, labelled, groups: matched.groups, layout }, tail)
    : { ...differenceInterval(values, layout, tail), clusters: layout.count };
  return (
    found && {
      estimate: found.difference * reach,
      low: found.low * reach,
      high: found.high * reach,
      n: matched.samples.length,
      clusters: found.clusters,
    }
  );
}

function correctedContrast(
  scores: {
    values: Float64Array;
    labelled: readonly (number | null)[];
    groups: readonly string[];
    layout: ClusterLayout;
  },
  tail: number,
): (DifferenceInterval & { clusters: number }) | null {
  const { values, labelled, groups, layout } = scores;
  const within = labelled.map((value) => (value === null ? null : Math.max(-1, Math.min(1, value))));
  const found = poweredMean({ judged: values, labelled: within, groups, layout });
  const clusters = new Set(groups.filter((_group, index) => within[index] !== null)).size;
  return found && { ...found.interval(tail), clusters };
}
