import { type Principal, readerTokens } from '../../core/index.ts';
import type { ArmHit } from '../chunk-store.ts';
import type { KnowledgeHandle } from '../migrations.ts';
import type { Hit } from '../retriever.ts';

const keysPerQuery = 500;

/**
 * Which documents of some hits may be shown now, with their live revision. The access list is checked here once
 * more, so that an index that lags behind the database shows nothing it should not.
 */
export async function readLiveRevisions(
  tables: KnowledgeHandle,
  principal: Principal,
  documentIds: readonly string[],
): Promise<Map<string, { uri: string; version: string; revision: string }>> {
  const tokens = new Set(readerTokens(principal));
  const found = new Map<string, { uri: string; version: string; revision: string }>();
  for (let start = 0; start < documentIds.length; start += keysPerQuery) {
    const rows = await tables
      .selectFrom('documents')
      .select(['id', 'uri', 'live_version', 'live_revision', 'readers'])
      .where('tenant', '=', principal.tenant)
      .where('id', 'in', documentIds.slice(start, start + keysPerQuery))
      .execute();
    for (const row of rows)
      if (isReadable(row.readers, tokens))
        found.set(row.id, { uri: row.uri, version: row.live_version, revision: row.live_revision });
  }
  return found;
}

/** Whether an access list, as stored, names one of the tokens. */
export function isReadable(readers: string, tokens: ReadonlySet<string>): boolean {
  return (JSON.parse(readers) as string[]).some((token) => tokens.has(token));
}

/** A chunk that will be shown, without what is read from its document. */
export interface RankedChunk {
  readonly hit: ArmHit;
  readonly uri: string;
  readonly version: string;
  readonly score: number;
  readonly arms: Hit['arms'];
}

/**
 * The cited text and place of ranked chunks, read from the database. A chunk whose revision went away meanwhile
 * is left out.
 */
export async function readHits(
  tables: KnowledgeHandle,
  tenant: string,
  ranked: readonly RankedChunk[],
): Promise<Hit[]> {
  const texts = new Map<string, string>();
  const hits: Hit[] = [];
  for (const { hit, uri, version, score, arms } of ranked) {
    const revision = (table: 'chunks' | 'document_revisions') =>
      tables
        .selectFrom(table)
        .where('tenant', '=', tenant)
        .where('document_id', '=', hit.documentId)
        .where('revision', '=', hit.version);
    const ordinal = Number(hit.id.slice(hit.id.lastIndexOf('#') + 1));
    const chunk = await revision('chunks')
      .select(['start_offset', 'end_offset', 'title_path'])
      .where('ordinal', '=', ordinal)
      .executeTakeFirst();
    const key = `${hit.documentId}@${hit.version}`;
    if (!texts.has(key)) {
      const row = await revision('document_revisions').select('text').executeTakeFirst();
      if (row) texts.set(key, row.text);
    }
    const text = texts.get(key);
    if (!chunk || text === undefined) continue;
    hits.push({
      chunkId: hit.id,
      documentId: hit.documentId,
      version,
      uri,
      titlePath: JSON.parse(chunk.title_path) as string[],
      start: chunk.start_offset,
      end: chunk.end_offset,
      text: text.slice(chunk.start_offset, chunk.end_offset),
      score,
      arms,
    });
  }
  return hits;
}
