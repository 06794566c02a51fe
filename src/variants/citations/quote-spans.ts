import type { Citation, CitationPlace, ClaimState } from '../../core/index.ts';
import { placeOf } from '../../knowledge/index.ts';
import type { ScoredUnit } from '../evidence/select-evidence.ts';
import { maxQuotedSentences } from './verify-citation.ts';

/** One sentence, or two that follow each other, of one document: what a citation quotes. */
export interface QuoteSpan {
  readonly units: readonly ScoredUnit[];
  readonly start: number;
  readonly end: number;
}

/** Chosen units as spans in order of hit and place: neighbours share a span of at most two. */
export function quoteSpans(units: readonly ScoredUnit[]): QuoteSpan[] {
  const ordered = [...units].sort((a, b) => a.hit - b.hit || a.start - b.start);
  const groups: ScoredUnit[][] = [];
  for (const unit of ordered) {
    const group = groups.at(-1);
    const before = group?.at(-1);
    if (group && before && group.length < maxQuotedSentences && areNeighbours(before, unit)) group.push(unit);
    else groups.push([unit]);
  }
  return groups.map((group) => ({
    units: group,
    start: group[0]?.start ?? 0,
    end: group.at(-1)?.end ?? 0,
  }));
}

function areNeighbours(first: ScoredUnit, second: ScoredUnit): boolean {
  if (first.document.documentId !== second.document.documentId || first.hit !== second.hit) return false;
  return second.ordinal === first.ordinal + 1 && second.start - first.end <= 4;
}

/** A citation of a span; its quote is read from the document, never from what a model said. */
export function citationOf(span: QuoteSpan, marker: number, state: ClaimState): Citation | null {
  const [first] = span.units;
  if (!first) return null;
  const { document } = first;
  const place = citationPlace(first, span);
  return {
    marker,
    documentId: document.documentId,
    version: document.version,
    uri: document.uri,
    start: span.start,
    end: span.end,
    quote: document.text.slice(span.start, span.end),
    state,
    ...(place === null ? {} : { place }),
  };
}

/** Where a span stands, as a person finds it; null where nothing is known of it. */
export function citationPlace(
  { document, titlePath }: Pick<ScoredUnit, 'document' | 'titlePath'>,
  { start, end }: { readonly start: number; readonly end: number },
): CitationPlace | null {
  const { page, line, row, column } = placeOf(
    { text: document.text, places: document.places ?? [] },
    start,
    end,
  );
  const heading = titlePath.join(' > ');
  const place = {
    ...(page === undefined ? {} : { page }),
    ...(line === undefined ? {} : { line }),
    ...(row === undefined ? {} : { row }),
    ...(column === undefined ? {} : { column }),
    ...(heading === '' ? {} : { heading }),
  };
  return Object.keys(place).length === 0 ? null : place;
}
