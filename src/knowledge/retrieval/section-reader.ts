import type { Principal } from '../../core/index.ts';
import type { Database } from '../../database/index.ts';
import { knowledgeTables } from '../migrations.ts';
import { readLiveRevisions } from './live-chunks.ts';

/** A stretch of a document under one heading, `[start, end)` of its canonical text. */
export interface DocumentSection {
  readonly documentId: string;
  /** sha256 of the canonical text. */
  readonly version: string;
  /** Titles above it, outermost first. */
  readonly titlePath: readonly string[];
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Sections of a document that a principal may read, in order; none where it is unknown or may not be read. */
export type SectionReader = (documentId: string, principal: Principal) => Promise<DocumentSection[]>;

/** Sections as the chunks of the index tell them: neighbours with the same titles are one section. */
export function createSectionReader(options: { database: Database }): SectionReader {
  const tables = knowledgeTables(options.database);
  return async (documentId, principal) => {
    const live = (await readLiveRevisions(tables, principal, [documentId])).get(documentId);
    if (!live) return [];
    const ofRevision = (table: 'chunks' | 'document_revisions') =>
      tables
        .selectFrom(table)
        .where('tenant', '=', principal.tenant)
        .where('document_id', '=', documentId)
        .where('revision', '=', live.revision);
    const stored = await ofRevision('document_revisions').select('text').executeTakeFirst();
    const chunks = await ofRevision('chunks')
      .select(['start_offset', 'end_offset', 'title_path'])
      .orderBy('ordinal')
      .execute();
    const spans: { titles: string; start: number; end: number }[] = [];
    for (const { start_offset: start, end_offset: end, title_path: titles } of chunks) {
      const last = spans.at(-1);
      if (last?.titles === titles) last.end = Math.max(last.end, end);
      else spans.push({ titles, start, end });
    }
    return spans.map(({ titles, start, end }) => ({
      documentId,
      version: live.version,
      titlePath: JSON.parse(titles) as string[],
      start,
      end,
      text: (stored?.text ?? '').slice(start, end),
    }));
  };
}
