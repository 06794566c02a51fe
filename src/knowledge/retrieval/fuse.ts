/** Raw scores of one chunk; an arm that did not see it is absent. */
export interface ArmScores {
  readonly keyword?: number;
  readonly vector?: number;
}

/**
 * Convex combination of the arms' scores, each divided by what counts as 1: the query's largest cosine, and its largest BM25 or
 * `fullKeywordScore` where that is more. BM25 and cosine both have the fixed minimum 0, so the result does not depend on where the candidate lists are cut (unlike min-max).
 * A chunk without a vector, because it is not embedded yet, is judged by its keywords alone.
 * @param vectorWeight weight of the vector arm, 0 to 1.
 * @param keywordScale least BM25 that counts as 1; 0 by default, for the query's largest.
 * @returns fused scores in [0, 1], in the order given.
 */
export function fuse(candidates: readonly ArmScores[], vectorWeight: number, keywordScale = 0): number[] {
  const largestKeyword = Math.max(keywordScale, 0, ...candidates.map((scores) => scores.keyword ?? 0));
  const largestVector = Math.max(0, ...candidates.map((scores) => scores.vector ?? 0));
  return candidates.map(({ keyword = 0, vector }) => {
    const byKeyword = largestKeyword === 0 ? 0 : Math.max(0, keyword) / largestKeyword;
    if (vector === undefined) return byKeyword;
    const byVector = largestVector === 0 ? 0 : Math.max(0, vector) / largestVector;
    return vectorWeight * byVector + (1 - vectorWeight) * byKeyword;
  });
}
