import { splitWords } from '../metrics/text/python-text.ts';

/** ASCII punctuation as Python's `string.punctuation` has it. */
const punctuation = /[!-/:-@[-`{-~]/g;

/** SQuAD v1.1 normalisation, in its order: lower case, no ASCII punctuation, no articles, white space collapsed. */
export function normaliseAnswer(text: string): string {
  const words = text
    .toLowerCase()
    .replace(punctuation, '')
    .replace(/(?<![\p{L}\p{N}_])(?:a|an|the)(?![\p{L}\p{N}_])/gu, ' ');
  return splitWords(words).join(' ');
}

/** Tokens of the normalised text; none for an empty one. */
export function answerTokens(text: string): string[] {
  const normalised = normaliseAnswer(text);
  return normalised === '' ? [] : normalised.split(' ');
}

/** 1 when prediction and one of the references are equal after normalisation. */
export function exactMatch(prediction: string, references: readonly string[]): number {
  const wanted = normaliseAnswer(prediction);
  return references.some((reference) => normaliseAnswer(reference) === wanted) ? 1 : 0;
}

/** Harmonic mean of token precision and recall, the best over the references; 0 without a common token. */
export function tokenF1(prediction: string, references: readonly string[]): number {
  return Math.max(0, ...references.map((reference) => f1(answerTokens(prediction), answerTokens(reference))));
}

function f1(predicted: readonly string[], wanted: readonly string[]): number {
  const left = new Map<string, number>();
  for (const token of wanted) left.set(token, (left.get(token) ?? 0) + 1);
  let common = 0;
  for (const token of predicted) {
    const count = left.get(token) ?? 0;
    if (count === 0) continue;
    left.set(token, count - 1);
    common++;
  }
  if (common === 0) return 0;
  const precision = common / predicted.length;
  const recall = common / wanted.length;
  return (2 * precision * recall) / (precision + recall);
}

/**
 * Whether the tokens of a reference stand in a row in the tokens of a text; false for an empty reference. One that SQuAD's
 * normalisation leaves nothing of, like the choice "A" or the sign "+", must be the whole text, case and full stop aside.
 */
export function containsAnswer(text: string, reference: string): boolean {
  const wanted = normaliseAnswer(reference);
  if (wanted !== '') return ` ${normaliseAnswer(text)} `.includes(` ${wanted} `);
  const bare = (whole: string): string => whole.trim().toLowerCase().replace(/\.$/, '');
  return bare(reference) !== '' && bare(text) === bare(reference);
}
