import { clusterLayout, clusterSums, matchSamples, type ScoreTable } from '../evaluation/index.ts';

/** Means of the arms on a part of the samples, and how well they are known. */
export interface LabelStratum {
  readonly name: string;
  /** Its share of the samples, weights included. */
  readonly share: number;
  readonly n: number;
  /** From 0 to 1, in the order of the arms. */
  readonly means: readonly number[];
  /** Covariance of the means, clustered. */
  readonly covariance: readonly (readonly number[])[];
}

/** Samples under which a stratum is put together with the rest. */
const fewestSamples = 10;

/** Stratum of samples without a tag, and of tags that few samples have. */
export const restStratum = '(other)';

/**
 * Strata of the samples that all `arms` are scored for: a sample belongs to its first tag. Each mean's variance has that of one
 * imagined sample added (.25 / (n + 1) / n), so that ten right answers of ten do not count as certainty.
 */
export function labelStrata(
  table: ScoreTable,
  arms: readonly string[],
  range: { low: number; high: number },
): LabelStratum[] {
  const matched = matchSamples(table, arms);
  const tagOf = (sample: string): string =>
    table.rows.get(arms[0] ?? '')?.get(sample)?.tags?.[0] ?? restStratum;
  const byTag = Map.groupBy(matched.samples.keys(), (index) => tagOf(matched.samples[index]!));
  const strata = new Map<string, number[]>();
  for (const [tag, indexes] of byTag) {
    const name = indexes.length < fewestSamples ? restStratum : tag;
    strata.set(name, [...(strata.get(name) ?? []), ...indexes]);
  }
  const weightOf = (index: number): number => matched.weights?.[index] ?? 1;
  const total = [...matched.samples.keys()].reduce((sum, index) => sum + weightOf(index), 0);
  const width = range.high - range.low;
  return [...strata]
    .filter(([, indexes]) => indexes.length >= 2)
    .map(([name, indexes]) => {
      const layout = clusterLayout(
        indexes.map((index) => matched.groups[index]!),
        matched.weights && indexes.map(weightOf),
      );
      const columns = arms.map((arm) =>
        indexes.map((index) => (matched.values.get(arm)![index]! - range.low) / width),
      );
      const sums = columns.map((column) => clusterSums(column, layout));
      const means = sums.map((column) => column.reduce((sum, value) => sum + value, 0) / layout.samples);
      const residuals = sums.map((column, arm) =>
        column.map((value, cluster) => value - means[arm]! * layout.sizes[cluster]!),
      );
      const n = indexes.length;
      const correction = layout.count > 1 ? layout.count / (layout.count - 1) : 1;
      return {
        name: strata.size === 1 && name === restStratum ? 'all samples' : name,
        share: indexes.reduce((sum, index) => sum + weightOf(index), 0) / total,
        n,
        means,
        covariance: residuals.map((first, row) =>
          residuals.map((second, column) => {
            const product = first.reduce((sum, value, cluster) => sum + value * second[cluster]!, 0);
            return (correction * product) / n ** 2 + (row === column ? 0.25 / (n + 1) / n : 0);
          }),
        ),
      };
    });
}
