import type { IndexedChunk } from '../chunk-store.ts';
import { inTransaction, knowledgeTables } from '../migrations.ts';
import { deleteRevisions, unusedRevisions } from '../versions/retention.ts';
import { updateIndexState } from './index-state.ts';
import { type Corpus, chunkId } from './write-batch.ts';

/** Chunks added to the index in one step, except that a document is never split. */
const batchChunks = 2000;

interface LiveRow {
  id: string;
  source: string;
  readers: string;
  live_revision: string;
  chunk_count: number;
  embedded: number;
}

/**
 * Makes index and database agree after a crash, from the database: revisions that never became live go from
 * both, those that no longer are from the index, live ones that the index lacks are added anew, and what is known about vectors is
 * corrected. With `rebuild` the whole index is dropped first. Throws `index-damaged` when it cannot be read.
 */
export async function repairIndex(corpus: Corpus, options: { rebuild: boolean }): Promise<void> {
  const { tenant, database, store } = corpus;
  const tables = knowledgeTables(database);
  if (options.rebuild) await store.clear(tenant);
  const live = await readLive(corpus);
  const present = new Map(
    (await store.listVersions(tenant)).map((entry) => [chunkId(entry.documentId, entry.version, 0), entry]),
  );
  const missing: LiveRow[] = [];
  const flags: { row: LiveRow; embedded: number }[] = [];
  for (const row of live) {
    const key = chunkId(row.id, row.live_revision, 0);
    const entry = present.get(key);
    const vectors = entry?.vectors ?? 0;
    const sound = (entry?.chunks ?? 0) === row.chunk_count && (vectors === 0 || vectors === row.chunk_count);
    if (sound) present.delete(key);
    else missing.push(row);
    const embedded = sound && vectors === row.chunk_count ? 1 : 0;
    if (embedded !== row.embedded) flags.push({ row, embedded });
  }
  // What is left is not live, or live with the wrong number of rows.
  await store.removeVersions(tenant, [...present.values()]);
  await addMissing(corpus, missing);
  const orphans = await unusedRevisions(tables, tenant).execute();
  if (orphans.length === 0 && flags.length === 0) return;
  await inTransaction(database, async (transaction) => {
    await deleteRevisions(transaction, tenant, orphans);
    for (const { row, embedded } of flags)
      await transaction
        .updateTable('document_revisions')
        .set({ embedded })
        .where('tenant', '=', tenant)
        .where('document_id', '=', row.id)
        .where('revision', '=', row.live_revision)
        .execute();
    await updateIndexState(transaction, tenant, []);
  });
}

function readLive({ database, tenant }: Corpus): Promise<LiveRow[]> {
  return knowledgeTables(database)
    .selectFrom('documents as d')
    .innerJoin('document_revisions as r', (join) =>
      join
        .onRef('r.tenant', '=', 'd.tenant')
        .onRef('r.document_id', '=', 'd.id')
        .onRef('r.revision', '=', 'd.live_revision'),
    )
    .where('d.tenant', '=', tenant)
    .select(['d.id', 'd.source', 'd.readers', 'd.live_revision', 'r.chunk_count', 'r.embedded'])
    .orderBy('d.id')
    .execute();
}

async function addMissing({ database, tenant, store }: Corpus, rows: readonly LiveRow[]): Promise<void> {
  let batch: IndexedChunk[] = [];
  for (const row of rows) {
    const chunks = await knowledgeTables(database)
      .selectFrom('chunks')
      .select(['ordinal', 'indexed_text'])
      .where('tenant', '=', tenant)
      .where('document_id', '=', row.id)
      .where('revision', '=', row.live_revision)
      .orderBy('ordinal')
      .execute();
    const readers = JSON.parse(row.readers) as string[];
    for (const chunk of chunks)
      batch.push({
        id: chunkId(row.id, row.live_revision, chunk.ordinal),
        documentId: row.id,
        version: row.live_revision,
        source: row.source,
        readers,
        language: null,
        date: null,
        tags: [],
        indexedText: chunk.indexed_text,
      });
    if (batch.length >= batchChunks) {
      await store.addChunks(tenant, batch);
      batch = [];
    }
  }
  await store.addChunks(tenant, batch);
}
