import type { ScoreRow } from '../score-row.ts';
import { clusterLayout, weightedMean } from '../statistics/cluster-layout.ts';
import { differenceInterval } from '../statistics/difference-interval.ts';
import { inferRange, knownRange } from '../statistics/metric-range.ts';
import { arrangeRows, type MatchedScores, matchSamples } from './match-samples.ts';

/** Under this number of clusters a slice has no interval: intervals were checked from here on. */
export const fewestSliceClusters = 15;

/** Difference of two variants on the samples of one tag. */
export interface SliceDifference {
  readonly variant: string;
  readonly against: string;
  readonly difference: number;
  /** Null for a slice with too few clusters. */
  readonly low: number | null;
  readonly high: number | null;
}

/** The samples of one tag. */
export interface Slice {
  readonly tag: string;
  readonly n: number;
  readonly clusters: number;
  readonly means: readonly { readonly variant: string; readonly mean: number }[];
  readonly differences: readonly SliceDifference[];
}

/** All slices of a comparison. The intervals of all of them hold together. */
export interface Slices {
  readonly slices: readonly Slice[];
  /** Intervals that share the error. */
  readonly statements: number;
  readonly confidence: number;
}

/**
 * Means and differences by tag, on the samples that all variants have a score for, the largest slices first. The error
 * `1 - confidence` is split over every interval of every slice, so that looking at many of them does not find differences that are
 * not there. It is an error of its own, beside that of the verdict: a slice tells where to look, and decides nothing.
 */
export function compareSlices(
  rows: readonly ScoreRow[],
  metric: string,
  pairs: readonly (readonly [variant: string, against: string])[],
  confidence: number,
): Slices {
  const table = arrangeRows(rows, metric);
  const matched = matchSamples(table, table.variants);
  const tags = tagsOfSamples(rows, metric);
  const names = [...new Set(matched.samples.flatMap((sample) => tags.get(sample) ?? []))].sort();
  const parts = names.map((tag) => ({
    tag,
    part: partOf(matched, (sample) => tags.get(sample)?.includes(tag) ?? false),
  }));
  const enough = parts.filter(({ part }) => new Set(part.groups).size >= fewestSliceClusters);
  const statements = enough.length * pairs.length;
  const tail = (1 - confidence) / Math.max(1, statements) / 2;
  const range = knownRange(metric) ?? inferRange([...matched.values.values()].flat());
  const width = range.high - range.low;
  const slices = parts.map(({ tag, part }): Slice => {
    const layout = clusterLayout(part.groups, part.weights);
    return {
      tag,
      n: part.samples.length,
      clusters: layout.count,
      means: [...part.values].map(([variant, values]) => ({ variant, mean: weightedMean(values, layout) })),
      differences: pairs.map(([variant, against]) => {
        const other = part.values.get(against)!;
        const scaled = part.values.get(variant)!.map((value, sample) => (value - other[sample]!) / width);
        const { difference, low, high } = differenceInterval(scaled, layout, tail);
        const known = layout.count >= fewestSliceClusters;
        return {
          variant,
          against,
          difference: difference * width,
          low: known ? low * width : null,
          high: known ? high * width : null,
        };
      }),
    };
  });
  return { slices: slices.sort((a, b) => b.n - a.n || (a.tag < b.tag ? -1 : 1)), statements, confidence };
}

function tagsOfSamples(rows: readonly ScoreRow[], metric: string): Map<string, readonly string[]> {
  const tags = new Map<string, readonly string[]>();
  for (const row of rows) if (row.metric === metric && row.tags) tags.set(row.sample, row.tags);
  return tags;
}

function partOf(matched: MatchedScores, isIn: (sample: string) => boolean): MatchedScores {
  const inside = matched.samples.map(isIn);
  const keep = <Item>(items: readonly Item[]): Item[] => items.filter((_item, index) => inside[index]);
  return {
    ...matched,
    samples: keep(matched.samples),
    groups: keep(matched.groups),
    weights: matched.weights && keep(matched.weights),
    values: new Map([...matched.values].map(([variant, values]) => [variant, keep(values)])),
  };
}
