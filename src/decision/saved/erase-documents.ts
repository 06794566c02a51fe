import { type ErasedDocuments, type ErasedSurface, textsInside } from '../../core/index.ts';
import { tablesOf } from '../../database/index.ts';

interface TextTables {
  decision_records: { id: string; decision: string; settings: string };
  decision_seals: { hash: string; content: string };
}

/**
 * Removes saved decisions and seals that repeat a passage of a document, in a transaction of the caller. Decisions are made of
 * names, scores and hashes, so there is one only where somebody gave a variant such a name or such instructions.
 */
export async function eraseFromDecisions(
  transaction: Parameters<typeof tablesOf>[0],
  documents: ErasedDocuments,
): Promise<ErasedSurface[]> {
  const tables = tablesOf<TextTables>(transaction).withoutPlugins();
  const decisions: string[] = [];
  for (const { id, decision, settings } of await tables
    .selectFrom('decision_records')
    .select(['id', 'decision', 'settings'])
    .execute()) {
    if (!documents.repeats(`${textsInside(decision)}\n${textsInside(settings)}`)) continue;
    await tables.deleteFrom('decision_records').where('id', '=', id).execute();
    decisions.push(id);
  }
  const seals: string[] = [];
  for (const { hash, content } of await tables
    .selectFrom('decision_seals')
    .select(['hash', 'content'])
    .execute()) {
    if (!documents.repeats(textsInside(content))) continue;
    await tables.deleteFrom('decision_seals').where('hash', '=', hash).execute();
    seals.push(hash);
  }
  return [
    { surface: 'saved decisions', removed: decisions.length, ids: decisions },
    { surface: 'seals', removed: seals.length, ids: seals },
  ];
}
