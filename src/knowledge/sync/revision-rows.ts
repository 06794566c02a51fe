import { sha256 } from '../../core/index.ts';
import type { IndexedChunk, IndexedRow } from '../chunk-store.ts';
import type { KnowledgeHandle, KnowledgeTables } from '../migrations.ts';
import { indexedDate, metadataTags } from '../store/chunk-filter.ts';
import type { PreparedDocument } from './prepare-document.ts';

/** Rows of one insert statement. */
const insertRows = 400;

/** Id of a chunk in the index. */
export function chunkId(documentId: string, revision: string, ordinal: number): string {
  return `${documentId}@${revision}#${ordinal}`;
}

/** What the index holds of all chunks of a revision; JSON columns as the database has them. */
export type RevisionColumns = Pick<
  KnowledgeTables['document_revisions'],
  'document_id' | 'revision' | 'source' | 'readers' | 'language' | 'date' | 'metadata'
>;

/** These columns of `document_revisions as r`. */
export const indexedColumns = [
  'r.document_id',
  'r.revision',
  'r.source',
  'r.readers',
  'r.language',
  'r.date',
  'r.metadata',
] as const;

/** A chunk's row in the index, without text or vector. */
export function indexedRow(row: RevisionColumns, ordinal: number): IndexedRow {
  return {
    id: chunkId(row.document_id, row.revision, ordinal),
    documentId: row.document_id,
    version: row.revision,
    source: row.source,
    readers: JSON.parse(row.readers) as string[],
    language: row.language,
    date: indexedDate(row.date),
    tags: metadataTags(JSON.parse(row.metadata) as PreparedDocument['metadata']),
  };
}

/** The chunks of a document for the keyword arm. */
export function indexedChunks(document: PreparedDocument): IndexedChunk[] {
  const row = { document_id: document.id, revision: document.revision, ...description(document) };
  return document.chunks.map((chunk) => ({
    ...indexedRow(row, chunk.ordinal),
    indexedText: chunk.indexedText,
  }));
}

/**
 * Writes a state of a document; one that an older version of the index has is there already and is only described anew.
 * @param options.live whether the state may be live at present, so that what is known of its vectors stays.
 */
export async function insertRevision(
  tables: KnowledgeHandle,
  tenant: string,
  document: PreparedDocument,
  { live }: { live: boolean },
): Promise<void> {
  const { id, revision, chunks } = document;
  const embedded = chunks.length === 0 ? 1 : 0;
  const described = description(document);
  const row = { tenant, document_id: id, revision, version: document.version, text: document.text };
  const { numInsertedOrUpdatedRows: inserted } = await tables
    .insertInto('document_revisions')
    .values({
      ...row,
      ...described,
      embedded,
      chunk_count: chunks.length,
      created_at: new Date().toISOString(),
    })
    .onConflict((conflict) => conflict.columns(['tenant', 'document_id', 'revision']).doNothing())
    .executeTakeFirstOrThrow();
  if (inserted === 0n)
    return describeRevision(tables, tenant, document, live ? described : { ...described, embedded });
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

/** Writes that again for a revision that is there. */
export async function describeRevision(
  tables: KnowledgeHandle,
  tenant: string,
  document: PreparedDocument,
  described: Partial<KnowledgeTables['document_revisions']> = description(document),
): Promise<void> {
  await tables
    .updateTable('document_revisions')
    .set(described)
    .where('tenant', '=', tenant)
    .where('document_id', '=', document.id)
    .where('revision', '=', document.revision)
    .execute();
}

/** Columns that the live row of a document has from its live revision. */
export const liveColumns = [
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
