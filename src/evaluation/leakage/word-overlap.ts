import { comparableWords } from './comparable-text.ts';

/** Words of a gram of long text, as in the decontamination of GPT-3 (Brown et al. 2020, appendix C). */
export const longGramWords = 13;

/** Fewest words of a question that is looked for as a whole inside longer text; shorter ones stand anywhere. */
export const fewestContainedWords = 5;

/** Texts that share stretches of words with another text. */
export interface WordOverlap {
  /** Indexes of texts that share at least one 13-gram with `other`, with the share of their 13-grams that it holds. */
  sharing(other: string): { readonly text: number; readonly share: number }[];
  /** Indexes of texts that stand in `other` as a whole, word for word. */
  containedIn(other: string): number[];
}

/**
 * Index of texts by their stretches of words: 13-grams for those of 13 words and more, and the first five words of each
 * for finding it as a whole. Words are compared in comparable form.
 */
export function createWordOverlap(texts: readonly string[]): WordOverlap {
  const words = texts.map(comparableWords);
  const long = indexGrams(words, longGramWords, (length) => length - longGramWords + 1);
  const starts = indexGrams(words, fewestContainedWords, () => 1);
  return {
    sharing(other) {
      const there = comparableWords(other);
      const hits = new Map<number, Set<string>>();
      eachGram(there, longGramWords, long.size > 0, (gram) => {
        for (const text of long.get(gram) ?? []) {
          const seen = hits.get(text) ?? new Set();
          hits.set(text, seen.add(gram));
        }
      });
      return [...hits]
        .map(([text, grams]) => ({ text, share: grams.size / distinctGrams(words[text]!) }))
        .sort((a, b) => a.text - b.text);
    },
    containedIn(other) {
      const there = comparableWords(other);
      const found = new Set<number>();
      eachGram(there, fewestContainedWords, starts.size > 0, (gram, at) => {
        for (const text of starts.get(gram) ?? [])
          if (!found.has(text) && words[text]!.every((word, index) => there[at + index] === word))
            found.add(text);
      });
      return [...found].sort((a, b) => a - b);
    },
  };
}

/** Texts by their first `count` grams; a text with fewer words than a gram has none. */
function indexGrams(
  words: readonly string[][],
  length: number,
  count: (words: number) => number,
): Map<string, number[]> {
  const index = new Map<string, number[]>();
  for (const [text, own] of words.entries()) {
    if (own.length < length) continue;
    for (let at = 0; at < count(own.length); at++) {
      const gram = own.slice(at, at + length).join(' ');
      const there = index.get(gram);
      if (!there) index.set(gram, [text]);
      else if (there.at(-1) !== text) there.push(text);
    }
  }
  return index;
}

function eachGram(
  words: readonly string[],
  length: number,
  wanted: boolean,
  visit: (gram: string, at: number) => void,
): void {
  if (!wanted) return;
  for (let at = 0; at + length <= words.length; at++) visit(words.slice(at, at + length).join(' '), at);
}

function distinctGrams(words: readonly string[]): number {
  const grams = new Set<string>();
  eachGram(words, longGramWords, true, (gram) => grams.add(gram));
  return grams.size;
}
