import { type Principal, readerTokens } from '../../core/index.ts';
import type { KnowledgeHandle } from '../migrations.ts';
import { isReadable } from './live-chunks.ts';

/** Principals whose number of chunks is kept. */
const mostKept = 1000;

/**
 * Counts the live chunks that a principal may read. Read once for each state of the corpus, which `corpus` names; it changes with
 * access lists too.
 */
export function createReadableChunks(
  tables: KnowledgeHandle,
): (principal: Principal, corpus: string) => Promise<number> {
  const kept = new Map<string, { readonly corpus: string; readonly chunks: number }>();
  return async (principal, corpus) => {
    const tokens = readerTokens(principal);
    const key = JSON.stringify([principal.tenant, ...tokens]);
    const known = kept.get(key);
    if (known?.corpus === corpus) return known.chunks;
    const rows = await tables
      .selectFrom('documents as d')
      .innerJoin('document_revisions as r', (join) =>
        join
          .onRef('r.tenant', '=', 'd.tenant')
          .onRef('r.document_id', '=', 'd.id')
          .onRef('r.revision', '=', 'd.live_revision'),
      )
      .where('d.tenant', '=', principal.tenant)
      .select(['d.readers', ({ fn }) => fn.sum('r.chunk_count').as('chunks')])
      .groupBy('d.readers')
      .execute();
    const own = new Set(tokens);
    const chunks = rows
      .filter(({ readers }) => isReadable(readers, own))
      .reduce((sum, row) => sum + Number(row.chunks), 0);
    kept.delete(key);
    kept.set(key, { corpus, chunks });
    if (kept.size > mostKept) kept.delete(kept.keys().next().value ?? '');
    return chunks;
  };
}
