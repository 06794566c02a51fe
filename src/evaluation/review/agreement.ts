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

/**
 * Cohen's kappa (1960) of two raters over the items that both rated: (po - pe) / (1 - pe) with the chance agreement pe from
 * each one's own shares. Not defined where both always name one and the same category.
 */
export function cohenKappa(ratings: readonly Rating[], a: string, b: string): PairAgreement {
  const ofA = new Map(ratings.filter(({ rater }) => rater === a).map((each) => [each.item, each.category]));
  const pairs = ratings
    .filter(({ rater, item }) => rater === b && ofA.has(item))
    .map(({ item, category }) => [ofA.get(item) as string, category] as const);
  const items = pairs.length;
  const base = { raters: [a, b] as const, items };
  if (items === 0) return { ...base, observed: null, value: null, reason: 'no-shared-items' };
  const observed = pairs.filter(([first, second]) => first === second).length / items;
  const share = (side: 0 | 1, category: string): number =>
    pairs.filter((pair) => pair[side] === category).length / items;
  const expected = [...new Set(pairs.flat())].reduce(
    (sum, category) => sum + share(0, category) * share(1, category),
    0,
  );
  if (expected === 1) return { ...base, observed, value: null, reason: 'one-category' };
  return { ...base, observed, value: (observed - expected) / (1 - expected), reason: null };
}

/**
 * Krippendorff's alpha for nominal categories over any number of raters, missing ratings left out: 1 - Do / De from the matrix
 * of coincidences (Krippendorff, Computing Krippendorff's alpha-reliability, 2011). Items with one rating play no part.
 */
export function krippendorffAlpha(ratings: readonly Rating[]): Agreement {
  const units = [...Map.groupBy(ratings, ({ item }) => item).values()]
    .map((unit) => unit.map(({ category }) => category))
    .filter((unit) => unit.length >= 2);
  const items = units.length;
  if (items === 0) return { value: null, items, reason: 'no-shared-items' };
  const totals = new Map<string, number>();
  let values = 0;
  let disagreeing = 0;
  for (const unit of units) {
    values += unit.length;
    for (const [index, category] of unit.entries()) {
      totals.set(category, (totals.get(category) ?? 0) + 1);
      const others = unit.filter((other, at) => at !== index && other !== category).length;
      disagreeing += others / (unit.length - 1);
    }
  }
  const chance = [...totals.values()].reduce((sum, count) => sum + count * (values - count), 0);
  if (chance === 0) return { value: null, items, reason: 'one-category' };
  return { value: 1 - ((values - 1) * disagreeing) / chance, items, reason: null };
}

/** Kappa of every pair of raters and alpha over all of them, raters in alphabetical order. */
export function measureAgreement(ratings: readonly Rating[]): { alpha: Agreement; pairs: PairAgreement[] } {
  const raters = [...new Set(ratings.map(({ rater }) => rater))].sort();
  const pairs = raters.flatMap((a, index) => raters.slice(index + 1).map((b) => cohenKappa(ratings, a, b)));
  return { alpha: krippendorffAlpha(ratings), pairs };
}
