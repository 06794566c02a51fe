/**
 * Form in which texts are compared for leakage: lower case, every run of characters that are no letters or digits one
 * space, one space at each end. A text without letters and digits gives an empty string.
 */
export function comparableText(text: string): string {
  const words = comparableWords(text);
  return words.length === 0 ? '' : ` ${words.join(' ')} `;
}

/** Words of a text in that form. */
export function comparableWords(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
}

/** Characters of a gram. */
export const gramLength = 5;

/** Distinct character 5-grams of a text in comparable form; a shorter text is a single gram, an empty one has none. */
export function characterGrams(comparable: string): Set<string> {
  if (comparable === '') return new Set();
  if (comparable.length <= gramLength) return new Set([comparable]);
  const grams = new Set<string>();
  for (let at = 0; at + gramLength <= comparable.length; at++)
    grams.add(comparable.slice(at, at + gramLength));
  return grams;
}
