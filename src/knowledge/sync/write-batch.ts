import { sha256 } from '../../core/index.ts';
import type { Database } from '../../database/index.ts';
import type { ChunkStore, IndexedChunk } from '../chunk-store.ts';
import type { Chunk } from '../document.ts';
import { inTransaction, type KnowledgeHandle } from '../migrations.ts';
import { type LiveChange, updateIndexState } from './index-state.ts';
import type { PreparedDocument } from './prepare-document.ts';

/** Rows of one insert statement. */
const insertRows = 400;

/** What writing needs; the same for every batch of a sync. */
export interface Corpus {
  readonly tenant: string;
  readonly database: Database;
  readonly store: ChunkStore;
}

/** A document to write, and its live revision so far. */
export interface Replacement {
  readonly document: PreparedDocument;
  readonly before: string | null;
}

/**
 * Writes a batch of documents. Each of them is found in its old state or its new one at every moment, also
 * after a crash: rows of the new state, then the index, then one transaction that makes the new state live,
 * and only then the old state goes. What a crash leaves behind is removed by `repairIndex`.
 */
export async function writeBatch(corpus: Corpus, batch: readonly Replacement[]): Promise<void> {
  if (batch.length === 0) return;
  const { tenant, database, store } = corpus;
  const rewritten = batch.filter(({ document, before }) => document.revision !== before);
  await inTransaction(database, async (tables) => {
    for (const { document } of rewritten) await insertRevision(tables, tenant, document);
  });
  await store.addChunks(
    tenant,
    rewritten.flatMap(({ document }) => document.chunks.map((chunk) => indexedChunk(document, chunk))),
  );
  await inTransaction(database, async (tables) => {
    for (const { document } of batch) await makeLive(tables, tenant, document);
    const changes = rewritten.map(({ document, before }) => ({
      documentId: document.id,
      before,
      after: document.revision,
    }));
    await updateIndexState(tables, tenant, changes);
  });
  const replaced = rewritten.flatMap(({ document, before }) =>
    before === null ? [] : [{ documentId: document.id, version: before }],
  );
  await store.removeVersions(tenant, replaced);
  await inTransaction(database, (tables) => deleteRevisions(tables, tenant, replaced));
}

/** Removes documents: gone for every search when the transaction ends, then their rows in the index go. */
export async function removeDocuments(
  corpus: Corpus,
  documents: readonly { id: string; live_revision: string }[],
): Promise<void> {
  const { tenant, database, store } = corpus;
  for (let start = 0; start < documents.length; start += insertRows) {
    const part = documents.slice(start, start + insertRows);
    const versions = part.map((row) => ({ documentId: row.id, version: row.live_revision }));
    await inTransaction(database, async (tables) => {
      await tables
        .deleteFrom('documents')
        .where('tenant', '=', tenant)
        .where(
          'id',
          'in',
          part.map((row) => row.id),
        )
        .execute();
      await deleteRevisions(tables, tenant, versions);
      const changes: LiveChange[] = part.map((row) => ({
        documentId: row.id,
        before: row.live_revision,
        after: null,
      }));
      await updateIndexState(tables, tenant, changes);
    });
    await store.removeVersions(tenant, versions);
  }
}

/** Deletes rows of revisions, which must not be live. */
export async function deleteRevisions(
  tables: KnowledgeHandle,
  tenant: string,
  versions: readonly { documentId: string; version: string }[],
): Promise<void> {
  for (const { documentId, version } of versions)
    for (const table of ['chunks', 'document_revisions'] as const)
      await tables
        .deleteFrom(table)
        .where('tenant', '=', tenant)
        .where('document_id', '=', documentId)
        .where('revision', '=', version)
        .execute();
}

/** Id of a chunk in the index. */
export function chunkId(documentId: string, revision: string, ordinal: number): string {
  return `${documentId}@${revision}#${ordinal}`;
}

function indexedChunk(document: PreparedDocument, chunk: Chunk): IndexedChunk {
  return {
    id: chunkId(document.id, document.revision, chunk.ordinal),
    documentId: document.id,
    version: document.revision,
    source: document.source,
    readers: document.readers,
    language: null,
    date: null,
    tags: [],
    indexedText: chunk.indexedText,
  };
}

async function insertRevision(
  tables: KnowledgeHandle,
  tenant: string,
  document: PreparedDocument,
): Promise<void> {
  const { id, revision, version, text, chunks } = document;
  const embedded = chunks.length === 0 ? 1 : 0;
  await tables
    .insertInto('document_revisions')
    .values({ tenant, document_id: id, revision, version, text, chunk_count: chunks.length, embedded })
    .execute();
  for (let start = 0; start < chunks.length; start += insertRows) {
    const rows = chunks.slice(start, start + insertRows).map((chunk) => ({
      tenant,
      document_id: id,
      revision,
      ordinal: chunk.ordinal,
      start_offset: chunk.start,
      end_offset: chunk.end,
      title_path: JSON.stringify(chunk.titlePath),
      indexed_text: chunk.indexedText,
      indexed_hash: sha256(chunk.indexedText),
    }));
    await tables.insertInto('chunks').values(rows).execute();
  }
}

async function makeLive(tables: KnowledgeHandle, tenant: string, document: PreparedDocument): Promise<void> {
  const now = new Date().toISOString();
  const row = {
    source: document.source,
    key: document.key,
    uri: document.uri,
    title: document.title,
    live_version: document.version,
    live_revision: document.revision,
    input_hash: document.inputHash,
    readers: JSON.stringify(document.readers),
    updated_at: now,
  };
  await tables
    .insertInto('documents')
    .values({ tenant, id: document.id, created_at: now, ...row })
    .onConflict((conflict) => conflict.columns(['tenant', 'id']).doUpdateSet(row))
    .execute();
}
