import { cohenKappa, krippendorffAlpha } from '../metrics/classification/agreement.ts';

/** What one rater called one thing. */
export interface Rating {
  readonly item: string;
  readonly rater: string;
  readonly category: string;
}

/** An agreement with what it rests on; `value` is null where it is not defined, with the reason. */
export interface Agreement {
  readonly value: number | null;
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

/** Cohen's kappa of two raters over the items that both rated; not defined where both always name the same category. */
export function kappaOf(ratings: readonly Rating[], a: string, b: string): PairAgreement {
  const ofA = new Map(ratings.filter(({ rater }) => rater === a).map((each) => [each.item, each.category]));
  const pairs = ratings
    .filter(({ rater, item }) => rater === b && ofA.has(item))
    .map(({ item, category }) => [ofA.get(item) as string, category] as const);
  const items = pairs.length;
  const base = { raters: [a, b] as const, items };
  if (items === 0) return { ...base, observed: null, value: null, reason: 'no-shared-items' };
  const observed = pairs.filter(([first, second]) => first === second).length / items;
  const value = cohenKappa(
    pairs.map(([first]) => first),
    pairs.map(([, second]) => second),
  );
  return { ...base, observed, value, reason: value === null ? 'one-category' : null };
}

/** Krippendorff's alpha for nominal categories over any number of raters. Items with one rating play no part. */
export function alphaOf(ratings: readonly Rating[]): Agreement {
  const byItem = [...Map.groupBy(ratings, ({ item }) => item).values()];
  const items = byItem.filter((unit) => unit.length >= 2).length;
  if (items === 0) return { value: null, items, reason: 'no-shared-items' };
  const raters = [...new Set(ratings.map(({ rater }) => rater))];
  const table = raters.map((rater) =>
    byItem.map((unit) => unit.find((each) => each.rater === rater)?.category ?? null),
  );
  const value = krippendorffAlpha(table, 'nominal');
  return { value, items, reason: value === null ? 'one-category' : null };
}

/** Kappa of every pair of raters and alpha over all of them, raters in alphabetical order. */
export function measureAgreement(ratings: readonly Rating[]): { alpha: Agreement; pairs: PairAgreement[] } {
  const raters = [...new Set(ratings.map(({ rater }) => rater))].sort();
  const pairs = raters.flatMap((a, index) => raters.slice(index + 1).map((b) => kappaOf(ratings, a, b)));
  return { alpha: alphaOf(ratings), pairs };
}
