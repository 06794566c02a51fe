import type { Database } from '../../database/index.ts';
import { inTransaction, type KnowledgeHandle, knowledgeTables } from '../migrations.ts';

/** Which versions of the index are kept; pinned ones and the newest always are. */
export interface Retention {
  /** So many of the newest, the live one included. */
  readonly keep: number;
  /** And those that were live within so many days. */
  readonly days: number;
}

export const defaultRetention: Retention = { keep: 10, days: 30 };

/** Revisions removed in one transaction. */
const revisionsPerStep = 500;

/** What applying the rule removed. */
export interface RemovedVersions {
  readonly versions: readonly number[];
  /** States of documents that no kept version has; their texts and chunks are gone. */
  readonly revisions: number;
}

/**
 * Removes the versions that the rule does not keep, and the states of documents that only they had. Safe to stop at any time: what
 * is left over is removed by the next call. The caller holds the project's lock.
 */
export async function applyRetention(
  database: Database,
  tenant: string,
  { keep, days }: Retention,
  now: Date = new Date(),
): Promise<RemovedVersions> {
  const versions = await knowledgeTables(database)
    .selectFrom('index_versions')
    .select(['number', 'created_at', 'completed_at', 'pinned'])
    .where('tenant', '=', tenant)
    .orderBy('number', 'desc')
    .execute();
  const oldest = new Date(now.getTime() - days * 86_400_000).toISOString();
  const outdated = versions.filter((row, index) => {
    // A version was live until the next one began.
    const until = versions[index - 1]?.created_at;
    return until !== undefined && index >= keep && until < oldest && row.pinned === 0;
  });
  const numbers = outdated.map((row) => row.number);
  if (numbers.length > 0)
    await inTransaction(database, async (tables) => {
      for (const number of numbers)
        await tables
          .deleteFrom('index_versions')
          .where('tenant', '=', tenant)
          .where('number', '=', number)
          .execute();
      await forgetDocuments(tables, tenant);
    });
  return { versions: numbers, revisions: await removeUnused(database, tenant) };
}

/** Rows that say which documents a version holds, where no version that they speak of is left. */
async function forgetDocuments(tables: KnowledgeHandle, tenant: string): Promise<void> {
  await tables
    .deleteFrom('version_documents')
    .where('tenant', '=', tenant)
    .where('to_version', 'is not', null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('index_versions as v')
            .select('v.number')
            .whereRef('v.tenant', '=', 'version_documents.tenant')
            .whereRef('v.number', '>=', 'version_documents.from_version')
            .whereRef('v.number', '<', 'version_documents.to_version'),
        ),
      ),
    )
    .execute();
}

/** States of documents that are neither live, nor in a kept version, nor staged to become live. */
export function unusedRevisions(tables: KnowledgeHandle, tenant: string) {
  return tables
    .selectFrom('document_revisions as r')
    .where('r.tenant', '=', tenant)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('documents as d')
            .select('d.id')
            .whereRef('d.tenant', '=', 'r.tenant')
            .whereRef('d.id', '=', 'r.document_id')
            .whereRef('d.live_revision', '=', 'r.revision'),
        ),
      ),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('version_documents as v')
            .select('v.revision')
            .whereRef('v.tenant', '=', 'r.tenant')
            .whereRef('v.document_id', '=', 'r.document_id')
            .whereRef('v.revision', '=', 'r.revision'),
        ),
      ),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('staged_documents as s')
            .select('s.revision')
            .whereRef('s.tenant', '=', 'r.tenant')
            .whereRef('s.document_id', '=', 'r.document_id')
            .whereRef('s.revision', '=', 'r.revision'),
        ),
      ),
    )
    .select(['r.document_id as documentId', 'r.revision as version']);
}

/** Removes states that nothing refers to, with their chunks. */
export async function removeUnused(database: Database, tenant: string): Promise<number> {
  let removed = 0;
  for (;;) {
    const unused = await unusedRevisions(knowledgeTables(database), tenant).limit(revisionsPerStep).execute();
    if (unused.length === 0) return removed;
    await inTransaction(database, (tables) => deleteRevisions(tables, tenant, unused));
    removed += unused.length;
  }
}

/** Deletes rows of revisions, which must neither be live nor in a kept version of the index. */
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
