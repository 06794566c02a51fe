import { cohenKappa, krippendorffAlpha } from '../metrics/classification/agreement.ts';
import { agreementInterval } from '../statistics/agreement-interval.ts';
import { clusterLayout } from '../statistics/cluster-layout.ts';

/** What one rater called one thing. */
export interface Rating {
  readonly item: string;
  readonly rater: string;
  readonly category: string;
  /** Items of one group are not independent; the item itself by default. */
  readonly group?: string | undefined;
}

/** An agreement with what it rests on; `value` is null where it is not defined, with the reason. */
export interface Agreement {
  readonly value: number | null;
  /** 95 % interval of the value, clustered by group; null where that is. */
  readonly interval: { readonly low: number; readonly high: number } | null;
  /** Items that two raters or more have rated. */
  readonly items: number;
  readonly reason: 'no-shared-items' | 'one-category' | null;
}

/** Agreement of two raters. */
export interface PairAgreement extends Agreement {
  readonly raters: readonly [string, string];
  /** Share of shared items with the same category; null without any. */
  readonly observed: number | null;
}

/** Error on each side of an interval. */
const tail = 0.025;

/** Cohen's kappa of two raters over the items that both rated; not defined where both always name the same category. */
export function kappaOf(ratings: readonly Rating[], a: string, b: string): PairAgreement {
  const ofA = new Map(ratings.filter(({ rater }) => rater === a).map((each) => [each.item, each.category]));
  const pairs = ratings
    .filter(({ rater, item }) => rater === b && ofA.has(item))
    .map(({ item, category, group }) => ({
      first: ofA.get(item) as string,
      second: category,
      group: group ?? item,
    }));
  const items = pairs.length;
  const base = { raters: [a, b] as const, items };
  if (items === 0) return { ...base, observed: null, value: null, interval: null, reason: 'no-shared-items' };
  const differ = pairs.map(({ first, second }) => Number(first !== second));
  const observed = 1 - differ.reduce((sum, each) => sum + each, 0) / items;
  const value = cohenKappa(
    pairs.map(({ first }) => first),
    pairs.map(({ second }) => second),
  );
  if (value === null) return { ...base, observed, value, interval: null, reason: 'one-category' };
  const seconds = countsOf(pairs.map(({ second }) => second));
  const alike = [...countsOf(pairs.map(({ first }) => first))].reduce(
    (sum, [category, count]) => sum + (count * (seconds.get(category) ?? 0)) / items ** 2,
    0,
  );
  const layout = clusterLayout(pairs.map(({ group }) => group));
  return {
    ...base,
    observed,
    value,
    interval: agreementInterval(differ, layout, 1 - alike, tail),
    reason: null,
  };
}

/** Krippendorff's alpha for nominal categories over any number of raters. Items with one rating play no part. */
export function alphaOf(ratings: readonly Rating[]): Agreement {
  const byItem = [...Map.groupBy(ratings, ({ item }) => item).values()];
  const shared = byItem.filter((unit) => unit.length >= 2);
  const items = shared.length;
  if (items === 0) return { value: null, interval: null, items, reason: 'no-shared-items' };
  const raters = [...new Set(ratings.map(({ rater }) => rater))];
  const table = raters.map((rater) =>
    byItem.map((unit) => unit.find((each) => each.rater === rater)?.category ?? null),
  );
  const value = krippendorffAlpha(table, 'nominal');
  if (value === null) return { value, interval: null, items, reason: 'one-category' };
  const differ = shared.map((unit) => differingPairs(unit.map(({ category }) => category)));
  const sizes = shared.map((unit) => unit.length);
  const layout = clusterLayout(
    shared.map(([first]) => first!.group ?? first!.item),
    sizes.some((size) => size !== sizes[0]) ? sizes : null,
  );
  const chance = differingPairs(shared.flat().map(({ category }) => category));
  return { value, interval: agreementInterval(differ, layout, chance, tail), items, reason: null };
}

function countsOf(categories: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const category of categories) counts.set(category, (counts.get(category) ?? 0) + 1);
  return counts;
}

/** Share of the pairs of these that differ. */
function differingPairs(categories: readonly string[]): number {
  const n = categories.length;
  const alike = [...countsOf(categories).values()].reduce((sum, count) => sum + count * (count - 1), 0);
  return 1 - alike / (n * (n - 1));
}

/** Kappa of every pair of raters and alpha over all of them, raters in alphabetical order. */
export function measureAgreement(ratings: readonly Rating[]): { alpha: Agreement; pairs: PairAgreement[] } {
  const raters = [...new Set(ratings.map(({ rater }) => rater))].sort();
  const pairs = raters.flatMap((a, index) => raters.slice(index + 1).map((b) => kappaOf(ratings, a, b)));
  return { alpha: alphaOf(ratings), pairs };
}
