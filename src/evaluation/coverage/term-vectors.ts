import { comparableWords } from '../leakage/comparable-text.ts';

/** Length of hashed term vectors. */
export const termDimensions = 512;

/**
 * Texts as vectors of unit length from their words: term frequency (1 + log) times inverse document frequency over all
 * the texts, each word in one of 512 places with a sign, both from its hash (Weinberger et al. 2009). What words
 * say, not what they mean; for where no embedding model is at hand. A text without words is a zero vector.
 */
export function termVectors(texts: readonly string[]): Float32Array[] {
  const counts = texts.map(countWords);
  const frequency = documentFrequency(counts);
  return counts.map((words) => {
    const vector = new Float32Array(termDimensions);
    for (const [word, count] of words) {
      const weight = (1 + Math.log(count)) * Math.log((1 + texts.length) / (frequency.get(word) ?? 1));
      const hash = hashWord(word);
      const place = hash % termDimensions;
      vector[place] = vector[place]! + (hash & 0x40000000 ? weight : -weight);
    }
    return unitLength(vector);
  });
}

/** Words of a text with how often each stands there. */
export function countWords(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of comparableWords(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/** Number of texts that hold each word. */
export function documentFrequency(counts: readonly ReadonlyMap<string, number>[]): Map<string, number> {
  const frequency = new Map<string, number>();
  for (const words of counts)
    for (const word of words.keys()) frequency.set(word, (frequency.get(word) ?? 0) + 1);
  return frequency;
}

/** The vector scaled to length 1, in place; a zero vector stays. */
export function unitLength(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  if (length > 0) for (let at = 0; at < vector.length; at++) vector[at] = vector[at]! / length;
  return vector;
}

/** FNV-1a over UTF-16 code units, with a last mix. */
function hashWord(word: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < word.length; at++) hash = Math.imul(hash ^ word.charCodeAt(at), 0x01000193);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}
