import { createTokenCounter } from '../chunking/token-counter.ts';
import type { KnowledgeHandle } from '../migrations.ts';
import type { RetrievalSettings } from '../retrieval-settings.ts';
import type { Hit } from '../retriever.ts';
import type { ReadHit } from './read-hits.ts';

/** Chunks on each side of a hit that are looked at for its section. */
const widestSection = 200;

type Growth = Pick<RetrievalSettings, 'neighbours' | 'parents' | 'expansionTokens'>;

/** A chunk of a document, as far as growing needs it. */
interface Slice {
  readonly ordinal: number;
  readonly start: number;
  readonly end: number;
  readonly titles: string;
}

/**
 * Grows hits, best first, by neighbouring chunks or to their section. A hit stays one exact slice of its document and,
 * unless its chunk alone is longer, within `expansionTokens`. What a better hit has taken is not taken again: a
 * later hit whose chunk lies in it is merged into it, and others grow up to its edge. All chunks are of the document
 * of the hit, so that nobody reads more than they may.
 */
export async function growHits(
  tables: KnowledgeHandle,
  tenant: string,
  hits: readonly ReadHit[],
  growth: Growth,
): Promise<Hit[]> {
  if (growth.neighbours === 0 && !growth.parents) return hits.map(({ hit }) => hit);
  const grown: { hit: Hit; document: string }[] = [];
  const counters = new Map<string, ReturnType<typeof createTokenCounter>>();
  for (const read of hits) {
    const document = `${read.hit.documentId}@${read.revision}`;
    const others = grown.filter((other) => other.document === document);
    const holder = others.find(({ hit }) => hit.start <= read.hit.start && read.hit.end <= hit.end);
    if (holder) {
      holder.hit = { ...holder.hit, merged: [...(holder.hit.merged ?? []), read.hit.chunkId] };
      continue;
    }
    const counter = counters.get(document) ?? createTokenCounter(read.documentText);
    counters.set(document, counter);
    const slices = await readSlices(tables, tenant, read, growth);
    const taken = others.map(({ hit }) => hit);
    const span = growSpan(read, slices, growth, taken, (start, end) => counter.count(start, end));
    grown.push({ document, hit: withSpan(read, span) });
  }
  return grown.map(({ hit }) => hit);
}

function withSpan({ hit, documentText }: ReadHit, span: { start: number; end: number }): Hit {
  if (span.start === hit.start && span.end === hit.end) return hit;
  const matched = { start: hit.start, end: hit.end };
  return { ...hit, ...span, text: documentText.slice(span.start, span.end), matched };
}

function readSlices(
  tables: KnowledgeHandle,
  tenant: string,
  { hit, revision, ordinal }: ReadHit,
  { neighbours, parents }: Growth,
): Promise<Slice[]> {
  const reach = parents ? Math.max(neighbours, widestSection) : neighbours;
  return tables
    .selectFrom('chunks')
    .select(['ordinal', 'start_offset as start', 'end_offset as end', 'title_path as titles'])
    .where('tenant', '=', tenant)
    .where('document_id', '=', hit.documentId)
    .where('revision', '=', revision)
    .where('ordinal', '>=', ordinal - reach)
    .where('ordinal', '<=', ordinal + reach)
    .orderBy('ordinal')
    .execute();
}

/** Takes the chunk after, then the one before, then the next ones, as long as they belong, are free and fit. */
function growSpan(
  { hit, ordinal }: ReadHit,
  slices: readonly Slice[],
  { neighbours, parents, expansionTokens }: Growth,
  taken: readonly { start: number; end: number }[],
  count: (start: number, end: number) => number,
): { start: number; end: number } {
  let { start, end } = hit;
  const at = slices.findIndex((slice) => slice.ordinal === ordinal);
  const own = slices[at];
  if (!own) return { start, end };
  const isFree = (slice: Slice): boolean =>
    taken.every((span) => slice.end <= span.start || span.end <= slice.start);
  const open = { after: true, before: true };
  const inSection = { after: parents, before: parents };
  for (let distance = 1; open.after || open.before; distance += 1)
    for (const side of ['after', 'before'] as const) {
      if (!open[side]) continue;
      const slice = slices[side === 'after' ? at + distance : at - distance];
      inSection[side] &&= slice?.titles === own.titles;
      open[side] = slice !== undefined && (distance <= neighbours || inSection[side]) && isFree(slice);
      if (!slice || !open[side]) continue;
      const wider = { start: Math.min(start, slice.start), end: Math.max(end, slice.end) };
      if (count(wider.start, wider.end) > expansionTokens) open[side] = false;
      else ({ start, end } = wider);
    }
  return { start, end };
}
