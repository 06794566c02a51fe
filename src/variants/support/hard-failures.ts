import { informativeTerms, stem } from '../evidence/terms.ts';
import { type EvidenceIndex, type NumberUses, stemsOf } from './evidence-index.ts';
import { identifiersOf, namesOf } from './identifiers.ts';
import { type Negation, negationsOf } from './negations.ts';
import { quantitiesOf } from './quantities.ts';

/** What in a claim the evidence lacks or contradicts, so that no likeness of words can make up for it. */
export interface HardFailure {
  readonly kind: 'number' | 'unit' | 'identifier' | 'name' | 'negation';
  /** The part of the claim (or, for a negation that the claim lacks, of the evidence) as it stands there. */
  readonly found: string;
}

/** Sentences of the evidence, most alike the claim first, that a negation is looked for in. */
const closestSentences = 2;

/** Every hard failure of a claim, in order of kind. Empty evidence fails every number, identifier and negation. */
export function hardFailures(claim: string, evidence: EvidenceIndex): HardFailure[] {
  return [
    ...quantityFailures(claim, evidence),
    ...identifierFailures(claim, evidence),
    ...nameFailures(claim, evidence),
    ...negationFailures(claim, evidence),
  ];
}

function quantityFailures(claim: string, evidence: EvidenceIndex): HardFailure[] {
  const uses = [...evidence.quantities.values()];
  return quantitiesOf(claim).flatMap(({ shown, number, unit, noun }): HardFailure[] => {
    const there = evidence.quantities.get(number);
    if (there === undefined) return [{ kind: 'number', found: shown }];
    // Of other things, where the evidence says how many of these there are.
    const counted = (other: NumberUses): boolean => other.nouns.has(noun);
    if (noun !== null && !there.nouns.has(null) && !counted(there) && uses.some(counted))
      return [{ kind: 'unit', found: `${shown} ${noun}` }];
    if (unit === null || there.units.has(unit)) return [];
    const otherwise = !there.units.has(null) || !uses.some(({ units }) => units.has(unit));
    return otherwise ? [{ kind: 'unit', found: `${shown} ${unit}` }] : [];
  });
}

function identifierFailures(claim: string, { text }: EvidenceIndex): HardFailure[] {
  const haystack = text.toLowerCase();
  return identifiersOf(claim)
    .filter((identifier) => !haystack.includes(identifier.toLowerCase()))
    .map((found) => ({ kind: 'identifier', found }));
}

function nameFailures(claim: string, { positions }: EvidenceIndex): HardFailure[] {
  return namesOf(claim)
    .filter((name) => stemsOf(name).some((each) => !positions.has(each)))
    .map((found) => ({ kind: 'name', found }));
}

/**
 * A claim that denies where the sentences nearest to it deny nothing, or the other way round where what is denied there
 * stands in the claim.
 */
function negationFailures(claim: string, evidence: EvidenceIndex): HardFailure[] {
  const denied = negationsOf(claim);
  const nearest = nearestSentences(claim, evidence);
  const there = nearest.map(({ text }) => negationsOf(text));
  const [first] = denied;
  if (first) return there.some((found) => found.length > 0) ? [] : [{ kind: 'negation', found: first.shown }];
  const stems = new Set(informativeTerms(claim));
  const contradicts = (negation: Negation): boolean =>
    negation.bearsOn.length === 2 && negation.bearsOn.every((each) => stems.has(each));
  const against = stems.size > 2 ? there[0]?.find(contradicts) : undefined;
  return against ? [{ kind: 'negation', found: against.shown }] : [];
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
