/** What a source lists before anything is read. */
export interface SourceItem {
  /** Key inside the source, unique in it: relative path, id of a record. */
  readonly key: string;
  /** Where a person finds it: a relative file path or `file.jsonl#id`. */
  readonly uri: string;
  /**
   * Changes whenever anything of the document as `read` gives it would: content, title, readers, metadata. Null
   * where the source cannot tell; the document is then read to find out.
   */
  readonly version: string | null;
}

/** A document as the source gives it: text, or the bytes of a file in some format. */
export interface RawDocument extends Omit<SourceItem, 'version'> {
  readonly content: Uint8Array | string;
  /** Decides how it is parsed: `text/markdown`, `text/html`, `application/pdf`, … */
  readonly mediaType: string;
  /** Title given by the source (BEIR, JSONL); a parsed title is used where it is absent. */
  readonly title?: string | undefined;
  /** Reader tokens (`everyone`, `user:NAME`, `group:NAME`); everyone by default. */
  readonly readers?: readonly string[] | undefined;
  /**
   * What an access list in the text itself (front matter) does, for text is data: `narrow` lets in only who is on both
   * lists (default), `ignore` leaves it out, `replace` lets it stand in place of `readers`.
   */
  readonly textReaders?: 'narrow' | 'ignore' | 'replace' | undefined;
  /** Language of the text as a BCP 47 tag: `en`, `de-CH`. */
  readonly language?: string | undefined;
  /** When the content is from: an ISO 8601 day (`2026-11-24`) or instant (`2026-11-24T09:00:00Z`). */
  readonly date?: string | undefined;
  /** When the source last saw it change (the commit of a file): its date where neither source nor text gives one. */
  readonly lastChanged?: string | undefined;
  readonly metadata?: Readonly<Record<string, string | readonly string[]>> | undefined;
}

export interface SourceOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Port: where documents come from. `checkSource` in `fulcrum/testing` is its conformance suite. */
export interface Source {
  readonly name: string;
  readonly capabilities: {
    /**
     * How change is seen. `declared`: items carry versions, and one whose version is as it was is not read.
     * `content`: every document is read, and the hash of what it holds decides.
     */
    readonly versions: 'declared' | 'content';
  };
  /**
   * Every document, in a stable order, without its content. A failure of one document is yielded, never thrown, so
   * that the rest goes on. Throws (`directory-not-found`, `file-not-found`, …) only when the source as a whole
   * cannot be listed to its end; nothing is then taken for gone.
   */
  list(options?: SourceOptions): AsyncIterable<SourceListing>;
  /**
   * The document of an item that this source listed; the item may be a copy, and may be read more than once, while
   * the listing goes on or after it. Throws where this document cannot be read; others are not concerned.
   */
  read(item: SourceItem, options?: SourceOptions): Promise<RawDocument>;
}

export type SourceListing =
  | { readonly ok: true; readonly item: SourceItem }
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
  /** Opens a section that lasts up to the next block with this level or a smaller one: 1 is the outermost. */
  readonly level?: number;
  /** Title of the section: words of a heading without markup, name of a function. Empty where it has none. */
  readonly title?: string;
  /** What is indexed in place of the block: a row with its headers. The block itself is what is cited. */
  readonly indexed?: string;
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
  /** UTF-16, line endings `\n`, no byte order mark. Markdown, CSV and code keep their source; others become text. */
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
