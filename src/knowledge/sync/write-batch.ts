import { sha256 } from '../../core/index.ts';
import type { Database } from '../../database/index.ts';
import type { ChunkStore, IndexedChunk } from '../chunk-store.ts';
import type { Chunk } from '../document.ts';
import { inTransaction, type KnowledgeHandle } from '../migrations.ts';
import type { LiveChange } from '../versions/record-changes.ts';
import { updateIndexState } from './index-state.ts';
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
 * and only then the old state leaves the index; the database keeps it for
 * the versions of the index that have it. What a crash leaves behind is removed by `repairIndex`.
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
    for (const { document, before } of batch) {
      if (document.revision === before)
        await describeRevision(tables, tenant, document, description(document));
      await makeLive(tables, tenant, document.id, document.revision);
    }
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

/** Writes a state of a document; one that an older version of the index has is there already and is only described anew. */
async function insertRevision(
  tables: KnowledgeHandle,
  tenant: string,
  document: PreparedDocument,
): Promise<void> {
  const { id, revision, chunks } = document;
  const embedded = chunks.length === 0 ? 1 : 0;
  const described = { embedded, ...description(document) };
  const row = { tenant, document_id: id, revision, version: document.version, text: document.text };
  const { numInsertedOrUpdatedRows: inserted } = await tables
    .insertInto('document_revisions')
    .values({ ...row, ...described, chunk_count: chunks.length, created_at: new Date().toISOString() })
    .onConflict((conflict) => conflict.columns(['tenant', 'document_id', 'revision']).doNothing())
    .executeTakeFirstOrThrow();
  if (inserted === 0n) return describeRevision(tables, tenant, document, described);
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

/** What may change about a revision while it stays the same for the index. */
function description(document: PreparedDocument) {
  return {
    source: document.source,
    key: document.key,
    uri: document.uri,
    title: document.title,
    input_hash: document.inputHash,
    source_version: document.sourceVersion,
    readers: JSON.stringify(document.readers),
    language: document.language,
    date: document.date,
    metadata: JSON.stringify(document.metadata),
    places: JSON.stringify(document.places),
  };
}

async function describeRevision(
  tables: KnowledgeHandle,
  tenant: string,
  { id, revision }: PreparedDocument,
  described: ReturnType<typeof description>,
): Promise<void> {
  await tables
    .updateTable('document_revisions')
    .set(described)
    .where('tenant', '=', tenant)
    .where('document_id', '=', id)
    .where('revision', '=', revision)
    .execute();
}

/** Columns that the live row of a document has from its live revision. */
const liveColumns = [
  'source',
  'key',
  'uri',
  'title',
  'input_hash',
  'source_version',
  'readers',
  'language',
  'date',
  'metadata',
] as const;

/** Makes a revision the live one; its rows must be there, also in the index. */
export async function makeLive(
  tables: KnowledgeHandle,
  tenant: string,
  documentId: string,
  revision: string,
): Promise<void> {
  const now = new Date().toISOString();
  await tables
    .insertInto('documents')
    .columns(['tenant', 'id', 'live_version', 'live_revision', 'created_at', 'updated_at', ...liveColumns])
    .expression((eb) =>
      eb
        .selectFrom('document_revisions')
        .where('tenant', '=', tenant)
        .where('document_id', '=', documentId)
        .where('revision', '=', revision)
        .select(['tenant', 'document_id', 'version', 'revision'])
        .select([eb.val(now).as('created'), eb.val(now).as('updated')])
        .select(liveColumns),
    )
    .onConflict((conflict) =>
      conflict.columns(['tenant', 'id']).doUpdateSet((eb) => ({
        live_version: eb.ref('excluded.live_version'),
        live_revision: eb.ref('excluded.live_revision'),
        updated_at: eb.ref('excluded.updated_at'),
        ...Object.fromEntries(liveColumns.map((name) => [name, eb.ref(`excluded.${name}`)])),
      })),
    )
    .execute();
}
