import type { AnswerNotice, Citation } from '../../core/index.ts';
import type { StoredDocument } from '../../knowledge/index.ts';
import { citationPlace } from '../citations/quote-spans.ts';
import { quotableUnits } from '../evidence/quotable-units.ts';
import { informativeTerms } from '../evidence/terms.ts';
import { indexEvidence } from '../support/evidence-index.ts';
import { hardFailures } from '../support/hard-failures.ts';
import { quotationOf } from './quotation.ts';
import { wordsOf } from './words-of.ts';

/** Least share of the quote's words, numbers aside, that a sentence of the later edition must have to stand in its place. */
const sameMatter = 0.7;

/** Fewest words of a quote that must be alike in all of its words otherwise: short ones are alike by chance. */
const fewestWords = 5;

/** Least share of all words of both sentences that they have in common. */
const sameWords = 0.5;

/** Least share of words that two editions have in common; a page that was written anew says nothing about the old one. */
const sameText = 0.3;

/** Longest text that is compared, in UTF-16 units: each sentence of the one is looked for in all of the other. */
const longestText = 1_000_000;

/** Sentences of a later edition that are looked at. */
const maxUnits = 2000;

/**
 * What a later edition says in place of a quote. Null where it still says the same word for word; where no sentence of it is near
 * enough to be called its successor; and where the two differ in wording only: a number, a name, an identifier or a denial must have
 * changed. When unsure, nothing is said.
 */
export function outdatedNotice(
  citation: Citation,
  cited: StoredDocument,
  later: StoredDocument,
): AnswerNotice | null {
  if (cited.text.length > longestText || later.text.length > longestText) return null;
  if (plain(later.text).includes(plain(citation.quote))) return null;
  if (sharedWords(cited.text, later.text) < sameText) return null;
  const kind = quotableUnits(cited.text, lineStart(cited.text, citation.start), citation.end).at(-1)?.kind;
  const before = plain(cited.text);
  const units = quotableUnits(later.text)
    .slice(0, maxUnits)
    .filter((unit) => unit.kind === kind && !before.includes(plain(later.text.slice(unit.start, unit.end))));
  const terms = units.map((unit) => wordsOf(withoutTargets(later.text.slice(unit.start, unit.end))));
  const quote = withoutTargets(citation.quote);
  // What changed may be a number, so numbers do not count for what is its successor.
  const own = wordsOf(quote);
  const scores = terms.map((each) => {
    // Of two sentences that hold the quote's terms the one that says less beside them is its successor.
    const shared = [...own].filter((term) => each.has(term)).length / Math.max(1, own.size);
    const extra = [...each].filter((term) => !own.has(term)).length;
    return { shared, score: shared - extra / Math.max(1, own.size + each.size) };
  });
  const best = scores.reduce((top, { score }, at) => (score > (scores[top]?.score ?? -1) ? at : top), 0);
  const unit = units[best];
  if (!unit || (scores[best]?.shared ?? 0) < sameMatter) return null;
  const successor = terms[best] ?? new Set<string>();
  const shared = [...own].filter((term) => successor.has(term)).length;
  const alike = shared / Math.max(1, own.size + successor.size - shared);
  if (alike < (own.size < fewestWords ? 1 : sameWords)) return null;
  if (!differ(quote, withoutTargets(later.text.slice(unit.start, unit.end)))) return null;
  return {
    kind: 'outdated',
    cited: quotationOf(cited, citation, citation.place ?? null),
    newer: quotationOf(later, unit, citationPlace({ document: later, titlePath: titlesOf(later) }, unit)),
  };
}

/** Whether a sentence says a number, name, identifier or denial that the other lacks. */
function differ(one: string, other: string): boolean {
  return (
    hardFailures(one, indexEvidence(other)).length > 0 || hardFailures(other, indexEvidence(one)).length > 0
  );
}

/** Text without the addresses of its links: where a link leads is no statement. */
function withoutTargets(text: string): string {
  return text
    .replace(/\]\([^)\n]{0,400}\)/g, ']')
    .replace(/\{%.{0,200}?%\}/g, '')
    .replace(/https?:\/\/\S+/g, '')
    .replace(/&(?:#39|rsquo|apos);/g, "'");
}

function lineStart(text: string, position: number): number {
  return text.lastIndexOf('\n', position - 1) + 1;
}

function sharedWords(one: string, other: string): number {
  const words = [one, other].map((text) => new Set(informativeTerms(text)));
  const [left, right] = words as [Set<string>, Set<string>];
  const shared = [...left].filter((word) => right.has(word)).length;
  return shared / Math.max(1, left.size + right.size - shared);
}

function titlesOf({ title }: StoredDocument): string[] {
  return title === null ? [] : [title];
}

function plain(text: string): string {
  return (
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  ).join(' ');
}
