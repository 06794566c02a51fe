import { type Principal, readerTokens } from '../../core/index.ts';
import type { Database } from '../../database/index.ts';
import type { Place } from '../document.ts';
import { type KnowledgeHandle, knowledgeTables } from '../migrations.ts';
import type { DocumentReader, StoredDocument } from '../retriever.ts';
import { lastReaders } from '../versions/last-readers.ts';
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
  /** Ordered by id; only documents of `source` where one is named, and with `after` those behind that id, at most `limit`. */
  list(
    principal: Principal,
    options?: { source?: string | undefined; after?: string | undefined; limit?: number | undefined },
  ): Promise<DocumentSummary[]>;
}

/**
 * Documents as the database holds them, for those who may read them: what is live, and by `version` an older text while a kept
 * version of the index has it. Who may read the document now, or could read it last, may read its older texts.
 */
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
      .select(['d.id', 'd.source', 'd.key', 'd.uri', 'd.title', 'd.live_version', 'd.readers'])
      .select(['d.language', 'd.date', 'd.metadata']);

  return {
    async read(documentId, principal, version) {
      const tokens = new Set(readerTokens(principal));
      const row = await live(principal.tenant)
        .where('d.id', '=', documentId)
        .select(['r.text', 'r.places'])
        .executeTakeFirst();
      if (row && !isReadable(row.readers, tokens)) return null;
      if (row && (version === undefined || version === row.live_version)) return withText(row);
      if (version === undefined) return null;
      const kept = await readKept(tables, principal.tenant, documentId, version);
      if (!kept) return null;
      // What may be read now counts; of a document that is gone, what could be read last.
      if (!row) {
        const last = await lastReaders(tables, principal.tenant, documentId);
        if (last === null || !isReadable(last, tokens)) return null;
      }
      return withText(kept);
    },
    async list(principal, { source, after, limit = Number.POSITIVE_INFINITY } = {}) {
      const tokens = new Set(readerTokens(principal));
      const found: DocumentSummary[] = [];
      for (let behind = after ?? ''; ; ) {
        const rows = await live(principal.tenant)
          .where('d.id', '>', behind)
          .$if(source !== undefined, (query) => query.where('d.source', '=', source!))
          .select(({ fn }) => [
            'r.chunk_count',
            'd.updated_at',
            fn<number>('length', ['r.text']).as('characters'),
          ])
          .orderBy('d.id')
          .limit(listedAtOnce)
          .execute();
        for (const row of rows) {
          if (!isReadable(row.readers, tokens)) continue;
          const { chunk_count: chunks, characters, updated_at: updatedAt } = row;
          if (found.push({ ...describe(row), chunks, characters, updatedAt }) >= limit) return found;
        }
        const last = rows.at(-1);
        if (!last || rows.length < listedAtOnce) return found;
        behind = last.id;
      }
    },
  };
}

/** Rows of one query of a list, so that nothing else waits long. */
const listedAtOnce = 500;

/** An older text of a document as a kept version of the index has it; its newest state where it has several. */
function readKept(tables: KnowledgeHandle, tenant: string, documentId: string, version: string) {
  return tables
    .selectFrom('document_revisions as r')
    .innerJoin('version_documents as v', (join) =>
      join
        .onRef('v.tenant', '=', 'r.tenant')
        .onRef('v.document_id', '=', 'r.document_id')
        .onRef('v.revision', '=', 'r.revision'),
    )
    .where('r.tenant', '=', tenant)
    .where('r.document_id', '=', documentId)
    .where('r.version', '=', version)
    .select(['r.document_id as id', 'r.source', 'r.key', 'r.uri', 'r.title', 'r.readers', 'r.text'])
    .select(['r.version as live_version', 'r.language', 'r.date', 'r.metadata', 'r.places'])
    .orderBy('v.from_version', 'desc')
    .limit(1)
    .executeTakeFirst();
}

function withText(row: Parameters<typeof describe>[0] & { text: string; places: string }): StoredDocument {
  return { ...describe(row), text: row.text, places: JSON.parse(row.places) as Place[] };
}

function describe(row: {
  id: string;
  source: string;
  key: string;
  uri: string;
  title: string | null;
  live_version: string;
  readers: string;
  language: string | null;
  date: string | null;
  metadata: string;
}): Omit<StoredDocument, 'text'> {
  return {
    documentId: row.id,
    version: row.live_version,
    source: row.source,
    key: row.key,
    uri: row.uri,
    title: row.title,
    readers: JSON.parse(row.readers) as string[],
    ...(row.language === null ? {} : { language: row.language }),
    ...(row.date === null ? {} : { date: row.date }),
    ...(row.metadata === '{}' ? {} : { metadata: JSON.parse(row.metadata) as StoredDocument['metadata'] }),
  };
}
