import type { SupportFailure } from '../../core/index.ts';
import { splitSentences } from '../../knowledge/index.ts';
import { informativeTerms, stem } from '../evidence/terms.ts';
import { isMonthName } from './dates.ts';
import { type EvidenceIndex, stemsOf } from './evidence-index.ts';
import { identifiersOf, namesOf } from './identifiers.ts';
import { type Negation, negationsOf, oppositeWord } from './negations.ts';
import { distinct, statedNumbers } from './quantities.ts';
import { quantityFailures } from './quantity-failures.ts';
import { unitAtStart } from './units.ts';

/** What in a claim the evidence lacks or contradicts, so that no likeness of words can make up for it. */
export type HardFailure = SupportFailure;

/** Sentences of the evidence, most alike the claim first, that a negation is looked for in. */
const closestSentences = 2;

/** Every hard failure of a claim, in order of kind. Empty evidence fails every number, identifier and negation. */
export function hardFailures(claim: string, evidence: EvidenceIndex): HardFailure[] {
  return [
    ...quantityFailures(claim, evidence.numbers),
    ...mixedFailures(claim, evidence),
    ...identifierFailures(claim, evidence),
    ...nameFailures(claim, evidence),
    ...negationFailures(claim, evidence),
  ];
}

/** Words that begin a sentence about what the one before it named. */
const goesOn = /^\s*(?:it|he|she|they|this|these|that|those|its|his|her|their|the)\b/i;

/**
 * Numbers that the evidence says of something else: a word of the claim stands in it, but in no sentence that holds the number, as
 * "black" in "green tea at 80 degrees; black tea boiling". A sentence that goes on from the one before is taken for either.
 */
function mixedFailures(claim: string, evidence: EvidenceIndex): HardFailure[] {
  if (evidence.sentences.length < 2) return [];
  return splitSentences(claim).flatMap(({ start, end }) =>
    mixedInSentence(claim.slice(start, end), evidence.sentences),
  );
}

function mixedInSentence(claim: string, sentences: EvidenceIndex['sentences']): HardFailure[] {
  const terms = [...new Set(informativeTerms(claim))];
  return distinct(statedNumbers(claim).quantities).flatMap(({ value, shown, backsOnly }): HardFailure[] => {
    const holding = sentences.filter(({ values }) => values.includes(value));
    if (backsOnly || holding.length === 0 || holding.some(({ text }) => goesOn.test(text))) return [];
    const beside = new Set(holding.flatMap(({ text }) => informativeTerms(text)));
    const elsewhere = terms.some(
      (term) => !beside.has(term) && sentences.some(({ stems }) => stems.includes(term)),
    );
    return elsewhere ? [{ kind: 'number', found: shown }] : [];
  });
}

function identifierFailures(claim: string, { text }: EvidenceIndex): HardFailure[] {
  const haystack = text.toLowerCase();
  return identifiersOf(claim)
    .filter((identifier) => !holdsIdentifier(haystack, identifier.toLowerCase()))
    .map((found) => ({ kind: 'identifier', found }));
}

/** Whether the text has the identifier whole: `max_flow` is not in `max_flow_rate`, nor `v2` in `v2.1` or `--dry` in `--dry-run`. */
function holdsIdentifier(text: string, identifier: string): boolean {
  for (let at = text.indexOf(identifier); at !== -1; at = text.indexOf(identifier, at + 1)) {
    const before = text.slice(Math.max(0, at - 1), at);
    const behind = text.slice(at + identifier.length, at + identifier.length + 2);
    const begins = !/[\p{L}\p{N}_]/u.test(identifier[0] ?? '') || !/[\p{L}\p{N}_]/u.test(before);
    const ends = !/^(?:[\p{L}\p{N}_]|-[\p{L}\p{N}]|\.\p{N})/u.test(behind);
    if (begins && ends) return true;
  }
  return false;
}

/** Months are looked at as dates, units with their numbers. */
function nameFailures(claim: string, { positions }: EvidenceIndex): HardFailure[] {
  return namesOf(claim)
    .filter((name) => !isMonthName(name) && unitAtStart(name) === null)
    .filter((name) => stemsOf(name).some((each) => !positions.has(each)))
    .map((found) => ({ kind: 'name', found }));
}

/** Share of the other words of a claim that a sentence must have for its denial to contradict the claim. */
const sameMatter = 0.6;

/**
 * A claim that denies, or makes an exception, where the sentences nearest to it do not; that affirms what they deny or
 * except; or that has the opposite of a word of theirs.
 */
function negationFailures(claim: string, evidence: EvidenceIndex): HardFailure[] {
  const nearest = nearestSentences(claim, evidence);
  const there = nearest.map((sentence) => ({ ...sentence, denied: negationsOf(sentence.text) }));
  const denied = negationsOf(claim);
  const unbacked = denied.find((negation) => !isBacked(negation, there));
  if (unbacked) return [{ kind: 'negation', found: unbacked.shown }];
  if (denied.length > 0) return [];
  const stems = new Set(informativeTerms(claim));
  const [best] = there;
  const against = best?.denied.find((negation) => contradicts(negation, stems, best.stems));
  if (against) return [{ kind: 'negation', found: against.shown }];
  const opposite = best ? oppositeWord(claim, best.text) : null;
  return opposite === null ? [] : [{ kind: 'negation', found: opposite }];
}

interface DenyingSentence {
  readonly stems: readonly string[];
  readonly denied: readonly Negation[];
}

/** Whether one of the sentences denies too, and not only of other things while it affirms this one. */
function isBacked({ bearsOn, excepts }: Negation, there: readonly DenyingSentence[]): boolean {
  const denying = there.filter(({ denied }) => denied.some((other) => !excepts || other.excepts));
  if (denying.length === 0) return false;
  const clauses = denying.flatMap(({ denied }) => denied.map(({ clause }) => clause));
  const said = bearsOn.filter((each) => there.some(({ stems }) => stems.includes(each)));
  return said.every((each) => clauses.some((clause) => clause.includes(each)));
}

function contradicts(negation: Negation, claim: ReadonlySet<string>, sentence: readonly string[]): boolean {
  const { bearsOn, excepts } = negation;
  const [what] = bearsOn;
  if (what === undefined || claim.size < 2 || !claim.has(what)) return false;
  if (excepts) return true;
  if (claim.size > 2 && bearsOn.length === 2 && bearsOn.every((each) => claim.has(each))) return true;
  const others = [...claim].filter((each) => !bearsOn.includes(each));
  const shared = others.filter((each) => sentence.includes(each)).length;
  return others.length > 0 && shared / others.length >= sameMatter;
}

function nearestSentences(claim: string, { sentences }: EvidenceIndex) {
  const wanted = new Set(informativeTerms(claim).map(stem));
  return sentences
    .map((sentence, order) => ({
      sentence,
      order,
      shared: new Set(sentence.stems.filter((each) => wanted.has(each))).size,
    }))
    .sort((a, b) => b.shared - a.shared || a.order - b.order)
    .slice(0, closestSentences)
    .map(({ sentence }) => sentence);
}
