import { splitSentences } from '../../knowledge/index.ts';
import { stem } from '../evidence/terms.ts';
import { quantitiesOf } from './quantities.ts';

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
  /** The sentences, each with its words as stems. */
  readonly sentences: readonly { readonly text: string; readonly stems: readonly string[] }[];
  /** What each number stands with. */
  readonly quantities: ReadonlyMap<string, NumberUses>;
}

/** How the evidence uses a number; null for a place where no unit is known, or where no content word is behind it. */
export interface NumberUses {
  readonly units: ReadonlySet<string | null>;
  readonly nouns: ReadonlySet<string | null>;
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
  const sentences = splitSentences(text).map(({ start, end }) => {
    const sentence = text.slice(start, end);
    return { text: sentence, stems: stemsOf(sentence) };
  });
  return { text, positions, sentences, quantities: usesByNumber(text) };
}

function usesByNumber(text: string): Map<string, NumberUses> {
  const uses = new Map<string, { units: Set<string | null>; nouns: Set<string | null> }>();
  for (const { number, unit, noun } of quantitiesOf(text)) {
    const known = uses.get(number) ?? { units: new Set(), nouns: new Set() };
    uses.set(number, known);
    known.units.add(unit);
    known.nouns.add(noun ?? unit);
  }
  return uses;
}
