import type { Evidence } from '../../core/index.ts';
import type { RankedSpan } from '../evaluated.ts';
import type { Ranking } from './retrieval-metrics.ts';

/** A place in a document, or the whole of it. */
export interface Place {
  readonly documentId: string;
  readonly start?: number | undefined;
  readonly end?: number | undefined;
}

/** Whether a place overlaps a piece of evidence; evidence without offsets is met anywhere in its document. */
export function overlaps(place: Place, evidence: Evidence): boolean {
  if (place.documentId !== evidence.document) return false;
  if (evidence.start === undefined || evidence.end === undefined) return true;
  if (place.start === undefined || place.end === undefined) return true;
  return place.start < evidence.end && evidence.start < place.end;
}

/** Pieces of evidence that retrieval must find: positive grades, each place once. */
export function goldItems(evidence: readonly Evidence[] | undefined): Evidence[] {
  const items = new Map<string, Evidence>();
  for (const piece of evidence ?? []) {
    if (piece.grade === 0) continue;
    const key = `${piece.document}\u0000${piece.start ?? ''}\u0000${piece.end ?? ''}`;
    const known = items.get(key);
    if (!known || (known.grade ?? 1) < (piece.grade ?? 1)) items.set(key, piece);
  }
  return [...items.values()];
}

/**
 * Judges a ranking, best first, against gold items. With offsets in the evidence each hit counts by overlap and
 * repeated hits of one place are collapsed; without, hits count by document and each document once. A gold item is
 * counted at the first hit that covers it.
 */
export function judgeRanking(hits: readonly RankedSpan[], gold: readonly Evidence[]): Ranking {
  const bySpan = gold.some((item) => item.start !== undefined);
  const places = bySpan ? distinct(hits, placeKey) : distinct(hits, (hit) => hit.documentId);
  const left = new Set(gold);
  const gains: number[] = [];
  const newItems: number[] = [];
  const relevant: boolean[] = [];
  for (const place of places) {
    const covered = gold.filter((item) => overlaps(place, item));
    const fresh = covered.filter((item) => left.delete(item));
    relevant.push(covered.length > 0);
    newItems.push(fresh.length);
    gains.push(fresh.reduce((total, item) => total + (item.grade ?? 1), 0));
  }
  return { gains, newItems, relevant, gold: gold.map((item) => item.grade ?? 1) };
}

function placeKey({ documentId, start, end }: RankedSpan): string {
  return `${documentId}\u0000${start}\u0000${end}`;
}

function distinct(hits: readonly RankedSpan[], key: (hit: RankedSpan) => string): RankedSpan[] {
  const seen = new Set<string>();
  return hits.filter((hit) => !seen.has(key(hit)) && seen.add(key(hit)));
}
