import type { KnowledgeHandle } from '../migrations.ts';

/**
 * JSON of the access list that a document has, or had last, as far as kept versions of the index know; null where none has it. It
 * is what counts for a document that is gone: what was shut out before it went stays shut out.
 */
export async function lastReaders(
  tables: KnowledgeHandle,
  tenant: string,
  documentId: string,
): Promise<string | null> {
  const row = await tables
    .selectFrom('version_documents as v')
    .innerJoin('document_revisions as r', (join) =>
      join
        .onRef('r.tenant', '=', 'v.tenant')
        .onRef('r.document_id', '=', 'v.document_id')
        .onRef('r.revision', '=', 'v.revision'),
    )
    .where('v.tenant', '=', tenant)
    .where('v.document_id', '=', documentId)
    .select('r.readers')
    .orderBy('v.from_version', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.readers ?? null;
}
