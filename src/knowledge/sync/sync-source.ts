import { FulcrumError, toFulcrumError, type WorkOptions } from '../../core/index.ts';
import type { Source, SourceItem } from '../document.ts';
import { knowledgeTables } from '../migrations.ts';
import { type DocumentPipeline, inputHash, prepareDocument } from './prepare-document.ts';
import { type Corpus, type Replacement, removeDocuments, writeBatch } from './write-batch.ts';

/** A document (or a whole source) that could not be taken in; its earlier state, if any, stays. */
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
  failed: SyncFailure[];
}

/**
 * Brings one source into the index and counts what was done. Documents that failed keep their earlier state.
 * When the source cannot be listed to its end nothing is removed, the failure is counted and returned.
 */
export async function syncSource(
  corpus: Corpus & { readonly pipeline: DocumentPipeline },
  source: Source,
  counts: SyncCounts,
  work: WorkOptions,
): Promise<FulcrumError | null> {
  const known = await readKnown(corpus, source.name);
  const seen = new Set<string>();
  const batch = createBatch(corpus);
  const report = (): void =>
    work.onProgress?.({ phase: `reading ${source.name}`, done: seen.size, total: null, unit: 'documents' });

  /** What is to be written for a document; null when it is unchanged. */
  const prepare = async (item: SourceItem): Promise<Replacement | null> => {
    const id = `${source.name}:${item.key}`;
    if (seen.has(id)) throw new FulcrumError('document-duplicate', { uri: item.uri, key: item.key });
    seen.add(id);
    const before = known.get(id);
    const raw = await source.read(item, { signal: work.signal });
    const hash = inputHash(raw, corpus.pipeline.settings);
    if (before?.input_hash === hash) {
      counts.unchanged++;
      return null;
    }
    const document = await prepareDocument(source.name, raw, hash, corpus.pipeline);
    if (!before) counts.added++;
    else if (before.live_revision === document.revision) counts.unchanged++;
    else counts.changed++;
    return { document, before: before?.live_revision ?? null };
  };

  const fail = (uri: string, error: unknown): void => {
    const { code, message } = toFulcrumError(error);
    counts.failed.push({ uri, code, message });
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
      const replacement = await prepare(result.item).catch((error) => {
        work.signal?.throwIfAborted();
        fail(result.item.uri, error);
      });
      if (replacement) await batch.add(replacement);
    } else {
      seen.add(`${source.name}:${result.key}`);
      fail(result.uri, result.error);
      if (result.hidesOthers) complete = false;
    }
    report();
  }
  await batch.flush();
  if (listed) {
    fail(source.name, listed);
    return listed;
  }
  // Behind a failure that hides other documents, none of them is known to be gone.
  const gone = complete ? [...known.values()].filter((row) => !seen.has(row.id)) : [];
  await removeDocuments(corpus, gone);
  counts.removed += gone.length;
  return null;
}

interface KnownDocument {
  id: string;
  input_hash: string;
  live_revision: string;
}

async function readKnown({ database, tenant }: Corpus, source: string): Promise<Map<string, KnownDocument>> {
  const rows = await knowledgeTables(database)
    .selectFrom('documents')
    .select(['id', 'input_hash', 'live_revision'])
    .where('tenant', '=', tenant)
    .where('source', '=', source)
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}

/** Collects documents until there are enough for one write. */
function createBatch(corpus: Corpus) {
  let waiting: Replacement[] = [];
  let chunks = 0;
  let characters = 0;
  const flush = async (): Promise<void> => {
    const batch = waiting;
    waiting = [];
    chunks = 0;
    characters = 0;
    await writeBatch(corpus, batch);
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
