import { FulcrumError, sha256, suggest } from '../../core/index.ts';
import type { Database } from '../../database/index.ts';
import { inTransaction, type KnowledgeHandle, knowledgeTables } from '../migrations.ts';

/** Every document that is live or in an older version of the index; whoever may read it. */
export async function listEveryDocument(
  database: Database,
  tenant: string,
): Promise<{ id: string; source: string; key: string }[]> {
  const rows = await knowledgeTables(database)
    .selectFrom('document_revisions')
    .select(['document_id as id'])
    .distinct()
    .where('tenant', '=', tenant)
    .orderBy('document_id')
    .execute();
  return rows.map(({ id }) => {
    const colon = id.indexOf(':');
    return { id, source: id.slice(0, colon), key: id.slice(colon + 1) };
  });
}

/** Tenants with a deletion that was begun and not finished. */
export async function tenantsWithUnfinishedDeletions(database: Database): Promise<string[]> {
  const rows = await knowledgeTables(database)
    .selectFrom('document_deletions')
    .select('tenant')
    .distinct()
    .where('state', '!=', 'done')
    .orderBy('tenant')
    .execute();
  return rows.map((row) => row.tenant);
}

/** A deletion as it is listed. */
export interface DeletionSummary {
  readonly id: string;
  readonly state: 'unfinished' | 'done';
  readonly requestedAt: string;
  readonly requestedBy: string;
  readonly reason: string | null;
  readonly documents: readonly string[];
  /** Those of them that a sync still leaves out. */
  readonly suppressed: readonly string[];
}

/** Deletions of a tenant, oldest first. */
export async function listDeletions(database: Database, tenant: string): Promise<DeletionSummary[]> {
  const tables = knowledgeTables(database);
  const tombstones = await tables
    .selectFrom('document_tombstones')
    .select('hash')
    .where('tenant', '=', tenant)
    .where('kind', '=', 'id')
    .execute();
  const hashes = new Set(tombstones.map((row) => row.hash));
  const rows = await tables
    .selectFrom('document_deletions')
    .selectAll()
    .where('tenant', '=', tenant)
    .orderBy('requested_at')
    .orderBy('id')
    .execute();
  return rows.map((row) => {
    const documents = JSON.parse(row.documents) as string[];
    return {
      id: row.id,
      state: row.state === 'done' ? 'done' : 'unfinished',
      requestedAt: row.requested_at,
      requestedBy: row.requested_by,
      reason: row.reason,
      documents,
      suppressed: documents.filter((id) => hashes.has(sha256(id))),
    };
  });
}

/**
 * Lets documents that were deleted come back with the next sync that finds them in their source. What was erased elsewhere
 * (answers, samples, older versions) does not come back. Throws `document-not-deleted`.
 * @param restoreElsewhere what other rooms do about it, in the same transaction. Supplied by `app`.
 */
export async function undelete(
  database: Database,
  tenant: string,
  ids: readonly string[],
  restoreElsewhere: (transaction: Parameters<typeof knowledgeTables>[0], id: string) => Promise<void>,
): Promise<void> {
  const deletions = await listDeletions(database, tenant);
  const suppressed = new Set(deletions.flatMap((deletion) => deletion.suppressed));
  for (const id of ids)
    if (!suppressed.has(id))
      throw new FulcrumError('document-not-deleted', {
        document: id,
        suggestion: suggest(id, [...suppressed]),
      });
  await inTransaction(database, async (tables) => {
    for (const id of ids) {
      const hashes = [sha256(id), ...(await contentsOf(tables, tenant, id))];
      await tables
        .deleteFrom('document_tombstones')
        .where('tenant', '=', tenant)
        .where('hash', 'in', hashes)
        .execute();
      await restoreElsewhere(tables as unknown as Parameters<typeof knowledgeTables>[0], id);
    }
  });
}

/** Hashes of the texts that a document had when it was deleted. */
async function contentsOf(tables: KnowledgeHandle, tenant: string, id: string): Promise<string[]> {
  const rows = await tables
    .selectFrom('document_deletions')
    .select('receipt')
    .where('tenant', '=', tenant)
    .where('receipt', 'is not', null)
    .execute();
  return rows.flatMap(({ receipt }) => {
    const { documents } = JSON.parse(receipt ?? '{"documents":[]}') as {
      documents: { id: string; versions: string[] }[];
    };
    return documents.filter((document) => document.id === id).flatMap((document) => document.versions);
  });
}
