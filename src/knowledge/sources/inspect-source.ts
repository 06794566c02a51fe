import { everyone, toFulcrumError, type WorkOptions } from '../../core/index.ts';
import type { Source, SourceItem } from '../document.ts';
import type { DocumentPipeline } from '../sync/prepare-document.ts';
import { resolveAttributes } from './document-attributes.ts';
import type { SourceCommons } from './source-config.ts';
import { unmatchedPatterns } from './source-rules.ts';

/** A document as a sync would take it. */
export interface InspectedDocument {
  readonly key: string;
  readonly uri: string;
  readonly mediaType: string;
  /** Bytes as the source gives them. */
  readonly bytes: number;
  /** Characters of the canonical text. */
  readonly characters: number;
  readonly chunks: number;
  readonly title: string | null;
  readonly readers: readonly string[];
  readonly language: string | null;
  readonly date: string | null;
  readonly metadata: Readonly<Record<string, string | readonly string[]>>;
  readonly warnings: readonly string[];
}

/** What a sync would take from a source, told from its listing and some of its documents. */
export interface SourceInspection {
  readonly source: string;
  readonly versions: 'declared' | 'content';
  readonly listed: number;
  /** Listed documents without a version, which every sync reads. */
  readonly unversioned: number;
  /** Listed documents by the ending of their key; by `(none)` where it has none. */
  readonly endings: Readonly<Record<string, number>>;
  /** The documents that were read, spread evenly over the listing. */
  readonly documents: readonly InspectedDocument[];
  /** How many of the documents that were read each reader token stands on. */
  readonly readers: Readonly<Record<string, number>>;
  /** Patterns of the source's rules that match no listed document, so that what they say applies to nothing. */
  readonly unmatchedRules: readonly string[];
  readonly failures: readonly { readonly uri: string; readonly code: string; readonly message: string }[];
}

/** Lists a source to its end and reads a few documents, writing nothing. Throws what `Source.list` throws. */
export async function inspectSource(
  source: Source,
  pipeline: DocumentPipeline,
  {
    sample = 5,
    commons = {},
    ...work
  }: WorkOptions & {
    readonly sample?: number | undefined;
    /** What the config says of the source beside its kind. */
    readonly commons?: SourceCommons | undefined;
  } = {},
): Promise<SourceInspection> {
  const failures: { uri: string; code: string; message: string }[] = [];
  const fail = (uri: string, error: unknown): void => {
    work.signal?.throwIfAborted();
    const { code, message } = toFulcrumError(error);
    failures.push({ uri, code, message });
  };
  const items: SourceItem[] = [];
  const failedKeys: string[] = [];
  for await (const listing of source.list({ signal: work.signal })) {
    if (listing.ok) items.push(listing.item);
    else {
      failedKeys.push(listing.key);
      fail(listing.uri, listing.error);
    }
    work.onProgress?.({
      phase: `listing ${source.name}`,
      done: items.length,
      total: null,
      unit: 'documents',
    });
  }
  const documents: InspectedDocument[] = [];
  for (const item of spread(items, sample))
    try {
      documents.push(await inspectDocument(source, item, pipeline, work.signal));
    } catch (error) {
      fail(item.uri, error);
    }
  return {
    source: source.name,
    versions: source.capabilities.versions,
    listed: items.length,
    unversioned: items.filter(({ version }) => version === null).length,
    endings: countBy(items.map(({ key }) => /[^/]\.(\w{1,10})$/.exec(key)?.[1]?.toLowerCase() ?? '(none)')),
    documents,
    readers: countBy(documents.flatMap(({ readers }) => (readers.length === 0 ? ['nobody'] : readers))),
    unmatchedRules: unmatchedPatterns(commons, [...items.map(({ key }) => key), ...failedKeys]),
    failures,
  };
}

async function inspectDocument(
  source: Source,
  item: SourceItem,
  pipeline: DocumentPipeline,
  signal: AbortSignal | undefined,
): Promise<InspectedDocument> {
  const raw = await source.read(item, { signal });
  const parsed = await pipeline.parse(raw);
  const chunks = await pipeline.chunk(parsed);
  const { readers, language, date, metadata } = resolveAttributes(raw, parsed.attributes);
  return {
    key: raw.key,
    uri: raw.uri,
    mediaType: raw.mediaType,
    bytes: Buffer.byteLength(raw.content),
    characters: parsed.text.length,
    chunks: chunks.length,
    title: raw.title ?? parsed.title,
    readers: readers.includes(everyone) ? [everyone] : readers,
    language,
    date,
    metadata,
    warnings: parsed.warnings.map(({ problem, page }) =>
      page === undefined ? problem : `page ${page}: ${problem}`,
    ),
  };
}

/** At most `count` items at even distances, the first among them. */
function spread<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items];
  return Array.from({ length: count }, (_, index) => items[Math.floor((index * items.length) / count)]!);
}

function countBy(names: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)));
}
