import type { WorkOptions } from '../../core/index.ts';
import type { EmbeddingModel } from '../../models/index.ts';
import type { IndexedVector } from '../chunk-store.ts';
import { type KnowledgeTables, knowledgeTables } from '../migrations.ts';
import { indexedRow, type RevisionColumns } from '../sync/revision-rows.ts';
import type { Corpus } from '../sync/write-batch.ts';
import { type EmbedFigures, embedCached } from './vector-cache.ts';

/** Vectors added to the index in one step, except that a document is never split: it has all of them or none. */
const groupChunks = 512;

/** A revision whose vectors the index lacks. */
export interface PendingRevision extends RevisionColumns {
  readonly chunk_count: number;
}

/**
 * Adds the vectors of revisions to an index, group after group, and gives the number of vectors added.
 * @param done called when the vectors of a group are in the index.
 */
export async function embedRevisions(
  corpus: Corpus,
  model: EmbeddingModel,
  revisions: readonly PendingRevision[],
  options: WorkOptions,
  done: (group: readonly PendingRevision[], made: EmbedFigures) => Promise<void>,
): Promise<number> {
  const total = revisions.reduce((sum, row) => sum + row.chunk_count, 0);
  let chunks = 0;
  const report = (extra: number): void =>
    options.onProgress?.({ phase: 'embedding', done: chunks + extra, total, unit: 'chunks' });
  for (const group of groupsOf(revisions)) {
    options.signal?.throwIfAborted();
    const made = await embedGroup(corpus, model, group, {
      ...options,
      onProgress: (progress) => report(progress.done),
    });
    await done(group, made);
    chunks += group.reduce((sum, row) => sum + row.chunk_count, 0);
    report(0);
  }
  return chunks;
}

function* groupsOf(rows: readonly PendingRevision[]): Generator<PendingRevision[]> {
  let group: PendingRevision[] = [];
  let size = 0;
  for (const row of rows) {
    group.push(row);
    size += row.chunk_count;
    if (size < groupChunks) continue;
    yield group;
    group = [];
    size = 0;
  }
  if (group.length > 0) yield group;
}

async function embedGroup(
  { tenant, database, store }: Corpus,
  model: EmbeddingModel,
  group: readonly PendingRevision[],
  options: WorkOptions,
): Promise<EmbedFigures> {
  const rows: {
    row: PendingRevision;
    chunk: Pick<KnowledgeTables['chunks'], 'ordinal' | 'indexed_text' | 'indexed_hash'>;
  }[] = [];
  for (const row of group) {
    const chunks = await knowledgeTables(database)
      .selectFrom('chunks')
      .select(['ordinal', 'indexed_text', 'indexed_hash'])
      .where('tenant', '=', tenant)
      .where('document_id', '=', row.document_id)
      .where('revision', '=', row.revision)
      .execute();
    for (const chunk of chunks) rows.push({ row, chunk });
  }
  const texts = new Map(rows.map(({ chunk }) => [chunk.indexed_hash, chunk.indexed_text]));
  const { vectors, made } = await embedCached(database, model, texts, options);
  const entries: IndexedVector[] = rows.map(({ row, chunk }) => ({
    ...indexedRow(row, chunk.ordinal),
    vector: vectors.get(chunk.indexed_hash)!,
  }));
  await store.addVectors(tenant, entries);
  return made;
}
