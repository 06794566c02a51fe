import { contentHash, everyone, ownersGroup, sha256 } from '../../core/index.ts';
import type { Chunk, ParsedDocument, Place, RawDocument, SourceItem } from '../document.ts';

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
    settings,
  });
}

/** Name of what a source declares an item to be and of the settings it is read with; null where it declares nothing. */
export function declaredVersion({ version, uri }: SourceItem, settings: unknown): string | null {
  return version === null ? null : contentHash({ version, uri, settings });
}

/** Parses and cuts one document. What the source says of it comes before what it says of itself. Throws what the pipeline throws (`file-not-text`, …). */
export async function prepareDocument(
  source: string,
  raw: RawDocument,
  hashes: { readonly input: string; readonly declared: string | null },
  pipeline: DocumentPipeline,
): Promise<PreparedDocument> {
  const parsed = await pipeline.parse(raw);
  const chunks = await pipeline.chunk(parsed);
  // Owners of the tenant read everything in it.
  const listed = raw.readers ?? parsed.attributes.readers ?? [everyone];
  const readers = [...new Set([...listed, `group:${ownersGroup}`])].sort();
  const version = sha256(parsed.text);
  const { attributes } = parsed;
  const language = raw.language ?? attributes.language ?? null;
  const date = raw.date ?? attributes.date ?? null;
  const metadata = { ...attributes.metadata, ...raw.metadata };
  // Whatever the index holds of the document; what nobody says is left out, so that it changes no older hash.
  const said = {
    ...(language === null ? {} : { language }),
    ...(date === null ? {} : { date }),
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
  };
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
    revision: contentHash({ version, source, readers, chunks, ...said }),
    text: parsed.text,
    chunks,
  };
}
