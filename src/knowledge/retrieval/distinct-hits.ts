import type { DuplicateHit } from '../retriever.ts';
import type { RankedChunk } from './live-chunks.ts';
import { outlineText, saysAllOf, type TextOutline } from './near-duplicates.ts';
import type { ReadHit } from './read-hits.ts';

/**
 * The first `wanted` of ranked chunks, read; with `collapse` a chunk that a better one says wholly is listed with
 * that one instead of by itself. What stands below the last hit is not looked at.
 * @returns `missing` whether a chunk could not be read any more.
 */
export async function takeDistinct(
  ranked: readonly RankedChunk[],
  wanted: number,
  options: {
    readonly collapse: boolean;
    readonly read: (chunks: readonly RankedChunk[]) => Promise<ReadHit[]>;
  },
): Promise<{ hits: ReadHit[]; missing: boolean }> {
  if (!options.collapse) {
    const chunks = ranked.slice(0, wanted);
    const hits = await options.read(chunks);
    return { hits, missing: hits.length < chunks.length };
  }
  const kept: { read: ReadHit; outline: TextOutline; duplicates: DuplicateHit[] }[] = [];
  let missing = false;
  for (let start = 0; start < ranked.length && kept.length < wanted; start += wanted) {
    const chunks = ranked.slice(start, start + wanted);
    const some = await options.read(chunks);
    missing ||= some.length < chunks.length;
    for (const read of some) {
      if (kept.length === wanted) break;
      const { hit } = read;
      const outline = outlineText([...hit.titlePath, hit.text].join('\n'));
      const same = nearest(kept, outline);
      if (same) {
        const { chunkId, documentId, uri, start: from, end } = hit;
        same.of.duplicates.push({ chunkId, documentId, uri, start: from, end, similarity: same.share });
      } else kept.push({ read, outline, duplicates: [] });
    }
  }
  const hits = kept.map(({ read, duplicates }) =>
    duplicates.length === 0 ? read : { ...read, hit: { ...read.hit, duplicates } },
  );
  return { hits, missing };
}

/** The hit that says most of a text, where one says all that matters. */
function nearest<T extends { readonly outline: TextOutline }>(
  kept: readonly T[],
  outline: TextOutline,
): { of: T; share: number } | null {
  let best: { of: T; share: number } | null = null;
  for (const of of kept) {
    const share = saysAllOf(of.outline, outline);
    if (share !== null && share > (best?.share ?? 0)) best = { of, share };
  }
  return best;
}
