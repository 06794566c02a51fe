import { type ErasedDocuments, type ErasedSurface, textsInside } from '../core/index.ts';
import { tablesOf } from '../database/index.ts';
import type { MonitoringTables } from './migrations.ts';

/**
 * Takes from traces and feedback what they tell of documents, in a transaction of the caller. Figures stay, and a trace says which
 * deletion took its texts.
 */
export async function eraseFromTraces(
  transaction: Parameters<typeof tablesOf>[0],
  documents: ErasedDocuments,
): Promise<ErasedSurface[]> {
  const tables = tablesOf<MonitoringTables>(transaction).withoutPlugins();
  const told = new Set<string>();
  for (let after = ''; ; ) {
    const rows = await tables
      .selectFrom('monitoring_traces')
      .select(['id', 'content'])
      .where('id', '>', after)
      .where('content', 'is not', null)
      .orderBy('id')
      .limit(500)
      .execute();
    for (const { id, content } of rows) if (tells(content, documents)) told.add(id);
    const last = rows.at(-1);
    if (!last) break;
    after = last.id;
  }
  for (const id of told)
    await tables
      .updateTable('monitoring_traces')
      .set({ content: null, erased: documents.deletion })
      .where('id', '=', id)
      .execute();
  let removed = 0;
  const feedback = await tables
    .selectFrom('monitoring_feedback')
    .select(['trace', 'author', 'signal', 'feedback'])
    .execute();
  for (const row of feedback) {
    if (!told.has(row.trace) && !tells(row.feedback, documents)) continue;
    const { comment: _comment, correction: _correction, ...kept } = JSON.parse(row.feedback);
    removed++;
    await tables
      .updateTable('monitoring_feedback')
      .set({ feedback: JSON.stringify(kept) })
      .where('trace', '=', row.trace)
      .where('author', '=', row.author)
      .where('signal', '=', row.signal)
      .execute();
  }
  return [
    { surface: 'texts of traces', removed: told.size },
    { surface: 'comments and corrections of feedback', removed },
  ];
}

/** A trace that cites or was shown such a document tells of it, whatever its words. */
function tells(stored: string | null, documents: ErasedDocuments): boolean {
  const texts = textsInside(stored);
  return texts.split('\n').some((line) => documents.ids.has(line)) || documents.mentions(texts);
}
