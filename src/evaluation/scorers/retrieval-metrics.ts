/**
 * One relevant thing of a ranking: what the hit at some rank newly brings. `gains[i]` is the grade of the gold items
 * that rank i + 1 is the first to cover (0 where it brings nothing new), `newItems[i]` their number.
 */
export interface Ranking {
  readonly gains: readonly number[];
  readonly newItems: readonly number[];
  /** Whether the hit at a rank is relevant at all, counted before or not. */
  readonly relevant: readonly boolean[];
  /** Grades of all gold items. */
  readonly gold: readonly number[];
}

/** 1 when one of the first k hits is relevant (trec_eval: success@k). */
export function hitAt(ranking: Ranking, k: number): number {
  return ranking.relevant.slice(0, k).some(Boolean) ? 1 : 0;
}

/** Share of the gold items that the first k hits cover; divides by all of them, also when they are more than k. */
export function recallAt({ newItems, gold }: Ranking, k: number): number {
  return sum(newItems.slice(0, k)) / gold.length;
}

/** One over the rank of the first relevant hit among the first k, else 0 (trec_eval: recip_rank, cut at k). */
export function reciprocalRankAt({ relevant }: Ranking, k: number): number {
  const rank = relevant.slice(0, k).indexOf(true) + 1;
  return rank === 0 ? 0 : 1 / rank;
}

/**
 * Discounted gain of the first k hits over that of the ideal order (trec_eval: ndcg_cut): the gain is the grade
 * itself, the discount 1 / log2(rank + 1). A chunk that covers several gold spans brings all their grades at its
 * rank; the value is capped at 1, which such a chunk at the top would pass.
 */
export function ndcgAt({ gains, gold }: Ranking, k: number): number {
  const ideal = [...gold].sort((a, b) => b - a);
  return Math.min(1, discounted(gains.slice(0, k)) / discounted(ideal.slice(0, k)));
}

function discounted(gains: readonly number[]): number {
  return sum(gains.map((gain, index) => gain / Math.log2(index + 2)));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
