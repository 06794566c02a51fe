import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { type ClusterLayout, clusterSums } from './cluster-layout.ts';

/** Outcome of a sign-flip test by cluster. */
export interface SignFlip {
  /** Two-sided p of "the sum of differences of a cluster is as likely with the other sign". 1 where nothing differs. */
  readonly p: number;
  /** Clusters whose differences do not cancel out. */
  readonly differing: number;
  /** `mcnemar`: every difference stands alone and is 1 or -1, so the exact test is McNemar's; `sampled`: 9,999 drawn flips. */
  readonly method: 'exact' | 'mcnemar' | 'sampled';
}

/** Differing clusters up to which all sign patterns of sums that are not whole numbers are gone through. */
const mostEnumerated = 16;
/** Largest total for which sums that are whole numbers are counted exactly. */
const mostCounted = 5000;
const draws = 9_999;

/**
 * Fisher's randomisation test of paired differences that flips the signs of whole clusters. Exact where all cluster sums are whole
 * numbers (yes/no scores: their distribution is counted by convolution) or at most 16 clusters differ; otherwise 9,999 drawn flips
 * from a fixed seed, and p = (hits + 1) / (draws + 1).
 */
export function signFlipTest(differences: ArrayLike<number>, layout: ClusterLayout): SignFlip {
  const sums = [...clusterSums(differences, layout)].filter((sum) => Math.abs(sum) > 1e-12);
  const differing = sums.length;
  if (differing === 0) return { p: 1, differing, method: 'exact' };
  const sizes = sums.map(Math.abs);
  const observed = Math.abs(sums.reduce((total, sum) => total + sum, 0));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (sizes.every(Number.isInteger) && total <= mostCounted) {
    const alone = layout.count === layout.samples && sizes.every((size) => size === 1);
    return { p: countedShare(sizes, total, observed), differing, method: alone ? 'mcnemar' : 'exact' };
  }
  if (differing <= mostEnumerated) return { p: enumeratedShare(sizes, observed), differing, method: 'exact' };
  return { p: sampledShare(sizes, observed), differing, method: 'sampled' };
}

/** Share of the sign patterns whose sum is at least as far from 0, from the distribution of the positive part. */
function countedShare(sizes: readonly number[], total: number, observed: number): number {
  let chances = new Float64Array(total + 1);
  chances[0] = 1;
  let reached = 0;
  for (const size of sizes) {
    const next = new Float64Array(total + 1);
    for (let sum = 0; sum <= reached; sum += 1) {
      const half = chances[sum]! / 2;
      next[sum]! += half;
      next[sum + size]! += half;
    }
    reached += size;
    chances = next;
  }
  let share = 0;
  for (let positive = 0; positive <= total; positive += 1)
    if (Math.abs(2 * positive - total) >= observed) share += chances[positive]!;
  return Math.min(1, share);
}

function enumeratedShare(sizes: readonly number[], observed: number): number {
  const patterns = 2 ** sizes.length;
  let hits = 0;
  for (let pattern = 0; pattern < patterns; pattern += 1) {
    const sum = sizes.reduce((total, size, index) => total + ((pattern >> index) & 1 ? size : -size), 0);
    if (isAsFar(sum, observed)) hits += 1;
  }
  return hits / patterns;
}

function sampledShare(sizes: readonly number[], observed: number): number {
  const generator = xoroshiro128plus(1);
  let hits = 0;
  for (let draw = 0; draw < draws; draw += 1) {
    const sum = sizes.reduce((total, size) => total + (uniformFloat64(generator) < 0.5 ? size : -size), 0);
    if (isAsFar(sum, observed)) hits += 1;
  }
  return (hits + 1) / (draws + 1);
}

/** Ties count as hits, rounding errors of sums aside. */
function isAsFar(sum: number, observed: number): boolean {
  return Math.abs(sum) >= observed - 1e-9 * Math.max(1, observed);
}
