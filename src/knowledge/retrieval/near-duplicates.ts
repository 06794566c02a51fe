/** Words of one shingle. */
const shingleLength = 3;
/** Share of a text's shingles that a better text must have for the two to say the same. */
const leastShare = 0.9;

/** A text as it is compared with others: its words, and its runs of words. */
export interface TextOutline {
  readonly words: ReadonlySet<string>;
  readonly shingles: ReadonlySet<string>;
}

/** Reads a text once, so that it may be compared with many. */
export function outlineText(text: string): TextOutline {
  const words =
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}\p{M}_]+/gu) ?? [];
  const shingles = new Set<string>();
  for (let at = 0; at + shingleLength <= words.length; at++)
    shingles.add(words.slice(at, at + shingleLength).join(' '));
  if (shingles.size === 0 && words.length > 0) shingles.add(words.join(' '));
  return { words: new Set(words), shingles };
}

/**
 * Share of the shingles of `other` that `better` has too (containment, Broder 1997), where `better` says all that
 * `other` says; null where something would be lost: a word, a run of words around a number or a negation, or more
 * than a tenth of the runs. It is not symmetric: a part of a text adds nothing to the whole, the whole does to the part.
 */
export function saysAllOf(better: TextOutline, other: TextOutline): number | null {
  if (other.shingles.size === 0) return null;
  for (const word of other.words) if (!better.words.has(word)) return null;
  const mostLost = (1 - leastShare) * other.shingles.size;
  let lost = 0;
  for (const shingle of other.shingles) {
    if (better.shingles.has(shingle)) continue;
    lost += 1;
    if (lost > mostLost || isTelling(shingle)) return null;
  }
  return 1 - lost / other.shingles.size;
}

/** Runs of words that make another statement when one of their words is another one. */
const telling =
  /\p{N}|_|\b(?:no|not|never|none|nor|without|cannot|except|unless|only|nicht|kein|keine|nie|ohne|pas|jamais|sans|sin|nunca|non|senza|mai)\b|\b\p{L}+n t\b/u;

function isTelling(shingle: string): boolean {
  return telling.test(shingle);
}
