/**
 * What collapsing near-duplicates would leave out, and whether anything is lost by it: every chunk of haystack-docs 2.25
 * against the chunks of 3.0 (323 pages are in both), and every chunk of 3.0 against the others. Beside it, what merging
 * by the share of common shingles alone (containment) would lose.
 * Usage: node bench/near-duplicates.ts. Data: FULCRUM_SHARED_DATA (default ../shared/data).
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDocumentPipeline, outlineText, saysAllOf, type TextOutline } from '../src/knowledge/index.ts';

interface Piece {
  readonly page: string;
  readonly outline: TextOutline;
}

const folder = join(
  process.env.FULCRUM_SHARED_DATA ?? join(import.meta.dirname, '../../shared/data'),
  'haystack-docs',
);

async function readPieces(version: string): Promise<Piece[]> {
  const pipeline = createDocumentPipeline();
  const pieces: Piece[] = [];
  for (const page of readdirSync(join(folder, version), { recursive: true, encoding: 'utf8' }).sort()) {
    if (!page.endsWith('.mdx')) continue;
    const content = readFileSync(join(folder, version, page), 'utf8');
    const document = await pipeline.parse({ key: page, uri: page, content, mediaType: 'text/mdx' });
    for (const { titlePath, start, end } of await pipeline.chunk(document))
      pieces.push({
        page,
        outline: outlineText([...titlePath, document.text.slice(start, end)].join('\n')),
      });
  }
  return pieces;
}

/** For each piece the one of `others` that says most of it, by a measure; null where none does. */
function matches(
  pieces: readonly Piece[],
  others: readonly Piece[],
  share: (better: TextOutline, other: TextOutline) => number | null,
): (Piece | null)[] {
  const byShingle = new Map<string, Set<Piece>>();
  for (const other of others)
    for (const shingle of other.outline.shingles)
      byShingle.set(shingle, (byShingle.get(shingle) ?? new Set()).add(other));
  return pieces.map((piece) => {
    const near = new Set<Piece>();
    for (const shingle of piece.outline.shingles)
      for (const other of byShingle.get(shingle) ?? []) near.add(other);
    let best: { piece: Piece; share: number } | null = null;
    for (const other of near) {
      if (other === piece) continue;
      const found = share(other.outline, piece.outline);
      if (found !== null && found > (best?.share ?? 0)) best = { piece: other, share: found };
    }
    return best?.piece ?? null;
  });
}

function containment(least: number) {
  return (better: TextOutline, other: TextOutline): number | null => {
    let shared = 0;
    for (const shingle of other.shingles) if (better.shingles.has(shingle)) shared += 1;
    const share = other.shingles.size === 0 ? 0 : shared / other.shingles.size;
    return share >= least ? share : null;
  };
}

function report(name: string, pieces: readonly Piece[], found: readonly (Piece | null)[]): void {
  let merged = 0;
  let samePage = 0;
  let lostWord = 0;
  let lostNumber = 0;
  for (const [index, match] of found.entries()) {
    if (!match) continue;
    const { page, outline } = pieces[index]!;
    merged += 1;
    if (match.page === page) samePage += 1;
    const lost = [...outline.words].filter((word) => !match.outline.words.has(word));
    if (lost.length > 0) lostWord += 1;
    if (lost.some((word) => /\p{N}/u.test(word))) lostNumber += 1;
  }
  console.log(
    `${name}: ${merged} of ${pieces.length} chunks left out (${samePage} by the same page); ${lostWord} with a word that the kept one lacks, ${lostNumber} with a number that it lacks`,
  );
}

const [older, newer] = [await readPieces('2.25'), await readPieces('3.0')];
for (const [rule, share] of [
  ['as shipped', saysAllOf],
  ['containment from .9 on', containment(0.9)],
  ['containment from .8 on', containment(0.8)],
] as const) {
  report(`2.25 against 3.0, ${rule}`, older, matches(older, newer, share));
  report(`within 3.0, ${rule}`, newer, matches(newer, newer, share));
}
