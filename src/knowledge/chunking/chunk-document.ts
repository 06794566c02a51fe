import type { Chunk, ParsedDocument } from '../document.ts';
/** How a document is cut. */
export interface ChunkOptions {
  /** Upper size of a slice in estimated tokens, 200 by default. */
  readonly maxTokens?: number | undefined;
  /** Tokens of title path and neighbours per token of the slice, at most .4 by default. */
  readonly contextShare?: number | undefined;
}
export declare function chunkDocument(document: ParsedDocument, options?: ChunkOptions): Chunk[];
