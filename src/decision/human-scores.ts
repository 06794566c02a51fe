import {
  arrangeRows,
  fewestClusters,
  type MatchedScores,
  type PoweredMean,
  poweredMean,
  type ScoreRow,
  type ScoreTable,
  type SimultaneousBounds,
  scaleToUnit,
} from '../evaluation/index.ts';
import type { RuleBounds, RuleScores } from './rule-bounds.ts';

/** Metric of what people say of the same answers, on samples drawn at random; scores are corrected by it. */
export const humanMetric = 'human';

/** Labels of people by variant, in the order of the samples that a decision rests on. */
export interface HumanScores {
  readonly labelled: ReadonlyMap<string, readonly (number | null)[]>;
  /** Samples that are labelled for all variants. */
  readonly n: number;
  /** Groups among them; under 30 nothing is named. */
  readonly clusters: number;
  readonly enough: boolean;
}

/** Null where no row is a label. Throws `run-mismatch` for two labels of one answer. */
export function humanScores(
  rows: readonly ScoreRow[],
  table: ScoreTable,
  variants: readonly string[],
  matched: Pick<MatchedScores, 'samples' | 'groups'>,
): HumanScores | null {
  const labels = rows.filter((row) => row.metric === humanMetric && row.value !== null);
  if (table.metric === humanMetric || labels.length === 0) return null;
  const byVariant = arrangeRows(labels, humanMetric).rows;
  const labelled = new Map(
    variants.map((variant) => [
      variant,
      matched.samples.map((sample) => byVariant.get(variant)?.get(sample)?.value ?? null),
    ]),
  );
  const common = [...matched.samples.keys()].filter((index) =>
    variants.every((variant) => labelled.get(variant)![index] !== null),
  );
  const clusters = new Set(common.map((index) => matched.groups[index])).size;
  return { labelled, n: common.length, clusters, enough: clusters >= fewestClusters };
}

/** Bounds of a comparison as people would see it; those of a pair that nobody labelled are the whole range. */
export function correctBounds(
  bounds: SimultaneousBounds,
  matched: MatchedScores,
  human: HumanScores,
): SimultaneousBounds {
  const corrected = correctedIntervals(bounds.layout, matched.groups, bounds.range, human, (variant) =>
    scaleToUnit(matched.values.get(variant)!, bounds.range),
  );
  return {
    ...bounds,
    means: bounds.means.map((mean) => {
      const { difference, low, high } = corrected.mean(mean.variant, bounds.tail);
      return { ...mean, mean: difference, low, high };
    }),
    pairs: bounds.pairs.map((pair) => ({
      ...pair,
      ...corrected.difference(pair.variant, pair.against, bounds.tail),
    })),
  };
}

/** Bounds of the rule as people would see it. Answers that ended in an error are taken as bad, and as good, as can be. */
export function boundsOfHuman(scores: RuleScores, human: HumanScores): RuleBounds {
  const { layout, groups, range, worst, errors } = scores;
  const corrected = correctedIntervals(layout, groups, range, human, (variant) => worst.get(variant)!);
  const share = (...variants: string[]): number =>
    variants.reduce((sum, variant) => sum + (errors.get(variant) ?? 0), 0) / layout.samples;
  const width = range.high - range.low;
  return {
    meanLow: (variant, tail) => corrected.mean(variant, tail).low - width * share(variant),
    meanHigh: (variant, tail) => corrected.mean(variant, tail).high + width * share(variant),
    mean: (variant) => corrected.meanOf(variant),
    difference: (variant, against) => corrected.differenceOf(variant, against),
    differenceLow: (variant, against, tail) =>
      corrected.difference(variant, against, tail).low - width * share(variant, against),
  };
}

function correctedIntervals(
  layout: SimultaneousBounds['layout'],
  groups: readonly string[],
  range: SimultaneousBounds['range'],
  { labelled }: HumanScores,
  valuesOf: (variant: string) => Float64Array,
) {
  const width = range.high - range.low;
  const unit = (value: number | null): number | null =>
    value === null ? null : Math.max(0, Math.min(1, (value - range.low) / width));
  const own = (variant: string): PoweredMean | null =>
    poweredMean({ judged: valuesOf(variant), labelled: labelled.get(variant)!.map(unit), groups, layout });
  const paired = (variant: string, against: string): PoweredMean | null => {
    const [first, second] = [valuesOf(variant), valuesOf(against)];
    const other = labelled.get(against)!;
    return poweredMean({
      judged: first.map((value, sample) => value - second[sample]!),
      labelled: labelled.get(variant)!.map((value, sample) => {
        const [mine, theirs] = [unit(value), unit(other[sample] ?? null)];
        return mine === null || theirs === null ? null : mine - theirs;
      }),
      groups,
      layout,
    });
  };
  const made = new Map<string, PoweredMean | null>();
  const once = (key: string, make: () => PoweredMean | null): PoweredMean | null => {
    if (!made.has(key)) made.set(key, make());
    return made.get(key) ?? null;
  };
  const meanFor = (variant: string) => once(JSON.stringify([variant]), () => own(variant));
  const pairFor = (variant: string, against: string) =>
    once(JSON.stringify([variant, against]), () => paired(variant, against));
  const place = (value: number): number => range.low + width * Math.max(0, Math.min(1, value));
  return {
    meanOf: (variant: string) => place(meanFor(variant)?.mean ?? 0),
    differenceOf: (variant: string, against: string) => width * (pairFor(variant, against)?.mean ?? -1),
    mean(variant: string, tail: number) {
      const found = meanFor(variant)?.interval(tail);
      if (!found) return { difference: Number.NaN, low: range.low, high: range.high };
      return { difference: place(found.difference), low: place(found.low), high: place(found.high) };
    },
    difference(variant: string, against: string, tail: number) {
      const found = pairFor(variant, against)?.interval(tail);
      if (!found) return { difference: 0, low: -width, high: width };
      return { difference: width * found.difference, low: width * found.low, high: width * found.high };
    },
  };
}
