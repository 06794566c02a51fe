import type { IndexedChunk } from '../chunk-store.ts';
import { knowledgeTables } from '../migrations.ts';
import { indexedRow, type RevisionColumns } from './revision-rows.ts';
import type { Corpus } from './write-batch.ts';

/** Chunks added to the index in one step, except that a document is never split. */
const batchChunks = 2000;

/** Adds the chunks of revisions to the keyword arm as the database has them. */
export async function addFromDatabase(
  { database, tenant, store }: Corpus,
  revisions: readonly RevisionColumns[],
): Promise<void> {
  let batch: IndexedChunk[] = [];
  for (const row of revisions) {
    const chunks = await knowledgeTables(database)
      .selectFrom('chunks')
      .select(['ordinal', 'indexed_text'])
      .where('tenant', '=', tenant)
      .where('document_id', '=', row.document_id)
      .where('revision', '=', row.revision)
      .orderBy('ordinal')
      .execute();
    for (const chunk of chunks)
      batch.push({ ...indexedRow(row, chunk.ordinal), indexedText: chunk.indexed_text });
    if (batch.length >= batchChunks) {
      await store.addChunks(tenant, batch);
      batch = [];
    }
  }
  await store.addChunks(tenant, batch);
}
