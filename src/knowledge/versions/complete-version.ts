import type { Database } from '../../database/index.ts';
import { inTransaction, type KnowledgeHandle } from '../migrations.ts';
import { readIndexState } from '../sync/index-state.ts';
import { diffDocuments } from './diff-documents.ts';

/** How a version came about. */
export interface VersionOrigin {
  readonly reason: 'sync' | 'rollback' | 'deletion' | 'settings';
  readonly note?: string | null;
}

/**
 * Ends the version that is being made, if one is: from now on a change begins the next one. Gives its number, null where nothing
 * had changed. The caller holds the project's lock.
 */
export function completeVersion(
  database: Database,
  tenant: string,
  origin: VersionOrigin,
): Promise<number | null> {
  return inTransaction(database, (tables) => completeVersionIn(tables, tenant, origin));
}

/** As `completeVersion`, in a transaction that is under way. */
export async function completeVersionIn(
  tables: KnowledgeHandle,
  tenant: string,
  { reason, note = null }: VersionOrigin,
): Promise<number | null> {
  const state = await readIndexState(tables, tenant);
  if (state.version === null) return null;
  const of = { tenant, number: state.version };
  const open = await tables
    .selectFrom('index_versions')
    .select('completed_at')
    .where('tenant', '=', tenant)
    .where('number', '=', of.number)
    .executeTakeFirst();
  if (!open || open.completed_at !== null) return null;
  const { added, changed, removed, renamed } = await diffDocuments(tables, tenant, of.number - 1, of.number);
  await tables
    .updateTable('index_versions')
    .set({
      completed_at: new Date().toISOString(),
      reason,
      note,
      corpus_hash: state.corpus_hash,
      documents: state.documents,
      chunks: state.chunks,
      added: added.length,
      changed: changed.length,
      removed: removed.length,
      renamed: renamed.length,
      embedding_model: state.embedding_model,
      embedding_fingerprint: state.embedding_fingerprint,
      settings: state.settings,
    })
    .where('tenant', '=', tenant)
    .where('number', '=', of.number)
    .execute();
  return of.number;
}
