import { sha256 } from '../../../core/index.ts';

/** A text as it is compared: one case, one kind of blank, composed characters. */
export function comparable(text: string): string {
  return text.normalize('NFC').toLowerCase().replace(/\s+/g, ' ').trim();
}

export function textKey(text: string): string {
  return sha256(comparable(text)).slice(0, 32);
}

/** The same text with every number replaced, so that "on 3 May" and "on 4 May" are one. */
export function withoutNumbers(text: string): string {
  return comparable(text).replace(/\d+(?:[.,:/-]\d+)*/g, '#');
}

/** Functions of a signature, and how they are cut into bands: two texts meet in a band with probability 1 - (1 - s^4)^32. */
const functions = 128;
const bands = 32;
const perBand = functions / bands;

/** Shingles of five characters, hashed to 32 bits. */
function shingles(text: string): Uint32Array {
  const whole = ` ${comparable(text)} `;
  const found = new Set<number>();
  for (let at = 0; at + 5 <= whole.length || at === 0; at++) {
    let hash = 2166136261;
    for (let k = at; k < Math.min(at + 5, whole.length); k++)
      hash = Math.imul(hash ^ whole.charCodeAt(k), 16777619);
    found.add(hash >>> 0);
  }
  return Uint32Array.from(found);
}

const multipliers = Uint32Array.from(
  { length: functions },
  (_, index) => (Math.imul(index + 1, 2654435761) | 1) >>> 0,
);
const offsets = Uint32Array.from({ length: functions }, (_, index) => Math.imul(index + 1, 40503) >>> 0);

/** MinHash signature (Broder 1997): the share of equal members estimates the Jaccard similarity of the shingles, with a standard error of at most .044. */
export function signatureOf(text: string): Uint32Array {
  const signature = new Uint32Array(functions).fill(0xffffffff);
  for (const shingle of shingles(text))
    for (let f = 0; f < functions; f++) {
      // Mixed again after the linear step, whose low bits are weak.
      let value = (Math.imul(shingle, multipliers[f]!) + offsets[f]!) >>> 0;
      value = Math.imul(value ^ (value >>> 15), 2246822519) >>> 0;
      if (value < signature[f]!) signature[f] = value;
    }
  return signature;
}

export function estimatedSimilarity(a: Uint32Array, b: Uint32Array): number {
  let same = 0;
  for (let f = 0; f < functions; f++) if (a[f] === b[f]) same++;
  return same / functions;
}

/** Texts by the bands of their signatures, to find those that are alike without comparing all. */
export interface SimilarTexts {
  /** The most similar text that was added, with at least the threshold; null where there is none. */
  nearest(
    signature: Uint32Array,
    threshold: number,
  ): { readonly id: string; readonly similarity: number } | null;
  add(id: string, signature: Uint32Array): void;
  readonly size: number;
}

export function createSimilarTexts(): SimilarTexts {
  const buckets = new Map<string, number[]>();
  const ids: string[] = [];
  const signatures: Uint32Array[] = [];
  const keysOf = (signature: Uint32Array): string[] =>
    Array.from(
      { length: bands },
      (_, band) => `${band}:${signature.subarray(band * perBand, (band + 1) * perBand).join()}`,
    );
  return {
    get size() {
      return ids.length;
    },
    add(id, signature) {
      const index = ids.push(id) - 1;
      signatures.push(signature);
      for (const key of keysOf(signature)) {
        const bucket = buckets.get(key);
        // A band that very many share tells nothing; what is alike meets in others.
        if (!bucket) buckets.set(key, [index]);
        else if (bucket.length < 64) bucket.push(index);
      }
    },
    nearest(signature, threshold) {
      let best: { id: string; similarity: number } | null = null;
      const seen = new Set<number>();
      for (const key of keysOf(signature))
        for (const index of buckets.get(key) ?? []) {
          if (seen.has(index)) continue;
          seen.add(index);
          const similarity = estimatedSimilarity(signature, signatures[index]!);
          if (similarity >= threshold && (!best || similarity > best.similarity))
            best = { id: ids[index]!, similarity };
        }
      return best;
    },
  };
}
