import { portVersion } from '../port-version.ts';
import { type BleuTokenizer, tokenizeForBleu } from './bleu-tokenizers.ts';
import { splitWords, trimTextEnd } from './python-text.ts';

/** How zero precisions are smoothed (Chen & Cherry 2014, methods 1 to 3). */
export const bleuSmoothings = ['exp', 'floor', 'add-k', 'none'] as const;
export type BleuSmoothing = (typeof bleuSmoothings)[number];

/** Options of sacrebleu's BLEU with its defaults. */
export interface BleuOptions {
  readonly tokenize?: BleuTokenizer;
  readonly lowercase?: boolean;
  readonly smooth?: BleuSmoothing;
  /** Of `floor` (default 0.1) and `add-k` (default 1). */
  readonly smoothValue?: number | null;
  /** Longest n-gram, 4 by default. */
  readonly maxOrder?: number;
  /** Leaves out orders of which the output has no n-gram; wanted for single sentences. Off by default. */
  readonly effectiveOrder?: boolean;
}

/** Counts that add up over segments; a corpus score is computed from their sum. */
export interface BleuStatistics {
  readonly systemLength: number;
  readonly referenceLength: number;
  /** Clipped matches and n-grams of the output, by order from 1. */
  readonly correct: readonly number[];
  readonly total: readonly number[];
}

/** BLEU from 0 to 100 with its parts. */
export interface BleuScore {
  readonly score: number;
  /** Per order, from 0 to 100. */
  readonly precisions: readonly number[];
  readonly brevityPenalty: number;
  readonly systemLength: number;
  readonly referenceLength: number;
  /** As smoothed by `add-k`. */
  readonly counts: readonly number[];
  readonly totals: readonly number[];
}

/** Counts of one segment against its references, of which there must be one at least. */
export function bleuStatistics(
  hypothesis: string,
  references: readonly string[],
  options: BleuOptions = {},
): BleuStatistics {
  const order = options.maxOrder ?? 4;
  const words = bleuWords(hypothesis, options);
  const referenceWords = references.map((reference) => bleuWords(reference, options));
  const allowed = new Map<string, number>();
  for (const one of referenceWords)
    for (const [ngram, count] of countNgrams(one, order))
      allowed.set(ngram, Math.max(allowed.get(ngram) ?? 0, count));
  const correct: number[] = Array(order).fill(0);
  const total: number[] = Array(order).fill(0);
  for (const [ngram, count] of countNgrams(words, order)) {
    const index = orderOf(ngram) - 1;
    total[index]! += count;
    correct[index]! += Math.min(count, allowed.get(ngram) ?? 0);
  }
  const lengths = referenceWords.map((one) => one.length);
  return {
    systemLength: words.length,
    referenceLength: closestLength(words.length, lengths),
    correct,
    total,
  };
}

/** Sum of the counts of segments. */
export function addBleuStatistics(a: BleuStatistics, b: BleuStatistics): BleuStatistics {
  return {
    systemLength: a.systemLength + b.systemLength,
    referenceLength: a.referenceLength + b.referenceLength,
    correct: a.correct.map((count, index) => count + b.correct[index]!),
    total: a.total.map((count, index) => count + b.total[index]!),
  };
}

/** BLEU of counts (sacrebleu 2.6.0, `BLEU.compute_bleu`). Without any match it is 0 and nothing is smoothed. */
export function bleuScore(statistics: BleuStatistics, options: BleuOptions = {}): BleuScore {
  const { systemLength, referenceLength } = statistics;
  const smooth = options.smooth ?? 'exp';
  const value = options.smoothValue ?? (smooth === 'floor' ? 0.1 : 1);
  const counts = [...statistics.correct];
  const totals = [...statistics.total];
  const precisions: number[] = counts.map(() => 0);
  const brevityPenalty = penalty(systemLength, referenceLength);
  const rest = { precisions, brevityPenalty, systemLength, referenceLength, counts, totals };
  if (!counts.some(Boolean)) return { score: 0, ...rest };

  let halving = 1;
  let usedOrders = counts.length;
  for (let index = 0; index < counts.length; index += 1) {
    if (smooth === 'add-k' && index > 0) {
      counts[index]! += value;
      totals[index]! += value;
    }
    const total = totals[index]!;
    if (total === 0) break;
    if (options.effectiveOrder) usedOrders = index + 1;
    if (counts[index] !== 0) precisions[index] = (100 * counts[index]!) / total;
    else if (smooth === 'exp') {
      halving *= 2;
      precisions[index] = 100 / (halving * total);
    } else if (smooth === 'floor') precisions[index] = (100 * value) / total;
  }
  const used = precisions.slice(0, usedOrders);
  const logs = used.reduce((sum, precision) => sum + flooredLog(precision), 0);
  return { score: brevityPenalty * Math.exp(logs / usedOrders), ...rest };
}

/** BLEU of one segment. sacrebleu recommends `effectiveOrder` here; the mean of these is not corpus BLEU. */
export function sentenceBleu(
  hypothesis: string,
  references: readonly string[],
  options: BleuOptions = {},
): BleuScore {
  return bleuScore(bleuStatistics(hypothesis, references, options), options);
}

/** BLEU of a corpus: counts summed over segments, then scored. Null for no segment. */
export function corpusBleu(
  segments: Iterable<{ readonly hypothesis: string; readonly references: readonly string[] }>,
  options: BleuOptions = {},
): BleuScore | null {
  let sum: BleuStatistics | null = null;
  for (const { hypothesis, references } of segments) {
    const one = bleuStatistics(hypothesis, references, options);
    sum = sum ? addBleuStatistics(sum, one) : one;
  }
  return sum && bleuScore(sum, options);
}

/** sacrebleu release that these ports reproduce. */
export const sacrebleuVersion = '2.6.0';

/** sacrebleu's signature. @param references per segment, or `var` where it varies. */
export function bleuSignature(references: number | 'var', options: BleuOptions = {}): string {
  const smooth = options.smooth ?? 'exp';
  const value = options.smoothValue ?? (smooth === 'floor' ? 0.1 : 1);
  const bracket = smooth === 'floor' || smooth === 'add-k' ? `[${value.toFixed(2)}]` : '';
  return [
    `nrefs:${references}`,
    `case:${options.lowercase ? 'lc' : 'mixed'}`,
    `eff:${options.effectiveOrder ? 'yes' : 'no'}`,
    `tok:${options.tokenize ?? '13a'}`,
    `smooth:${smooth}${bracket}`,
    `version:${portVersion(sacrebleuVersion)}`,
  ].join('|');
}

function bleuWords(text: string, { tokenize, lowercase }: BleuOptions): string[] {
  const cased = lowercase ? text.toLowerCase() : text;
  return splitWords(tokenizeForBleu(trimTextEnd(cased), tokenize ?? '13a'));
}

/** Counts of all n-grams up to an order; words hold no space, so a joined n-gram tells its order. */
function countNgrams(words: readonly string[], order: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (let start = 0; start < words.length; start += 1) {
    let ngram = '';
    for (let size = 1; size <= order && start + size <= words.length; size += 1) {
      ngram = size === 1 ? words[start]! : `${ngram} ${words[start + size - 1]}`;
      counts.set(ngram, (counts.get(ngram) ?? 0) + 1);
    }
  }
  return counts;
}

function orderOf(ngram: string): number {
  let order = 1;
  for (let at = ngram.indexOf(' '); at >= 0; at = ngram.indexOf(' ', at + 1)) order += 1;
  return order;
}

/** The length nearest to that of the output, the shorter of two equally near. */
function closestLength(length: number, candidates: readonly number[]): number {
  return candidates.reduce((best, candidate) => {
    const [near, far] = [Math.abs(length - candidate), Math.abs(length - best)];
    return near < far || (near === far && candidate < best) ? candidate : best;
  });
}

function penalty(systemLength: number, referenceLength: number): number {
  if (systemLength >= referenceLength) return 1;
  return systemLength === 0 ? 0 : Math.exp(1 - referenceLength / systemLength);
}

function flooredLog(value: number): number {
  return value === 0 ? -9_999_999_999 : Math.log(value);
}
