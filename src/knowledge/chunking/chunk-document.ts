import type { Block, BlockKind, Chunk, ParsedDocument } from '../document.ts';
import { indexedText } from './indexed-text.ts';
import { splitBlock } from './split-block.ts';
import type { Span } from './split-sentences.ts';
import { createTokenCounter, estimateTokens, type TokenCounter } from './token-counter.ts';

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
  /** Text that is indexed in place of it, and the estimated tokens that this has more. */
  readonly indexed: string | null;
  readonly extraTokens: number;
}

/** A slice before it has its indexed text. */
interface Slice extends Span {
  /** Headings above its first words that are not headings, outermost first. */
  readonly path: readonly Block[];
  /** The innermost heading, to tell whether neighbours are in the same section. */
  readonly section: Block | null;
  readonly pieces: readonly Piece[];
}

/** Estimated tokens that the slice and its indexed text may have. */
interface Limits {
  readonly slice: number;
  readonly indexed: number;
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
  const limits = { slice: maxTokens, indexed: Math.floor(maxTokens * (1 + share) + 1e-9) };
  const pieces = cutPieces(document, counter, limits);
  const slices = mergeSmall(packPieces(pieces, counter, limits), counter, limits);
  return slices.map((slice, ordinal) => {
    const previous = slices[ordinal - 1];
    const next = slices[ordinal + 1];
    const titlePath = titlesOf(title, slice.path);
    const outside = titlesOf(
      title,
      slice.path.filter(({ start, kind }) => start < slice.start && !(hasHeaders(slice) && kind === 'table')),
    );
    const before = previous?.pieces.at(-1);
    const after = next?.pieces[0];
    const parts = {
      slice,
      body: indexedBody(text, slice),
      titles: outside,
      previous: previous && before && continues(previous, slice) && prose.has(before.kind) ? before : null,
      next: next && after && continues(slice, next) && prose.has(after.kind) ? after : null,
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
  return second.pieces[0]?.kind !== 'heading' && first.section === (second.path.at(-1) ?? null);
}

/** Whether rows in it are indexed with their headers, so that these need not stand above them. */
function hasHeaders(slice: Slice): boolean {
  return slice.pieces.some(({ indexed }) => indexed !== null);
}

/** The text of a slice, or null, with what is indexed in place of its blocks. */
function indexedBody(text: string, slice: Slice): string | null {
  if (!hasHeaders(slice)) return null;
  const parts = slice.pieces.map(({ indexed, start, end }) => indexed ?? text.slice(start, end).trim());
  return parts.join('\n');
}

/** Document title and headings, without repeating a heading that is the title. */
function titlesOf(title: string | null, path: readonly Block[]): string[] {
  const titles = title ? [title] : [];
  for (const heading of path)
    if (heading.title && heading.title !== titles.at(-1)) titles.push(heading.title);
  return titles;
}

/** Blocks and the text between them as pieces that join up to the text, none over the limit. */
function cutPieces(document: CutDocument, counter: TokenCounter, limits: Limits): Piece[] {
  const maxTokens = limits.slice;
  const { text } = document;
  const pieces: Piece[] = [];
  let heading = 0;
  const add = (start: number, end: number, kind: BlockKind, block: Block | null) => {
    const tokens = counter.count(start, end);
    if (tokens <= maxTokens) {
      pieces.push({ start, end, kind, block, ...replacement(block, tokens, limits) });
    } else {
      // Leave room in the first piece for the headings before it.
      const room = heading < maxTokens / 2 ? maxTokens - heading : maxTokens;
      for (const span of splitBlock(text, { start, end, kind }, counter, room))
        pieces.push({ ...span, kind, block, indexed: null, extraTokens: 0 });
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

/** What is indexed in place of a whole block, unless it is longer than a chunk may be. */
function replacement(block: Block | null, tokens: number, limits: Limits) {
  const indexed = block?.indexed ?? null;
  const extraTokens = indexed === null ? 0 : Math.max(0, estimateTokens(indexed) - tokens);
  return tokens + extraTokens > limits.indexed ? { indexed: null, extraTokens: 0 } : { indexed, extraTokens };
}

/** White space belongs to the piece before it. */
function extendLast(pieces: Piece[], end: number): void {
  const last = pieces.at(-1);
  if (last) pieces[pieces.length - 1] = { ...last, end };
}

/**
 * Packs neighbours of one section up to the limit; what opens a section starts a slice, and a heading is never its
 * end if it can help.
 */
function packPieces(pieces: readonly Piece[], counter: TokenCounter, limits: Limits): Slice[] {
  const slices: Slice[] = [];
  let path: Block[] = [];
  let open: Piece[] = [];
  const close = () => {
    const [first, last] = [open[0], open.at(-1)];
    if (first && last)
      slices.push({ start: first.start, end: last.end, path, section: path.at(-1) ?? null, pieces: open });
    open = [];
  };
  for (const piece of pieces) {
    const last = open.at(-1);
    const section = piece.block?.level === undefined ? null : piece.block;
    const starts = piece.kind === 'heading' || (section !== null && section !== last?.block);
    if (!fits([...open, piece], counter, limits) || (starts && last?.kind !== 'heading')) close();
    if (section) path = pathWith(path, section);
    open.push(piece);
  }
  close();
  return slices;
}

function fits(pieces: readonly Piece[], counter: TokenCounter, limits: Limits): boolean {
  const [first, last] = [pieces[0], pieces.at(-1)];
  if (!first || !last) return true;
  const tokens = counter.count(first.start, last.end);
  if (tokens > limits.slice) return false;
  const extra = pieces.reduce((sum, { extraTokens }) => sum + extraTokens, 0);
  return extra === 0 || tokens + extra <= limits.indexed;
}

/**
 * Joins short sections to what precedes them: a section below the one before it, or its sibling, where both are
 * within the limit together and one of them is less than half of it.
 */
function mergeSmall(slices: readonly Slice[], counter: TokenCounter, limits: Limits): Slice[] {
  const merged: Slice[] = [];
  for (const slice of slices) {
    const last = merged.at(-1);
    const size = (span: Span) => counter.count(span.start, span.end);
    const isSmall = last && Math.min(size(last), size(slice)) < limits.slice / 2;
    const path = last && isSmall ? sharedPath(last, slice) : null;
    const pieces = last && path ? [...last.pieces, ...slice.pieces] : [];
    if (last && path && fits(pieces, counter, limits))
      merged[merged.length - 1] = { start: last.start, end: slice.end, path, section: slice.section, pieces };
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
