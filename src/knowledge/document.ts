/** What a source lists before anything is read. */
export interface SourceItem {
  /** Key inside the source: relative path, JSONL id or BEIR `_id`. */
  readonly key: string;
  /** Where a person finds it: a relative file path or `file.jsonl#id`. */
  readonly uri: string;
}

/** A document as the source gives it: text, or the bytes of a file in some format. */
export interface RawDocument extends SourceItem {
  readonly content: Uint8Array | string;
  /** `text/markdown`, `text/mdx`, `text/html` or `text/plain`; decides how it is parsed. */
  readonly mediaType: string;
  /** Title given by the source (BEIR, JSONL); a parsed title is used where it is absent. */
  readonly title?: string | undefined;
  /** Reader tokens (`everyone`, `user:NAME`, `group:NAME`); everyone by default. */
  readonly readers?: readonly string[] | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

/** Port: where documents come from. A failure of one document is yielded, never thrown, so the rest goes on. */
export interface Source {
  readonly name: string;
  /**
   * Every document, read one at a time in a stable order. Throws (`directory-not-found`, `file-not-found`,
   * `record-invalid`) only when the source as a whole cannot be listed.
   */
  read(options?: { signal?: AbortSignal | undefined }): AsyncIterable<SourceResult>;
}

export type SourceResult =
  | { readonly ok: true; readonly document: RawDocument }
  | {
      readonly ok: false;
      readonly uri: string;
      readonly key: string;
      readonly error: unknown;
      /** Documents with other keys may lie behind the failure (an unreadable folder), so none is known to be gone. */
      readonly hidesOthers?: true;
    };

/** Kinds of blocks that parsing tells apart. */
export type BlockKind =
  | 'heading'
  | 'paragraph'
  | 'list-item'
  | 'code'
  | 'table'
  | 'quote'
  | 'front-matter'
  | 'html';

/** A block of the canonical text: `[start, end)` in UTF-16 code units; blocks are in order and do not overlap. */
export interface Block {
  readonly kind: BlockKind;
  readonly start: number;
  readonly end: number;
  /** Level of a heading, 1 to 6. */
  readonly level?: number;
  /** Words of a heading without markup. */
  readonly title?: string;
}

/** Where a person finds a span of the canonical text: `[start, end)` in UTF-16 code units. All numbers start at 1. */
export interface Place {
  readonly start: number;
  readonly end: number;
  /** Page of a PDF. */
  readonly page?: number;
  /** Line of the source on which the span starts. */
  readonly line?: number;
  /** The span has the line ends of the source, so each `\n` in it is a next line: one place serves a whole text. */
  readonly keepsLines?: true;
  /** Record of a table, the row of headers not counted. */
  readonly row?: number;
  /** Header of a cell, or the path of a value. */
  readonly column?: string;
}

/** What a document says of itself; what its source says of it comes first. */
export interface DocumentAttributes {
  /** BCP 47. */
  readonly language?: string;
  /** ISO 8601 day or instant. */
  readonly date?: string;
  /** Reader tokens (`everyone`, `user:NAME`, `group:NAME`). */
  readonly readers?: readonly string[];
  readonly metadata?: Readonly<Record<string, string | readonly string[]>>;
}

/** What a reader of the document should know; the rest of it was taken. */
export interface DocumentWarning {
  readonly problem: string;
  /** From 1, where the problem is one of a page. */
  readonly page?: number;
}

/** Canonical text and its block tree (flat, in order; headings carry their level). */
export interface ParsedDocument {
  /** UTF-16, line endings `\n`, no byte order mark. Markdown keeps its source; HTML becomes its text. */
  readonly text: string;
  readonly title: string | null;
  readonly blocks: readonly Block[];
  /** In order of start, not overlapping; may leave gaps. */
  readonly places: readonly Place[];
  readonly attributes: DocumentAttributes;
  readonly warnings: readonly DocumentWarning[];
}

/** Exact half-open slice of a canonical text, and what is indexed for it. */
export interface Chunk {
  readonly ordinal: number;
  readonly start: number;
  readonly end: number;
  /** Titles of the headings above it, outermost first, document title included. */
  readonly titlePath: readonly string[];
  /** What is embedded and put in the keyword index; never quoted. */
  readonly indexedText: string;
}
