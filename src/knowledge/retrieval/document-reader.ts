import { type Principal, readerTokens } from '../../core/index.ts';
import type { Database } from '../../database/index.ts';
import { knowledgeTables } from '../migrations.ts';
import type { DocumentReader, StoredDocument } from '../retriever.ts';
import { isReadable } from './live-chunks.ts';

/** A document in a list: everything but its text. */
export interface DocumentSummary extends Omit<StoredDocument, 'text'> {
  readonly chunks: number;
  /** Length of the canonical text in characters (code points). */
  readonly characters: number;
  readonly updatedAt: string;
}

/** Reads documents, and lists those that a principal may read. */
export interface DocumentCatalogue extends DocumentReader {
  /** Ordered by id; only documents of `source` where one is named. */
  list(principal: Principal, options?: { source?: string | undefined }): Promise<DocumentSummary[]>;
}

/** Documents as the database holds them: what is live, for those who may read it. */
export function createDocumentReader(options: { database: Database }): DocumentCatalogue {
  const tables = knowledgeTables(options.database);
  const live = (tenant: string) =>
    tables
      .selectFrom('documents as d')
      .innerJoin('document_revisions as r', (join) =>
        join
          .onRef('r.tenant', '=', 'd.tenant')
          .onRef('r.document_id', '=', 'd.id')
          .onRef('r.revision', '=', 'd.live_revision'),
      )
      .where('d.tenant', '=', tenant)
      .select(['d.id', 'd.source', 'd.key', 'd.uri', 'd.title', 'd.live_version', 'd.readers']);

  return {
    async read(documentId, principal, version) {
      const row = await live(principal.tenant)
        .where('d.id', '=', documentId)
        .select('r.text')
        .executeTakeFirst();
      if (!row || !isReadable(row.readers, new Set(readerTokens(principal)))) return null;
      if (version !== undefined && version !== row.live_version) return null;
      return { ...describe(row), text: row.text };
    },
    async list(principal, { source } = {}) {
      const tokens = new Set(readerTokens(principal));
      const rows = await live(principal.tenant)
        .$if(source !== undefined, (query) => query.where('d.source', '=', source!))
        .select(({ fn }) => [
          'r.chunk_count',
          'd.updated_at',
          fn<number>('length', ['r.text']).as('characters'),
        ])
        .orderBy('d.id')
        .execute();
      return rows
        .filter((row) => isReadable(row.readers, tokens))
        .map((row) => ({
          ...describe(row),
          chunks: row.chunk_count,
          characters: row.characters,
          updatedAt: row.updated_at,
        }));
    },
  };
}

function describe(row: {
  id: string;
  source: string;
  key: string;
  uri: string;
  title: string | null;
  live_version: string;
  readers: string;
}): Omit<StoredDocument, 'text'> {
  return {
    documentId: row.id,
    version: row.live_version,
    source: row.source,
    key: row.key,
    uri: row.uri,
    title: row.title,
    readers: JSON.parse(row.readers) as string[],
  };
}
