import { contentHash, ownersGroup, sha256 } from '../../core/index.ts';
import type { Chunk, ParsedDocument, Place, RawDocument, SourceItem } from '../document.ts';
import { resolveAttributes } from '../sources/document-attributes.ts';

/** How documents become chunks; `settings` names all that the result depends on. */
export interface DocumentPipeline {
  parse(raw: RawDocument): ParsedDocument | Promise<ParsedDocument>;
  chunk(document: ParsedDocument): readonly Chunk[] | Promise<readonly Chunk[]>;
  /** Changes whenever parsing or cutting would; documents are then read anew. */
  readonly settings: unknown;
}

/** A document ready to be written. */
export interface PreparedDocument {
  readonly id: string;
  readonly source: string;
  readonly key: string;
  readonly uri: string;
  readonly title: string | null;
  readonly inputHash: string;
  /** See `declaredVersion`. */
  readonly sourceVersion: string | null;
  readonly readers: readonly string[];
  readonly language: string | null;
  readonly date: string | null;
  readonly metadata: Readonly<Record<string, string | readonly string[]>>;
  readonly places: readonly Place[];
  readonly version: string;
  readonly revision: string;
  readonly text: string;
  readonly chunks: readonly Chunk[];
}

/** Hash of all that a prepared document depends on, without parsing it. */
export function inputHash(raw: RawDocument, settings: unknown): string {
  return contentHash({
    content: sha256(raw.content),
    mediaType: raw.mediaType,
    title: raw.title,
    uri: raw.uri,
    readers: raw.readers,
    language: raw.language,
    date: raw.date,
    metadata: raw.metadata,
    ...(raw.textReaders === undefined ? {} : { textReaders: raw.textReaders }),
    ...(raw.lastChanged === undefined ? {} : { lastChanged: raw.lastChanged }),
    settings,
  });
}

/** Name of what a source declares an item to be and of the settings it is read with; null where it declares nothing. */
export function declaredVersion({ version, uri }: SourceItem, settings: unknown): string | null {
  return version === null ? null : contentHash({ version, uri, settings });
}

/** Parses and cuts one document; `resolveAttributes` joins what source and text say of it. Throws what the pipeline throws (`file-not-text`, …). */
export async function prepareDocument(
  source: string,
  raw: RawDocument,
  hashes: { readonly input: string; readonly declared: string | null },
  pipeline: DocumentPipeline,
): Promise<PreparedDocument> {
  const parsed = await pipeline.parse(raw);
  const chunks = await pipeline.chunk(parsed);
  const known = resolveAttributes(raw, parsed.attributes);
  const { language, date, metadata } = known;
  // Owners of the tenant read everything in it.
  const readers = [...new Set([...known.readers, `group:${ownersGroup}`])].sort();
  const version = sha256(parsed.text);
  return {
    id: `${source}:${raw.key}`,
    source,
    key: raw.key,
    uri: raw.uri,
    title: raw.title ?? parsed.title,
    inputHash: hashes.input,
    sourceVersion: hashes.declared,
    readers,
    language,
    date,
    metadata,
    places: parsed.places,
    version,
    revision: revisionOf({ version, source, readers, language, date, metadata, chunks }),
    text: parsed.text,
    chunks,
  };
}

/** Name of a state: it changes with whatever the index holds of the document. */
export function revisionOf(
  document: Pick<
    PreparedDocument,
    'version' | 'source' | 'readers' | 'language' | 'date' | 'metadata' | 'chunks'
  >,
): string {
  const { version, source, readers, language, date, metadata, chunks } = document;
  // What nobody says is left out, so that it changes no older hash.
  return contentHash({
    version,
    source,
    readers,
    chunks,
    ...(language === null ? {} : { language }),
    ...(date === null ? {} : { date }),
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
  });
}
