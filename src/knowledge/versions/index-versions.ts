import { FulcrumError } from '../../core/index.ts';
import type { Database } from '../../database/index.ts';
import { inTransaction, type KnowledgeTables, knowledgeTables } from '../migrations.ts';
import { indexVersion, readIndexState } from '../sync/index-state.ts';
import { diffVersions, type VersionDiff } from './diff-versions.ts';

/** A version of a tenant's index. Figures count documents, but for `chunks` and `embedded`. */
export interface IndexVersion {
  readonly number: number;
  /** Name of exactly what could be found, as search results and runs carry it; with all vectors present. */
  readonly name: string;
  /** Whether it is what searches show. */
  readonly live: boolean;
  readonly pinned: boolean;
  readonly createdAt: string;
  /** Null while it is being made, or when that was interrupted. */
  readonly completedAt: string | null;
  readonly reason: string;
  readonly note: string | null;
  readonly documents: number;
  readonly chunks: number;
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  readonly renamed: number;
  /** Texts that the embedding model was asked for, in its tokens and in seconds of waiting for it. */
  readonly embedded: number;
  readonly embeddedTokens: number;
  readonly embedSeconds: number;
  readonly embeddingModel: string | null;
}

/** The kept versions of the index. A version is named by its number, by its `name`, or `live`. */
export interface IndexVersions {
  /** Newest first. */
  list(): Promise<IndexVersion[]>;
  /** Throws `version-unknown`. */
  get(version: string): Promise<IndexVersion>;
  /** Keeps it whatever the rule of retention says, or no longer. Throws `version-unknown`. */
  pin(version: string, pinned: boolean): Promise<IndexVersion>;
  /** How the index went from one version to another; either may be the older. Throws `version-unknown`. */
  diff(from: string, to: string): Promise<VersionDiff>;
}

export function createIndexVersions(options: { database: Database; tenant: string }): IndexVersions {
  const { database, tenant } = options;
  const tables = knowledgeTables(database);

  const list = async (): Promise<IndexVersion[]> => {
    const live = await readIndexState(tables, tenant);
    const rows = await tables
      .selectFrom('index_versions')
      .selectAll()
      .where('tenant', '=', tenant)
      .orderBy('number', 'desc')
      .execute();
    return rows.map((row) => describe(row, live));
  };

  const get = async (version: string): Promise<IndexVersion> => {
    const all = await list();
    const named = all.filter((each) => each.name === version);
    // The same corpus has the same name whenever it is live: the newest of them is meant.
    const found =
      version === 'live' ? all[0] : (all.find((each) => String(each.number) === version) ?? named[0]);
    if (found) return found;
    const newest = all[0]?.number ?? 0;
    const past = /^\d+$/.test(version) && Number(version) > 0 && Number(version) < newest;
    throw new FulcrumError('version-unknown', {
      version,
      reason: past ? ': it is no longer kept' : '',
    });
  };

  return {
    list,
    get,
    async pin(version, pinned) {
      const { number } = await get(version);
      await inTransaction(database, (transaction) =>
        transaction
          .updateTable('index_versions')
          .set({ pinned: pinned ? 1 : 0 })
          .where('tenant', '=', tenant)
          .where('number', '=', number)
          .execute(),
      );
      return get(version);
    },
    async diff(from, to) {
      return diffVersions(tables, tenant, await get(from), await get(to));
    },
  };
}

function describe(
  row: KnowledgeTables['index_versions'],
  state: KnowledgeTables['index_state'],
): IndexVersion {
  const live = row.number === state.version;
  // What is being made has no figures of its own yet.
  const now = live ? state : { ...row, embedded_chunks: row.embedding_fingerprint === null ? 0 : row.chunks };
  return {
    number: row.number,
    name: indexVersion(now),
    live,
    pinned: row.pinned === 1,
    createdAt: row.created_at,
    completedAt: row.completed_at,
    reason: row.reason,
    note: row.note,
    documents: now.documents,
    chunks: now.chunks,
    added: row.added,
    changed: row.changed,
    removed: row.removed,
    renamed: row.renamed,
    embedded: row.embedded,
    embeddedTokens: row.embedded_tokens,
    embedSeconds: row.embed_seconds,
    embeddingModel: live ? state.embedding_model : row.embedding_model,
  };
}
