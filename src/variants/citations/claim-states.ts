import type { Answer, Citation, Claim, ClaimState } from '../../core/index.ts';
import { quotableUnits } from '../evidence/quotable-units.ts';
import { informativeTerms } from '../evidence/terms.ts';
import { checkSupport, supportedScore } from '../support/check-support.ts';
import { withoutMarkers } from './claims.ts';
import { createMarkerFilter, type FilteredAnswer } from './marker-filter.ts';
import { isQuoted } from './support.ts';

/** A statement of an answer with the markers that it cites, not yet judged. */
export interface Statement {
  readonly start: number;
  readonly end: number;
  /** Its text without markers. */
  readonly text: string;
  readonly markers: readonly number[];
}

/**
 * The statements of an answer in order: its sentences, rows and pieces of code. Markers that begin a sentence belong to the one
 * before it, as in "Tea is hot. [1] Milk is cold."
 */
export function statementsOf({ text, markers }: Pick<FilteredAnswer, 'text' | 'markers'>): Statement[] {
  const units = quotableUnits(text);
  const cited = units.map((): number[] => []);
  for (const { marker, at } of markers) {
    const index = units.findLastIndex((unit) => unit.start <= at);
    if (index === -1) continue;
    const lead = withoutMarkers(text.slice(units[index]?.start ?? 0, at));
    const own = lead === '' && index > 0 ? index - 1 : index;
    cited[own]?.push(marker);
  }
  return units
    .map((unit, index) => ({
      start: unit.start,
      end: unit.end,
      text: withoutMarkers(text.slice(unit.start, unit.end)),
      markers: [...new Set(cited[index])].sort((a, b) => a - b),
    }))
    .filter((statement) => /[\p{L}\p{N}]/u.test(statement.text));
}

/** The statements of a finished answer, by the markers of its citations; markers in code are none. */
export function statementsOfAnswer({ answer, citations }: Pick<Answer, 'answer' | 'citations'>): Statement[] {
  const filter = createMarkerFilter({ known: new Set(citations.map(({ marker }) => marker)) });
  filter.push(answer);
  return statementsOf(filter.end());
}

/** What is quoted for a statement: the quotes with the headings that stand above them. */
type QuotedEvidence = Pick<Citation, 'quote' | 'place'>;

/**
 * Judges each statement against all quotes that it cites together: `quoted` where it stands in one word for word, `supported` where
 * the support check finds it borne out, else `unverified`. What fails hard (a number, a unit, an identifier, a name or a denial that
 * the quotes lack) is unverified, also where it is quoted: "it starts" is a quote of "never before noon it starts".
 */
export function judgeStatements(statements: readonly Statement[], citations: readonly Citation[]): Claim[] {
  return statements.map(({ start, end, text, markers }) => {
    const cited = citations.filter(({ marker }) => markers.includes(marker));
    const claim = { start, end, markers: cited.map(({ marker }) => marker) };
    return cited.length === 0 ? { ...claim, state: 'unverified' } : { ...claim, ...judgeClaim(text, cited) };
  });
}

/** State and support of one claim, see `judgeStatements`. */
export function judgeClaim(
  claim: string,
  cited: readonly QuotedEvidence[],
): Pick<Claim, 'state' | 'support'> {
  const quotes = cited.map(({ quote }) => quote);
  // A quote is read with the headings that stand above it, as one sentence with its first.
  const evidence = cited
    .map(({ quote, place }) => (place?.heading === undefined ? quote : `${place.heading}: ${quote}`))
    .join('\n\n');
  const { score, hardFailures } = checkSupport(claim, evidence);
  const support = { score, ...(hardFailures.length > 0 ? { failures: [...hardFailures] } : {}) };
  const saysSomething = informativeTerms(claim).length > 0;
  if (hardFailures.length > 0 || !saysSomething) return { state: 'unverified', support };
  if (quotes.some((quote) => isQuoted(claim, quote))) return { state: 'quoted', support };
  return { state: score >= supportedScore ? 'supported' : 'unverified', support };
}

const weakestFirst: readonly ClaimState[] = ['unverified', 'supported', 'quoted'];

/** Citations with the state and support of the weakest claim that they stand behind; `unverified` where none does. */
export function withClaimStates(citations: readonly Citation[], claims: readonly Claim[]): Citation[] {
  return citations.map((citation) => {
    const behind = claims.filter(({ markers }) => markers.includes(citation.marker));
    const weakest = behind.toSorted(
      (a, b) =>
        weakestFirst.indexOf(a.state) - weakestFirst.indexOf(b.state) ||
        (a.support?.score ?? 0) - (b.support?.score ?? 0),
    )[0];
    return {
      ...citation,
      state: weakest?.state ?? 'unverified',
      ...(weakest?.support ? { support: weakest.support } : {}),
    };
  });
}
