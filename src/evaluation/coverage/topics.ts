import { innerProduct } from '../leakage/embedding-leaks.ts';
import { createRandom, type Random } from './random.ts';
import { countWords, documentFrequency, unitLength } from './term-vectors.ts';

/** Rounds of k-means at most, and the share of vectors that may still move when it rests. */
const mostRounds = 20;
const restingShare = 0.002;

/** Directions that topics are centred on; a vector belongs to the one with the largest inner product, the first of equals. */
export type Centres = readonly Float32Array[];

/**
 * Groups unit vectors into topics by spherical k-means from k-means++ seeds (Arthur & Vassilvitskii 2007; Dhillon &
 * Modha 2001). Depends on the seed alone.
 * @return centres of topics that have members, at most `count`.
 */
export function findTopics(vectors: readonly Float32Array[], count: number, seed: number): Centres {
  const random = createRandom(seed);
  // A single start can rest in a poor place; small sets can afford more of them.
  const starts = vectors.length * count <= 50_000 ? 8 : 2;
  const tries = Array.from({ length: starts }, () => placeCentres(vectors, count, random));
  return tries.reduce((a, b) => (b.closeness > a.closeness ? b : a)).centres;
}

/** One run of k-means: the centres that have members, and the sum of the inner products with them. */
function placeCentres(
  vectors: readonly Float32Array[],
  count: number,
  random: Random,
): { centres: Centres; closeness: number } {
  let centres = chooseSeeds(vectors, count, random);
  let members = new Int32Array(0);
  for (let round = 0; round < mostRounds; round++) {
    const next = Int32Array.from(vectors, (vector) => nearestTopic(vector, centres).topic);
    const moved =
      round === 0 ? vectors.length : next.filter((topic, index) => topic !== members[index]).length;
    members = next;
    if (moved <= restingShare * vectors.length) break;
    centres = meansOf(vectors, members, centres);
  }
  const used = new Set(members);
  const closeness = vectors.reduce(
    (sum, vector, index) => sum + innerProduct(vector, centres[members[index]!]!),
    0,
  );
  return { centres: centres.filter((_, topic) => used.has(topic)), closeness };
}

/** The topic that a vector is nearest to, with its inner product with the centre. */
export function nearestTopic(vector: Float32Array, centres: Centres): { topic: number; closeness: number } {
  let topic = 0;
  let closeness = Number.NEGATIVE_INFINITY;
  for (const [index, centre] of centres.entries()) {
    const product = innerProduct(vector, centre);
    if (product > closeness) {
      closeness = product;
      topic = index;
    }
  }
  return { topic, closeness };
}

/**
 * Words that tell each topic from the rest, best first: share inside times log of the share inside over the share everywhere.
 * Names for people, nothing more.
 */
export function topicWords(
  texts: readonly string[],
  topics: readonly number[],
  count: number,
  words: number,
): string[][] {
  const counts = texts.map(countWords);
  const everywhere = documentFrequency(counts);
  return Array.from({ length: count }, (_, topic) => {
    const own = counts.filter((_words, index) => topics[index] === topic);
    const inside = documentFrequency(own);
    const weight = (word: string): number => {
      const share = inside.get(word)! / Math.max(own.length, 1);
      return share * Math.log((share * texts.length) / everywhere.get(word)!);
    };
    return [...inside.keys()]
      .filter((word) => word.length > 2)
      .sort((a, b) => weight(b) - weight(a) || (a < b ? -1 : 1))
      .slice(0, words);
  });
}

function chooseSeeds(vectors: readonly Float32Array[], count: number, random: Random): Float32Array[] {
  const seeds = [vectors[random.below(vectors.length)]!];
  const distances = vectors.map((vector) => 1 - innerProduct(vector, seeds[0]!));
  while (seeds.length < count) {
    const total = distances.reduce((sum, value) => sum + Math.max(0, value), 0);
    if (total < 1e-6) break;
    let left = random.share() * total;
    let chosen = 0;
    while (chosen < distances.length - 1 && left >= Math.max(0, distances[chosen]!)) {
      left -= Math.max(0, distances[chosen]!);
      chosen++;
    }
    const seed = vectors[chosen]!;
    seeds.push(seed);
    for (const [index, vector] of vectors.entries())
      distances[index] = Math.min(distances[index]!, 1 - innerProduct(vector, seed));
  }
  return seeds;
}

function meansOf(vectors: readonly Float32Array[], members: Int32Array, old: Centres): Float32Array[] {
  const sums = old.map((centre) => new Float32Array(centre.length));
  for (const [index, vector] of vectors.entries()) {
    const sum = sums[members[index]!]!;
    for (let at = 0; at < sum.length; at++) sum[at] = sum[at]! + vector[at]!;
  }
  return sums.map((sum, topic) => (sum.some((value) => value !== 0) ? unitLength(sum) : old[topic]!));
}
