import type { KnowledgeHandle, KnowledgeTables } from '../migrations.ts';

/** A revision that became live (`after`), stopped being so (`before`), or one after the other. */
export interface LiveChange {
  readonly documentId: string;
  readonly before: string | null;
  readonly after: string | null;
}

/**
 * Enters changes of live revisions into the version of the index that is being made, and begins one where none is. To be called in
 * the transaction of the changes. Gives the number of the newest version, null while there is none.
 */
export async function recordChanges(
  tables: KnowledgeHandle,
  state: KnowledgeTables['index_state'],
  changes: readonly LiveChange[],
): Promise<number | null> {
  const real = changes.filter(({ before, after }) => before !== after);
  if (real.length === 0) return state.version;
  const number = await openVersion(tables, state);
  for (const change of real) await recordChange(tables, state.tenant, number, change);
  return number;
}

/** The version that is being made; a new one, begun now, where the newest is complete. */
export async function openVersion(
  tables: KnowledgeHandle,
  state: KnowledgeTables['index_state'],
): Promise<number> {
  const { tenant, version } = state;
  if (version !== null) {
    const newest = await tables
      .selectFrom('index_versions')
      .select('completed_at')
      .where('tenant', '=', tenant)
      .where('number', '=', version)
      .executeTakeFirst();
    if (newest && newest.completed_at === null) return version;
  }
  const number = (version ?? 0) + 1;
  await tables
    .insertInto('index_versions')
    .values({
      tenant,
      number,
      created_at: new Date().toISOString(),
      completed_at: null,
      reason: 'sync',
      note: null,
      pinned: 0,
      corpus_hash: state.corpus_hash,
      documents: state.documents,
      chunks: state.chunks,
      added: 0,
      changed: 0,
      removed: 0,
      renamed: 0,
      embedded: 0,
      embedded_tokens: 0,
      embed_seconds: 0,
      embedding_model: state.embedding_model,
      embedding_fingerprint: state.embedding_fingerprint,
      settings: state.settings,
    })
    .execute();
  return number;
}

/** What came and went within one version leaves no row, so that no version holds two states of a document. */
async function recordChange(
  tables: KnowledgeHandle,
  tenant: string,
  number: number,
  { documentId, before, after }: LiveChange,
): Promise<void> {
  const ofDocument = { tenant, document_id: documentId };
  if (before !== null) {
    await tables
      .deleteFrom('version_documents')
      .where('tenant', '=', tenant)
      .where('document_id', '=', documentId)
      .where('from_version', '=', number)
      .execute();
    await tables
      .updateTable('version_documents')
      .set({ to_version: number })
      .where('tenant', '=', tenant)
      .where('document_id', '=', documentId)
      .where('to_version', 'is', null)
      .execute();
  }
  if (after === null) return;
  const { numUpdatedRows } = await tables
    .updateTable('version_documents')
    .set({ to_version: null })
    .where('tenant', '=', tenant)
    .where('document_id', '=', documentId)
    .where('to_version', '=', number)
    .where('revision', '=', after)
    .executeTakeFirst();
  if (numUpdatedRows > 0n) return;
  await tables
    .insertInto('version_documents')
    .values({ ...ofDocument, revision: after, from_version: number, to_version: null })
    .execute();
}
