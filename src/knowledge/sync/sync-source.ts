import { FulcrumError, toFulcrumError, type WorkOptions } from '../../core/index.ts';
import { readTombstones, type Tombstones } from '../deletion/tombstones.ts';
import type { Source, SourceItem } from '../document.ts';
import { type KnowledgeHandle, knowledgeTables } from '../migrations.ts';
import { matchRenames } from '../versions/diff-documents.ts';
import type { MassDeletion } from './mass-delete.ts';
import {
  type DocumentPipeline,
  declaredVersion,
  inputHash,
  type PreparedDocument,
  prepareDocument,
} from './prepare-document.ts';
import type { Corpus, Replacement } from './write-batch.ts';

/** A document (or a whole source) that could not be taken in; its earlier state, if any, stays, unless its access list is at fault. */
export interface SyncFailure {
  readonly uri: string;
  readonly code: string;
  readonly message: string;
}

/** A batch is written when it holds this many chunks or characters: few big appends keep the index fast. */
const batchChunks = 2000;
const batchCharacters = 8_000_000;

/** Figures of a sync that are still being counted. */
export interface SyncCounts {
  added: number;
  changed: number;
  unchanged: number;
  removed: number;
  renamed: number;
  /** Left out since they were deleted for good. */
  suppressed: number;
  failed: SyncFailure[];
}

export function noCounts(): SyncCounts {
  return { added: 0, changed: 0, unchanged: 0, removed: 0, renamed: 0, suppressed: 0, failed: [] };
}

/** A document as it was found in the index before the sync. */
export interface KnownDocument {
  readonly id: string;
  readonly source: string;
  readonly uri: string;
  readonly input_hash: string;
  readonly source_version: string | null;
  readonly live_revision: string;
  readonly live_version: string;
}

/** What becomes of the differences that are found: written at once, staged for a second index, or only counted. */
export interface ChangeSink {
  write(batch: readonly Replacement[]): Promise<void>;
  remove(documents: readonly KnownDocument[]): Promise<void>;
  /** Whether so many documents may go. */
  mayRemove(loss: MassDeletion): Promise<boolean>;
  /** Told of each pair, the text of which stays. */
  rename?(before: KnownDocument, after: { readonly id: string }): void;
}

/** What reading a source needs. */
export interface SourceReading {
  readonly corpus: Pick<Corpus, 'tenant' | 'database'>;
  readonly pipeline: DocumentPipeline;
  readonly counts: SyncCounts;
  readonly sink: ChangeSink;
}

/**
 * Finds how a source differs from the index, and hands that to the sink. Documents that failed keep their earlier state,
 * but for those whose access list cannot be understood: these go. When the source cannot be listed to its end nothing else is
 * removed, the failure is counted and returned.
 */
export async function syncSource(
  reading: SourceReading,
  source: Source,
  work: WorkOptions,
): Promise<FulcrumError | null> {
  const { counts, sink } = reading;
  const { database, tenant } = reading.corpus;
  const known = await readKnown(knowledgeTables(database), tenant, source.name);
  const tombstones = await readTombstones(database, tenant);
  const batch = createBatch(sink);
  const documents = createDocumentDiff(reading, source, { known, tombstones }, work);
  const withdrawn: KnownDocument[] = [];
  const fail = (uri: string, error: unknown, key?: string): void => {
    const { code, message } = toFulcrumError(error);
    counts.failed.push({ uri, code, message });
    // Nobody knows who may read it now, and whoever wrote a new list may have meant to shut somebody out.
    const before = code === 'access-list-invalid' ? known.get(`${source.name}:${key}`) : undefined;
    if (before) withdrawn.push(before);
  };

  let listed: FulcrumError | null = null;
  let complete = true;
  const results = source.list({ signal: work.signal })[Symbol.asyncIterator]();
  for (;;) {
    work.signal?.throwIfAborted();
    let next: Awaited<ReturnType<typeof results.next>>;
    try {
      next = await results.next();
    } catch (error) {
      listed = toFulcrumError(error);
      if (listed.code === 'cancelled') throw listed;
      break;
    }
    if (next.done) break;
    const result = next.value;
    if (result.ok) {
      const replacement = await documents.compare(result.item).catch((error) => {
        work.signal?.throwIfAborted();
        fail(result.item.uri, error, result.item.key);
      });
      if (replacement) await batch.add(replacement);
    } else {
      const id = `${source.name}:${result.key}`;
      fail(result.uri, result.error, documents.seen.has(id) ? undefined : result.key);
      documents.seen.add(id);
      if (result.hidesOthers) complete = false;
    }
    work.onProgress?.({
      phase: `reading ${source.name}`,
      done: documents.seen.size,
      total: null,
      unit: 'documents',
    });
  }
  await batch.flush();
  if (withdrawn.length > 0) await sink.remove(withdrawn);
  counts.removed += withdrawn.length;
  if (listed) {
    fail(source.name, listed);
    return listed;
  }
  // Behind a failure that hides other documents, none of them is known to be gone.
  const gone = complete ? [...known.values()].filter((row) => !documents.seen.has(row.id)) : [];
  await removeGone(reading, source.name, { gone, arrived: documents.arrived, known: known.size });
  return null;
}

/** Documents of sources that are no longer configured. */
export async function removeOtherSources(
  reading: SourceReading,
  configured: readonly string[],
): Promise<void> {
  const { database, tenant } = reading.corpus;
  const tables = knowledgeTables(database);
  const sources = await tables
    .selectFrom('documents')
    .select('source')
    .distinct()
    .where('tenant', '=', tenant)
    .execute();
  for (const { source } of sources) {
    if (configured.includes(source)) continue;
    const gone = [...(await readKnown(tables, tenant, source)).values()];
    await removeGone(reading, source, { gone, arrived: [], known: gone.length, left: true });
  }
}

async function removeGone(
  { counts, sink }: SourceReading,
  source: string,
  found: { gone: KnownDocument[]; arrived: readonly ArrivedDocument[]; known: number; left?: boolean },
): Promise<void> {
  const gone = found.gone.map((row) => ({ ...row, version: row.live_version }));
  const { pairs, gone: lost } = matchRenames(gone, found.arrived);
  counts.renamed += pairs.length;
  counts.added -= pairs.length;
  for (const { before, after } of pairs) sink.rename?.(before, after);
  const loss = { source, lost: lost.length, known: found.known, left: found.left === true };
  const may = lost.length > 0 && (await sink.mayRemove(loss));
  if (may) counts.removed += lost.length;
  await sink.remove(may ? gone : pairs.map(({ before }) => before));
}

/** What came new from a source, as far as telling renames needs it. */
interface ArrivedDocument {
  readonly id: string;
  readonly source: string;
  readonly version: string;
}

/** Compares what a source lists with what the index has, document by document. */
function createDocumentDiff(
  { pipeline, counts }: SourceReading,
  source: Source,
  { known, tombstones }: { known: ReadonlyMap<string, KnownDocument>; tombstones: Tombstones },
  work: WorkOptions,
) {
  const seen = new Set<string>();
  const arrived: ArrivedDocument[] = [];
  const count = (document: PreparedDocument, before: KnownDocument | undefined): void => {
    if (!before) {
      counts.added++;
      arrived.push({ id: document.id, source: document.source, version: document.version });
    } else if (before.live_revision === document.revision) counts.unchanged++;
    else counts.changed++;
  };
  return {
    seen,
    arrived,
    /** What is to be written for a document; null when it is unchanged, then it may not even have been read. */
    async compare(item: SourceItem): Promise<Replacement | null> {
      const id = `${source.name}:${item.key}`;
      if (seen.has(id)) throw new FulcrumError('document-duplicate', { uri: item.uri, key: item.key });
      seen.add(id);
      if (tombstones.hasId(id)) {
        counts.suppressed++;
        return null;
      }
      const before = known.get(id);
      const declared =
        source.capabilities.versions === 'declared' ? declaredVersion(item, pipeline.settings) : null;
      if (declared !== null && before?.source_version === declared) {
        counts.unchanged++;
        return null;
      }
      const raw = await source.read(item, { signal: work.signal });
      const hashes = { input: inputHash(raw, pipeline.settings), declared };
      // What declares another version with the same content is written once more, so that the next sync need not read it.
      if (before?.input_hash === hashes.input && before.source_version === declared) {
        counts.unchanged++;
        return null;
      }
      const document = await prepareDocument(source.name, raw, hashes, pipeline);
      if (tombstones.hasContent(document.version)) {
        counts.suppressed++;
        // What it said before is no longer what the source says, so its earlier state goes.
        seen.delete(id);
        return null;
      }
      count(document, before);
      return { document, before: before?.live_revision ?? null };
    },
  };
}

async function readKnown(
  tables: KnowledgeHandle,
  tenant: string,
  source: string,
): Promise<Map<string, KnownDocument>> {
  const rows = await tables
    .selectFrom('documents')
    .select(['id', 'source', 'uri', 'input_hash', 'source_version', 'live_revision', 'live_version'])
    .where('tenant', '=', tenant)
    .where('source', '=', source)
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}

/** Collects documents until there are enough for one write. */
function createBatch(sink: ChangeSink) {
  let waiting: Replacement[] = [];
  let chunks = 0;
  let characters = 0;
  const flush = async (): Promise<void> => {
    const batch = waiting;
    waiting = [];
    chunks = 0;
    characters = 0;
    await sink.write(batch);
  };
  return {
    flush,
    async add(replacement: Replacement): Promise<void> {
      waiting.push(replacement);
      chunks += replacement.document.chunks.length;
      characters += replacement.document.text.length;
      if (chunks >= batchChunks || characters >= batchCharacters) await flush();
    },
  };
}
