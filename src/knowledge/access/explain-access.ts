import { type Principal, readerTokens } from '../../core/index.ts';
import type { Database } from '../../database/index.ts';
import { knowledgeTables } from '../migrations.ts';
import { lastReaders } from '../versions/last-readers.ts';

/** A state of a document and whether a principal may read it. */
export interface AccessToVersion {
  /** sha256 of the canonical text. */
  readonly version: string;
  readonly live: boolean;
  readonly readable: boolean;
  /** The access list that this state came with; what counts is the live one, or the last. */
  readonly readers: readonly string[];
  readonly createdAt: string;
}

/** Why a principal may read a document, or may not. */
export interface AccessExplanation {
  readonly documentId: string;
  readonly principal: Principal;
  /** What the principal is known by: `everyone`, its user, its groups. */
  readonly tokens: readonly string[];
  readonly readable: boolean;
  /** Tokens of the principal that the access list names; empty where it is not readable. */
  readonly through: readonly string[];
  /** The access list that counts now: of a document that is gone, the last that it had. */
  readonly readers: readonly string[];
  /** Whether the document is in the corpus; false where only kept versions of the index still have it. */
  readonly live: boolean;
  /** Newest first. */
  readonly versions: readonly AccessToVersion[];
}

/** How much of a source a principal may read. */
export interface ReadableSource {
  readonly source: string;
  readonly readable: number;
  /** Documents of the source that the asker may read. */
  readonly documents: number;
}

/** Says who may read what. Both calls tell about documents only what the asker may know: those that the asker reads. */
export interface AccessExplainer {
  /** Null where there is no such document in the principal's tenant, or none that the asker may read. */
  explain(
    documentId: string,
    request: { principal: Principal; asker: Principal },
  ): Promise<AccessExplanation | null>;
  /** Ordered by name. */
  list(request: { principal: Principal; asker: Principal }): Promise<ReadableSource[]>;
  /** Groups of the principal that stand on no access list that the asker may read, and the groups that do: for telling a slip. */
  groups(request: {
    principal: Principal;
    asker: Principal;
  }): Promise<{ unnamed: string[]; named: string[] }>;
}

export function createAccessExplainer(options: { database: Database }): AccessExplainer {
  const tables = knowledgeTables(options.database);
  return {
    async explain(documentId, { principal, asker }) {
      const { tenant } = principal;
      const live = await tables
        .selectFrom('documents')
        .select(['live_revision', 'readers'])
        .where('tenant', '=', tenant)
        .where('id', '=', documentId)
        .executeTakeFirst();
      const kept = await tables
        .selectFrom('document_revisions')
        .select(['revision', 'version', 'readers', 'created_at'])
        .where('tenant', '=', tenant)
        .where('document_id', '=', documentId)
        .orderBy('created_at', 'desc')
        .orderBy('revision')
        .execute();
      // A state that is being written and was never live is nobody's business yet.
      const shown = await shownRevisions(tenant, documentId);
      const states = kept.filter(({ revision }) => revision === live?.live_revision || shown.has(revision));
      const readers = parse(live?.readers ?? (await lastReaders(tables, tenant, documentId)));
      if (readers === null || asker.tenant !== tenant || sharedTokens(readers, asker).length === 0)
        return null;
      const through = sharedTokens(readers, principal);
      return {
        documentId,
        principal,
        tokens: readerTokens(principal),
        readable: through.length > 0,
        through,
        readers,
        live: live !== undefined,
        versions: states.map(({ revision, version, readers: own, created_at }) => ({
          version,
          live: revision === live?.live_revision,
          readable: through.length > 0,
          readers: parse(own) ?? [],
          createdAt: created_at,
        })),
      };
    },
    async list({ principal, asker }) {
      if (asker.tenant !== principal.tenant) return [];
      const rows = await tables
        .selectFrom('documents')
        .select(['source', 'readers'])
        .where('tenant', '=', principal.tenant)
        .execute();
      const counts = new Map<string, { readable: number; documents: number }>();
      for (const { source, readers } of rows) {
        const list = parse(readers) ?? [];
        if (sharedTokens(list, asker).length === 0) continue;
        const count = counts.get(source) ?? { readable: 0, documents: 0 };
        count.documents++;
        if (sharedTokens(list, principal).length > 0) count.readable++;
        counts.set(source, count);
      }
      return [...counts]
        .map(([source, count]) => ({ source, ...count }))
        .sort((a, b) => (a.source < b.source ? -1 : 1));
    },
    async groups({ principal, asker }) {
      const rows = await tables
        .selectFrom('documents')
        .select('readers')
        .distinct()
        .where('tenant', '=', principal.tenant)
        .execute();
      const lists = asker.tenant === principal.tenant ? rows.map(({ readers }) => parse(readers) ?? []) : [];
      const tokens = lists.filter((list) => sharedTokens(list, asker).length > 0).flat();
      const prefix = 'group:';
      const named = [...new Set(tokens)]
        .filter((token) => token.startsWith(prefix))
        .map((token) => token.slice(prefix.length))
        .sort();
      return { named, unnamed: principal.groups.filter((group) => !named.includes(group)) };
    },
  };

  /** Revisions that some version of the index has or had. */
  async function shownRevisions(tenant: string, documentId: string): Promise<Set<string>> {
    const rows = await tables
      .selectFrom('version_documents')
      .select('revision')
      .where('tenant', '=', tenant)
      .where('document_id', '=', documentId)
      .execute();
    return new Set(rows.map(({ revision }) => revision));
  }
}

function sharedTokens(readers: readonly string[], principal: Principal): string[] {
  return readerTokens(principal).filter((token) => readers.includes(token));
}

function parse(readers: string | null): string[] | null {
  return readers === null ? null : (JSON.parse(readers) as string[]);
}
