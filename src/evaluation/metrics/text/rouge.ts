import { portVersion } from '../port-version.ts';
import { porterStem } from './porter-stemmer.ts';

/** Release of `rouge_score` that these ports reproduce. */
export const rougeVersion = '0.1.2';

/** `rouge1` to `rouge9`, the longest common subsequence of the texts, or of their lines. */
export type RougeType = `rouge${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9}` | 'rougeL' | 'rougeLsum';

export interface RougeScore {
  readonly precision: number;
  readonly recall: number;
  readonly fmeasure: number;
}

/** Cuts a text into the tokens that ROUGE compares. */
export type RougeTokenizer = (text: string) => string[];

/**
 * `rouge_score`'s tokens: lower case, everything but a-z and 0-9 a separator. Made for English: other scripts leave
 * nothing, accents cut words.
 */
export function rougeTokens(text: string, stem = false): string[] {
  const tokens = text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return stem ? tokens.map((token) => (token.length > 3 ? porterStem(token) : token)) : tokens;
}

/**
 * Tokens for any script, which is not `rouge_score`'s definition and goes under names of its own: NFKC, lower case,
 * runs of letters, marks and digits; where words are not separated by spaces (Han, kana, Thai, Lao, Khmer, Burmese)
 * each character is a token.
 */
export function unicodeTokens(text: string): string[] {
  return text.normalize('NFKC').toLowerCase().match(unicodeToken) ?? [];
}

const unspaced =
  '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}';
const unicodeToken = new RegExp(`[${unspaced}]\\p{M}*|(?:(?![${unspaced}])[\\p{L}\\p{N}]\\p{M}*)+`, 'gu');

/** Scores a prediction against one target (`rouge_score` 0.1.2, `RougeScorer.score`). An empty side gives zeros. */
export function rouge(
  target: string,
  prediction: string,
  type: RougeType,
  tokenize: RougeTokenizer = rougeTokens,
): RougeScore {
  if (type === 'rougeLsum') return summaryLevel(lines(target).map(tokenize), lines(prediction).map(tokenize));
  const wanted = tokenize(target);
  const found = tokenize(prediction);
  if (type === 'rougeL') return fromCounts(commonLength(wanted, found), found.length, wanted.length);
  const size = Number(type.slice('rouge'.length));
  const wantedNgrams = countNgrams(wanted, size);
  let common = 0;
  for (const [ngram, count] of countNgrams(found, size))
    common += Math.min(count, wantedNgrams.get(ngram) ?? 0);
  const ngrams = (tokens: readonly string[]): number => Math.max(0, tokens.length - size + 1);
  return fromCounts(common, ngrams(found), ngrams(wanted));
}

/** The score against the target with the highest F, the first of equal ones; there must be one target at least. */
export function rougeOfBest(
  targets: readonly string[],
  prediction: string,
  type: RougeType,
  tokenize: RougeTokenizer = rougeTokens,
): RougeScore {
  return targets
    .map((target) => rouge(target, prediction, type, tokenize))
    .reduce((best, score) => (score.fmeasure > best.fmeasure ? score : best));
}

/**
 * What exactly a scorer named `rouge-1`, `rouge-l-stemmed`, `unicode-rouge-2` … computes, in the notation of sacrebleu's
 * signatures; null for another name.
 */
export function rougeSignature(name: string): string | null {
  const { unicode, type, stemmed } =
    /^(?<unicode>unicode-)?rouge-(?<type>[1-9]|l|lsum)(?<stemmed>-stemmed)?$/.exec(name)?.groups ?? {};
  if (type === undefined) return null;
  return [
    `type:rouge${type.replace('l', 'L')}`,
    `stem:${stemmed ? 'porter-nltk' : 'no'}`,
    `tok:${unicode ? 'unicode' : 'a-z0-9'}`,
    'refs:best-f',
    `version:${portVersion(unicode ? '0' : rougeVersion)}`,
  ].join('|');
}

function fromCounts(common: number, found: number, wanted: number): RougeScore {
  const precision = common / Math.max(found, 1);
  const recall = common / Math.max(wanted, 1);
  const sum = precision + recall;
  return { precision, recall, fmeasure: sum > 0 ? (2 * precision * recall) / sum : 0 };
}

const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');

function countNgrams(tokens: readonly string[], size: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (let start = 0; start + size <= tokens.length; start += 1) {
    const ngram = tokens.slice(start, start + size).join(' ');
    counts.set(ngram, (counts.get(ngram) ?? 0) + 1);
  }
  return counts;
}

/** Length of the longest common subsequence. */
function commonLength(a: readonly string[], b: readonly string[]): number {
  let above = new Uint32Array(b.length + 1);
  for (const token of a) {
    const row = new Uint32Array(b.length + 1);
    for (let column = 1; column <= b.length; column += 1)
      row[column] =
        token === b[column - 1] ? above[column - 1]! + 1 : Math.max(above[column]!, row[column - 1]!);
    above = row;
  }
  return above[b.length]!;
}

/** Union of the common subsequences of each target line with all predicted ones; no token is counted twice. */
function summaryLevel(target: readonly string[][], prediction: readonly string[][]): RougeScore {
  const wanted = countNgrams(target.flat(), 1);
  const found = countNgrams(prediction.flat(), 1);
  let hits = 0;
  for (const line of target) {
    const union = new Set(prediction.flatMap((other) => commonIndexes(line, other)));
    for (const [index, token] of line.entries()) {
      if (!union.has(index) || !wanted.get(token) || !found.get(token)) continue;
      hits += 1;
      wanted.set(token, wanted.get(token)! - 1);
      found.set(token, found.get(token)! - 1);
    }
  }
  return fromCounts(hits, prediction.flat().length, target.flat().length);
}

/** Indexes in `a` of one longest common subsequence, the one that walking back up the table first finds. */
function commonIndexes(a: readonly string[], b: readonly string[]): number[] {
  const width = b.length + 1;
  const table = new Uint32Array((a.length + 1) * width);
  for (let row = 1; row <= a.length; row += 1)
    for (let column = 1; column <= b.length; column += 1) {
      const at = row * width + column;
      table[at] =
        a[row - 1] === b[column - 1]
          ? table[at - width - 1]! + 1
          : Math.max(table[at - width]!, table[at - 1]!);
    }
  const indexes: number[] = [];
  let row = a.length;
  let column = b.length;
  while (row > 0 && column > 0) {
    if (a[row - 1] === b[column - 1]) {
      row -= 1;
      column -= 1;
      indexes.push(row);
    } else if (table[row * width + column - 1]! > table[(row - 1) * width + column]!) column -= 1;
    else row -= 1;
  }
  return indexes.reverse();
}
