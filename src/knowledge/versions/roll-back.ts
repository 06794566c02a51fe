import { FulcrumError, type WorkOptions } from '../../core/index.ts';
import type { Chunk, Place } from '../document.ts';
import { type KnowledgeHandle, knowledgeTables } from '../migrations.ts';
import { readIndexState } from '../sync/index-state.ts';
import { type PreparedDocument, revisionOf } from '../sync/prepare-document.ts';
import type { ChangeSink } from '../sync/sync-source.ts';
import type { SyncCorpus } from '../sync/write-batch.ts';
import { type DocumentDiff, diffDocuments, type VersionDocument } from './diff-documents.ts';
import { lastReaders } from './last-readers.ts';

/** A batch is written when it holds this many chunks or characters. */
const batchChunks = 2000;
const batchCharacters = 8_000_000;

/** Where a rollback goes to. */
export interface RollbackTarget {
  readonly number: number;
  /** Model whose vectors that version had; null where it had none. */
  readonly model: { readonly id: string; readonly fingerprint: string } | null;
  readonly settings: string | null;
  readonly difference: DocumentDiff;
}

/** Reads what a rollback would change. Throws `version-unknown`. */
export async function readRollback(corpus: SyncCorpus, number: number): Promise<RollbackTarget> {
  const { tenant } = corpus;
  const tables = knowledgeTables(corpus.database);
  const row = await tables
    .selectFrom('index_versions')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('number', '=', number)
    .executeTakeFirst();
  if (!row) throw new FulcrumError('version-unknown', { version: number, reason: '' });
  const { version } = await readIndexState(tables, tenant);
  const { embedding_fingerprint: fingerprint, embedding_model: id } = row;
  return {
    number,
    model: fingerprint === null ? null : { id: id ?? '', fingerprint },
    settings: row.settings,
    difference: await diffDocuments(tables, tenant, version ?? 0, number),
  };
}

/**
 * Hands the states of an older version to a sink, as a sync would. Access lists are not turned back: a document keeps the one that it
 * has, or had last.
 */
export async function restoreDocuments(
  corpus: SyncCorpus,
  { difference }: RollbackTarget,
  sink: Pick<ChangeSink, 'write' | 'remove'>,
  work: WorkOptions,
): Promise<void> {
  const tables = knowledgeTables(corpus.database);
  const back: { state: VersionDocument; before: string | null }[] = [
    ...difference.changed.map(({ before, after }) => ({ state: after, before: before.revision })),
    ...[...difference.added, ...difference.renamed.map(({ after }) => after)].map((state) => ({
      state,
      before: null,
    })),
  ];
  let batch: { document: PreparedDocument; before: string | null }[] = [];
  let chunks = 0;
  let characters = 0;
  for (const [index, { state, before }] of back.entries()) {
    work.signal?.throwIfAborted();
    const document = await loadDocument(tables, corpus.tenant, state);
    batch.push({ document, before });
    chunks += document.chunks.length;
    characters += document.text.length;
    if (chunks >= batchChunks || characters >= batchCharacters) {
      await sink.write(batch);
      batch = [];
      chunks = 0;
      characters = 0;
    }
    work.onProgress?.({ phase: 'restoring', done: index + 1, total: back.length, unit: 'documents' });
  }
  await sink.write(batch);
  const gone = [...difference.removed, ...difference.renamed.map(({ before }) => before)];
  await sink.remove(
    gone.map(({ documentId, revision, version, uri }) => ({
      id: documentId,
      source: '',
      uri,
      input_hash: '',
      source_version: null,
      live_revision: revision,
      live_version: version,
      readers: '[]',
    })),
  );
}

/** A kept state as it was prepared, with the access list that the document has now, or had last. */
async function loadDocument(
  tables: KnowledgeHandle,
  tenant: string,
  { documentId, revision }: VersionDocument,
): Promise<PreparedDocument> {
  const row = await tables
    .selectFrom('document_revisions')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('document_id', '=', documentId)
    .where('revision', '=', revision)
    .executeTakeFirstOrThrow();
  const document: PreparedDocument = {
    id: documentId,
    source: row.source,
    key: row.key,
    uri: row.uri,
    title: row.title,
    inputHash: row.input_hash,
    sourceVersion: row.source_version,
    readers: JSON.parse(row.readers) as string[],
    language: row.language,
    date: row.date,
    metadata: JSON.parse(row.metadata) as PreparedDocument['metadata'],
    places: JSON.parse(row.places) as Place[],
    version: row.version,
    revision,
    text: row.text,
    chunks: await loadChunks(tables, tenant, documentId, revision),
  };
  const readers = await lastReaders(tables, tenant, documentId);
  if (readers === null || readers === row.readers) return document;
  const shared = { ...document, readers: JSON.parse(readers) as string[] };
  return { ...shared, revision: revisionOf(shared) };
}

async function loadChunks(
  tables: KnowledgeHandle,
  tenant: string,
  documentId: string,
  revision: string,
): Promise<Chunk[]> {
  const rows = await tables
    .selectFrom('chunks')
    .select(['ordinal', 'start_offset', 'end_offset', 'title_path', 'indexed_text'])
    .where('tenant', '=', tenant)
    .where('document_id', '=', documentId)
    .where('revision', '=', revision)
    .orderBy('ordinal')
    .execute();
  return rows.map((row) => ({
    ordinal: row.ordinal,
    start: row.start_offset,
    end: row.end_offset,
    titlePath: JSON.parse(row.title_path) as string[],
    indexedText: row.indexed_text,
  }));
}
