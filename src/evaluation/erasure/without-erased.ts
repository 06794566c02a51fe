import { type Answer, sha256 } from '../../core/index.ts';
import type { evaluationTables } from '../migrations.ts';

/** Ids looked up by one query. */
const idsAtOnce = 400;

/**
 * The answers that may be kept: without those that a deleted document went into, which a process brings that was asking
 * while the document was deleted. To be called in the transaction that keeps them.
 */
export async function withoutErased<Item extends { readonly answer: Answer }>(
  tables: ReturnType<typeof evaluationTables>,
  items: readonly Item[],
): Promise<readonly Item[]> {
  const any = await tables
    .selectFrom('evaluation_erased_documents')
    .select('document_hash')
    .limit(1)
    .executeTakeFirst();
  if (!any) return items;
  const used = items.map(({ answer }) =>
    [...answer.citations, ...answer.contexts].flatMap(({ documentId }) =>
      documentId === null ? [] : [sha256(documentId)],
    ),
  );
  const hashes = [...new Set(used.flat())];
  const erased = new Set<string>();
  for (let at = 0; at < hashes.length; at += idsAtOnce) {
    const rows = await tables
      .selectFrom('evaluation_erased_documents')
      .select('document_hash')
      .where('document_hash', 'in', hashes.slice(at, at + idsAtOnce))
      .execute();
    for (const row of rows) erased.add(row.document_hash);
  }
  return items.filter((_item, index) => !used[index]!.some((hash) => erased.has(hash)));
}
