import type { Citation, ClaimState } from '../../core/index.ts';
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
  const document = span.units[0]?.document;
  if (!document) return null;
  return {
    marker,
    documentId: document.documentId,
    version: document.version,
    uri: document.uri,
    start: span.start,
    end: span.end,
    quote: document.text.slice(span.start, span.end),
    state,
  };
}
