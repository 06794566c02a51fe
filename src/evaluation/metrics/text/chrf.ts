import { portVersion } from '../port-version.ts';
import { sacrebleuVersion } from './bleu.ts';
import { splitWords } from './python-text.ts';

/** Options of sacrebleu's chrF with its defaults. */
export interface ChrfOptions {
  /** Longest character n-gram, 6 by default. */
  readonly charOrder?: number;
  /** Longest word n-gram: 0 for chrF (default), 2 for chrF++. */
  readonly wordOrder?: number;
  /** Weight of recall against precision, 2 by default. */
  readonly beta?: number;
  readonly lowercase?: boolean;
  /** Counts white space among the characters. */
  readonly whitespace?: boolean;
  /** Averages F over orders with a tiny constant for empty ones (chrF++.py) instead of leaving those orders out. */
  readonly epsilonSmoothing?: boolean;
}

/** n-grams of output, of reference and in both, per order, characters first; they add up over segments. */
export type ChrfStatistics = readonly (readonly [hypothesis: number, reference: number, match: number])[];

/** Counts of a segment against the reference that gives the best score; there must be one at least. */
export function chrfStatistics(
  hypothesis: string,
  references: readonly string[],
  options: ChrfOptions = {},
): ChrfStatistics {
  const found = allNgrams(hypothesis, options);
  let best: ChrfStatistics = [];
  let bestScore = -1;
  for (const reference of references) {
    const wanted = allNgrams(reference, options);
    const statistics = found.map((ngrams, order) => matchCounts(ngrams, wanted[order]!));
    const score = chrfScore(statistics, options);
    if (score <= bestScore) continue;
    bestScore = score;
    best = statistics;
  }
  return best;
}

/** Sum of the counts of segments. */
export function addChrfStatistics(a: ChrfStatistics, b: ChrfStatistics): ChrfStatistics {
  return a.map(([hypothesis, reference, match], order) => {
    const [h, r, m] = b[order]!;
    return [hypothesis + h, reference + r, match + m];
  });
}

/** chrF from 0 to 100 of counts (sacrebleu 2.6.0, `CHRF._compute_f_score`). */
export function chrfScore(statistics: ChrfStatistics, options: ChrfOptions = {}): number {
  const factor = (options.beta ?? 2) ** 2;
  const epsilon = 1e-16;
  let smoothed = 0;
  let precisions = 0;
  let recalls = 0;
  let orders = 0;
  for (const [hypothesis, reference, match] of statistics) {
    const precision = hypothesis > 0 ? match / hypothesis : epsilon;
    const recall = reference > 0 ? match / reference : epsilon;
    const divisor = factor * precision + recall;
    smoothed += divisor > 0 ? ((1 + factor) * precision * recall) / divisor : epsilon;
    if (hypothesis === 0 || reference === 0) continue;
    precisions += precision;
    recalls += recall;
    orders += 1;
  }
  if (options.epsilonSmoothing) return (100 * smoothed) / statistics.length;
  if (precisions + recalls === 0) return 0;
  const precision = precisions / orders;
  const recall = recalls / orders;
  return (100 * (1 + factor) * precision * recall) / (factor * precision + recall);
}

/** chrF of one segment. */
export function sentenceChrf(
  hypothesis: string,
  references: readonly string[],
  options: ChrfOptions = {},
): number {
  return chrfScore(chrfStatistics(hypothesis, references, options), options);
}

/** chrF of a corpus: counts summed over segments, then scored. Null for no segment. */
export function corpusChrf(
  segments: Iterable<{ readonly hypothesis: string; readonly references: readonly string[] }>,
  options: ChrfOptions = {},
): number | null {
  let sum: ChrfStatistics | null = null;
  for (const { hypothesis, references } of segments) {
    const one = chrfStatistics(hypothesis, references, options);
    sum = sum ? addChrfStatistics(sum, one) : one;
  }
  return sum && chrfScore(sum, options);
}

/** sacrebleu's signature. @param references per segment, or `var` where it varies. */
export function chrfSignature(references: number | 'var', options: ChrfOptions = {}): string {
  return [
    `nrefs:${references}`,
    `case:${options.lowercase ? 'lc' : 'mixed'}`,
    `eff:${options.epsilonSmoothing ? 'no' : 'yes'}`,
    `nc:${options.charOrder ?? 6}`,
    `nw:${options.wordOrder ?? 0}`,
    `space:${options.whitespace ? 'yes' : 'no'}`,
    `version:${portVersion(sacrebleuVersion)}`,
  ].join('|');
}

function allNgrams(text: string, options: ChrfOptions): Map<string, number>[] {
  const cased = options.lowercase ? text.toLowerCase() : text;
  const characters = options.whitespace ? cased : splitWords(cased).join('');
  const counts: Map<string, number>[] = [];
  for (let order = 1; order <= (options.charOrder ?? 6); order += 1)
    counts.push(countCharacterRuns(characters, order));
  const wordOrder = options.wordOrder ?? 0;
  const words = wordOrder > 0 ? separateEnds(cased) : [];
  for (let order = 1; order <= wordOrder; order += 1) counts.push(countRuns(words, order, ' '));
  return counts;
}

/** Runs of code points. Slices of a text without surrogate pairs are the same and much faster. */
function countCharacterRuns(text: string, size: number): Map<string, number> {
  if (/[\ud800-\udfff]/.test(text)) return countRuns([...text], size, '');
  const counts = new Map<string, number>();
  for (let start = 0; start + size <= text.length; start += 1) {
    const run = text.slice(start, start + size);
    counts.set(run, (counts.get(run) ?? 0) + 1);
  }
  return counts;
}

const asciiPunctuation = /[!-/:-@[-`{-~]/;

/** Words with one punctuation mark set apart at the end, or else at the start: "(hi)" gives "(hi" and ")". */
function separateEnds(text: string): string[] {
  return splitWords(text).flatMap((word) => {
    const characters = [...word];
    if (characters.length === 1) return [word];
    const [first, last] = [characters[0]!, characters.at(-1)!];
    if (asciiPunctuation.test(last)) return [word.slice(0, -1), last];
    return asciiPunctuation.test(first) ? [first, word.slice(1)] : [word];
  });
}

function countRuns(items: readonly string[], size: number, separator: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (let start = 0; start + size <= items.length; start += 1) {
    const run = items.slice(start, start + size).join(separator);
    counts.set(run, (counts.get(run) ?? 0) + 1);
  }
  return counts;
}

function matchCounts(
  found: ReadonlyMap<string, number>,
  wanted: ReadonlyMap<string, number>,
): [number, number, number] {
  let hypothesis = 0;
  let match = 0;
  for (const [ngram, count] of found) {
    hypothesis += count;
    match += Math.min(count, wanted.get(ngram) ?? 0);
  }
  let reference = 0;
  for (const count of wanted.values()) reference += count;
  // An order that the reference has no n-gram of does not count against the output.
  return [wanted.size > 0 ? hypothesis : 0, reference, match];
}
