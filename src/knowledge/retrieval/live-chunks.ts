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
