import type { Block, BlockKind, Chunk, ParsedDocument } from '../document.ts';
import { indexedText } from './indexed-text.ts';
import { splitBlock } from './split-block.ts';
import type { Span } from './split-sentences.ts';
import { createTokenCounter, type TokenCounter } from './token-counter.ts';

/** How a document is cut. */
export interface ChunkOptions {
  /** Upper size of a slice in estimated tokens (`estimateTokens`), 200 by default. */
  readonly maxTokens?: number | undefined;
  /** Estimated tokens of title path and neighbours per token of the slice, at most; .4 by default. */
  readonly contextShare?: number | undefined;
}

/** What is needed of a document to cut it. */
export type CutDocument = Pick<ParsedDocument, 'text' | 'title' | 'blocks'>;

/** A piece that is never cut: a block, a part of one that is too long, or text between blocks. */
interface Piece extends Span {
  readonly kind: BlockKind;
  readonly block: Block | null;
}

/** A slice before it has its indexed text. */
interface Slice extends Span {
  /** Headings above its first words that are not headings, outermost first. */
  readonly path: readonly Block[];
  /** The innermost heading, to tell whether neighbours are in the same section. */
  readonly section: Block | null;
  readonly first: Piece;
  readonly last: Piece;
}

/** Kinds whose sentences say something without the lines around them. */
const prose: ReadonlySet<BlockKind> = new Set(['paragraph', 'list-item', 'quote']);

/**
 * Cuts a document into slices that join up to its text: at headings first, then between blocks, then inside a block
 * that is too long at rows, lines, sentences, words and last between user-perceived characters. A slice is within
 * `maxTokens` unless one such character alone is larger; fenced code within the limit stays whole; a heading stays
 * with what follows it unless that leaves no room. A text with nothing but white space has no chunks. The same
 * document and options give the same chunks.
 */
export function chunkDocument(document: CutDocument, options: ChunkOptions = {}): Chunk[] {
  const { text, title } = document;
  if (text.trim() === '') return [];
  const maxTokens = options.maxTokens ?? 200;
  const share = options.contextShare ?? 0.4;
  const counter = createTokenCounter(text);
  const pieces = cutPieces(document, counter, maxTokens);
  const slices = mergeSmall(packPieces(pieces, counter, maxTokens), counter, maxTokens);
  return slices.map((slice, ordinal) => {
    const previous = slices[ordinal - 1];
    const next = slices[ordinal + 1];
    const titlePath = titlesOf(title, slice.path);
    const outside = titlesOf(
      title,
      slice.path.filter(({ start }) => start < slice.start),
    );
    const parts = {
      slice,
      titles: outside,
      previous:
        previous && continues(previous, slice) && prose.has(previous.last.kind) ? previous.last : null,
      next: next && continues(slice, next) && prose.has(next.first.kind) ? next.first : null,
    };
    return {
      ordinal,
      start: slice.start,
      end: slice.end,
      titlePath,
      indexedText: indexedText(text, parts, counter, share),
    };
  });
}

/** Whether the second slice begins in the section that the first one ends in. */
function continues(first: Slice, second: Slice): boolean {
  return second.first.kind !== 'heading' && first.section === (second.path.at(-1) ?? null);
}

/** Document title and headings, without repeating a heading that is the title. */
function titlesOf(title: string | null, path: readonly Block[]): string[] {
  const titles = title ? [title] : [];
  for (const heading of path)
    if (heading.title && heading.title !== titles.at(-1)) titles.push(heading.title);
  return titles;
}

/** Blocks and the text between them as pieces that join up to the text, none over the limit. */
function cutPieces(document: CutDocument, counter: TokenCounter, maxTokens: number): Piece[] {
  const { text } = document;
  const pieces: Piece[] = [];
  let heading = 0;
  const add = (start: number, end: number, kind: BlockKind, block: Block | null) => {
    const tokens = counter.count(start, end);
    if (tokens <= maxTokens) {
      pieces.push({ start, end, kind, block });
    } else {
      // Leave room in the first piece for the headings before it.
      const room = heading < maxTokens / 2 ? maxTokens - heading : maxTokens;
      for (const span of splitBlock(text, { start, end, kind }, counter, room))
        pieces.push({ ...span, kind, block });
    }
    heading = kind === 'heading' ? heading + tokens : 0;
  };
  let at = 0;
  for (const block of document.blocks) {
    if (block.end <= at) continue;
    if (counter.count(at, block.start) > 0) {
      const visible = at + (/\S/.exec(text.slice(at, block.start))?.index ?? 0);
      const start = text.lastIndexOf('\n', visible - 1) + 1;
      extendLast(pieces, Math.max(at, start));
      add(pieces.length > 0 ? Math.max(at, start) : 0, block.start, 'paragraph', null);
    } else extendLast(pieces, Math.max(at, block.start));
    add(pieces.length > 0 ? Math.max(at, block.start) : 0, block.end, block.kind, block);
    at = block.end;
  }
  if (counter.count(at, text.length) > 0) add(pieces.length > 0 ? at : 0, text.length, 'paragraph', null);
  else extendLast(pieces, text.length);
  return pieces;
}

/** White space belongs to the piece before it. */
function extendLast(pieces: Piece[], end: number): void {
  const last = pieces.at(-1);
  if (last) pieces[pieces.length - 1] = { ...last, end };
}

/** Packs neighbours of one section up to the limit; a heading starts a slice and is never its end if it can help. */
function packPieces(pieces: readonly Piece[], counter: TokenCounter, maxTokens: number): Slice[] {
  const slices: Slice[] = [];
  let path: Block[] = [];
  let open: Piece[] = [];
  const close = () => {
    const [first, last] = [open[0], open.at(-1)];
    if (first && last)
      slices.push({
        start: first.start,
        end: last.end,
        path,
        section: path.at(-1) ?? null,
        first,
        last,
      });
    open = [];
  };
  for (const piece of pieces) {
    const first = open[0];
    const isHeading = piece.kind === 'heading';
    const fits = first !== undefined && counter.count(first.start, piece.end) <= maxTokens;
    if (!fits || (isHeading && open.at(-1)?.kind !== 'heading')) close();
    if (isHeading && piece.block) path = pathWith(path, piece.block);
    open.push(piece);
  }
  close();
  return slices;
}

/**
 * Joins short sections to what precedes them: a section below the one before it, or its sibling, where both are
 * within the limit together and one of them is less than half of it.
 */
function mergeSmall(slices: readonly Slice[], counter: TokenCounter, maxTokens: number): Slice[] {
  const merged: Slice[] = [];
  for (const slice of slices) {
    const last = merged.at(-1);
    const size = (span: Span) => counter.count(span.start, span.end);
    const isSmall = last && Math.min(size(last), size(slice)) < maxTokens / 2;
    const path = last && isSmall ? sharedPath(last, slice) : null;
    if (last && path && counter.count(last.start, slice.end) <= maxTokens)
      merged[merged.length - 1] = {
        start: last.start,
        end: slice.end,
        path,
        section: slice.section,
        first: last.first,
        last: slice.last,
      };
    else merged.push(slice);
  }
  return merged;
}

/** The headings that both are under; null where joining would lose a heading that stands before the first. */
function sharedPath(first: Slice, second: Slice): readonly Block[] | null {
  const shared = first.path.filter((heading, index) => second.path[index] === heading);
  const lost = first.path.slice(shared.length);
  if (lost.some(({ start }) => start < first.start)) return null;
  const isNear = second.path.length - shared.length <= 1;
  return isNear ? shared : null;
}

function pathWith(path: readonly Block[], heading: Block): Block[] {
  if (path.at(-1) === heading) return [...path];
  const level = heading.level ?? 1;
  return [...path.filter((above) => (above.level ?? 1) < level), heading];
}
