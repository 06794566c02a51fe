import { splitSentences } from '../../knowledge/index.ts';
import { stem } from '../evidence/terms.ts';
import { distinct, type StatedNumbers, statedNumbers } from './quantities.ts';

/** Longest evidence that is looked at, in UTF-16 code units; longer ones are cut, so that hostile input stays cheap. */
const maxEvidenceText = 200_000;

/** Scripts that are written without spaces are cut at each character. */
const word =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}])[\p{L}\p{M}\p{N}])+/gu;

/** A text read once for any number of checks against it. */
export interface EvidenceIndex {
  /** NFKC form of the text. */
  readonly text: string;
  /** Where each stem stands, counted in words, ascending. */
  readonly positions: ReadonlyMap<string, readonly number[]>;
  /** The sentences, each with its words as stems and the values of its numbers. */
  readonly sentences: readonly {
    readonly text: string;
    readonly stems: readonly string[];
    readonly values: readonly number[];
  }[];
  readonly numbers: StatedNumbers;
}

/** Words of a text in order: lower case, stemmed, stop words kept. */
export function stemsOf(text: string): string[] {
  return (text.normalize('NFKC').toLowerCase().match(word) ?? []).map(stem);
}

/** Reads evidence for `checkSupport`. */
export function indexEvidence(evidence: string): EvidenceIndex {
  const text = evidence.slice(0, maxEvidenceText).normalize('NFKC');
  const positions = new Map<string, number[]>();
  stemsOf(text).forEach((each, at) => {
    const known = positions.get(each);
    if (known) known.push(at);
    else positions.set(each, [at]);
  });
  const numbers = statedNumbers(text);
  let next = 0;
  const sentences = splitSentences(text).map(({ start, end }) => {
    const sentence = text.slice(start, end);
    const values: number[] = [];
    for (; (numbers.quantities[next]?.start ?? end) < end; next++) {
      const quantity = numbers.quantities[next];
      if (quantity && quantity.start >= start) values.push(quantity.value);
    }
    return { text: sentence, stems: stemsOf(sentence), values };
  });
  return { text, positions, sentences, numbers: { ...numbers, quantities: distinct(numbers.quantities) } };
}
