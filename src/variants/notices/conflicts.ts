import type { AnswerNotice, Citation } from '../../core/index.ts';
import { citationPlace } from '../citations/quote-spans.ts';
import type { ScoredUnit } from '../evidence/select-evidence.ts';
import { identifiersOf, namesOf } from '../support/identifiers.ts';
import { negationsOf } from '../support/negations.ts';
import { type Quantity, statedNumbers } from '../support/quantities.ts';
import { convert } from '../support/units.ts';
import { quotationOf } from './quotation.ts';
import { wordsOf } from './words-of.ts';

/** Least share of words that two sentences have in common, numbers aside, to speak of the same thing. */
const sameWords = 0.75;
/** Least share of words of their titles; pages on different things are full of sentences that differ by a number only. */
const sameTitle = 0.5;
/** Fewest words that they must share. */
const fewestShared = 4;

/** Sentences of the evidence, best first, that are held against what is cited. */
const maxCandidates = 40;

/**
 * A cited sentence and a sentence of another document among the evidence that say different quantities of the same thing; null where
 * none is surely so. Sentences with other names, identifiers or denials speak of other things, and so do pages with other titles.
 */
export function conflictNotice(
  citations: readonly Citation[],
  ranked: readonly ScoredUnit[],
): AnswerNotice | null {
  const sentences = ranked.filter(({ kind }) => kind !== 'code');
  for (const citation of citations) {
    const cited = sentences.filter(
      ({ document, start, end }) =>
        document.documentId === citation.documentId && start < citation.end && citation.start < end,
    );
    for (const own of cited)
      for (const other of sentences.slice(0, maxCandidates))
        if (other.document.documentId !== own.document.documentId && disagree(own, other))
          return { kind: 'conflict', quotes: [quote(own), quote(other)] };
  }
  return null;
}

function quote(unit: ScoredUnit) {
  return quotationOf(unit.document, unit, citationPlace(unit, unit));
}

/** Whether two sentences say the same but for a quantity. */
export function disagree(
  one: Pick<ScoredUnit, 'text' | 'titlePath'>,
  other: Pick<ScoredUnit, 'text' | 'titlePath'>,
): boolean {
  const numbers = [one, other].map(({ text }) => statedNumbers(text));
  const [first, second] = numbers.map(({ quantities }) => quantities.filter(({ backsOnly }) => !backsOnly));
  if (!first || !second || first.length === 0 || first.length !== second.length) return false;
  if (numbers.some(({ dates }) => dates.length > 0)) return false;
  if (share(wordsOf(one.titlePath.join(' ')), wordsOf(other.titlePath.join(' '))) < sameTitle) return false;
  const words = [wordsOf(one.text), wordsOf(other.text)] as const;
  const shared = [...words[0]].filter((word) => words[1].has(word)).length;
  if (shared < fewestShared || share(...words) < sameWords) return false;
  // A word for another word ("sick", "parental") makes it another thing; one sentence may only say more than the other.
  if (words.every((own) => own.size > shared)) return false;
  if (!sameSet(namesOf(one.text), namesOf(other.text))) return false;
  if (!sameSet(identifiersOf(one.text), identifiersOf(other.text))) return false;
  if (negationsOf(one.text).length !== negationsOf(other.text).length) return false;
  const different = first.filter((quantity, at) => !agrees(quantity, second[at]));
  return different.length === 1 && first.every((quantity, at) => comparable(quantity, second[at]));
}

/** Quantities of the same unit, or of the same counted thing; versions are no quantities. */
function comparable(one: Quantity, other: Quantity | undefined): boolean {
  if (!other || one.version || other.version || one.bound !== other.bound) return false;
  if (one.unit !== null && other.unit !== null) return convert(1, one.unit, other.unit) !== null;
  return one.unit === other.unit && one.noun !== null && one.noun === other.noun;
}

function agrees(one: Quantity, other: Quantity | undefined): boolean {
  if (!other) return false;
  const value =
    one.unit !== null && other.unit !== null ? convert(other.value, other.unit, one.unit) : other.value;
  // Rounding is no conflict.
  return value !== null && Math.abs(value - one.value) <= 0.01 * Math.abs(one.value);
}

function share(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const all = new Set([...one, ...other]).size;
  return all === 0 ? 0 : [...one].filter((word) => other.has(word)).length / all;
}

function sameSet(one: readonly string[], other: readonly string[]): boolean {
  const left = new Set(one.map((each) => each.toLowerCase()));
  const right = new Set(other.map((each) => each.toLowerCase()));
  return left.size === right.size && [...left].every((each) => right.has(each));
}
