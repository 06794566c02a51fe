import type { WorkOptions } from '../../core/index.ts';
import type { EmbeddingModel } from '../../models/index.ts';
import type { IndexedVector } from '../chunk-store.ts';
import { inTransaction, type KnowledgeTables, knowledgeTables } from '../migrations.ts';
import { readIndexState, updateIndexState } from '../sync/index-state.ts';
import { type Corpus, chunkId } from '../sync/write-batch.ts';
import { embedCached } from './vector-cache.ts';

/** Vectors added to the index in one step, except that a document is never split: it has all of them or none. */
const groupChunks = 512;

/** What a round of embedding did. */
export interface EmbedReport {
  /** Texts that the model embedded; vectors known from before are not counted. */
  readonly embedded: number;
  /** Chunks whose vectors were added to the index. */
  readonly chunks: number;
}

interface PendingRow {
  id: string;
  source: string;
  readers: string;
  live_revision: string;
  chunk_count: number;
}

/**
 * Adds the vectors that the index lacks. Safe to stop at any time: what was embedded is kept and the next call
 * goes on. When the index holds vectors of another model they go first. The caller holds the project's lock.
 */
export async function embedPending(
  corpus: Corpus,
  model: EmbeddingModel,
  options: WorkOptions = {},
): Promise<EmbedReport> {
  await adoptModel(corpus, model.fingerprint);
  const pending = await readPending(corpus);
  const total = pending.reduce((sum, row) => sum + row.chunk_count, 0);
  let chunks = 0;
  let embedded = 0;
  const report = (extra: number): void =>
    options.onProgress?.({ phase: 'embedding', done: chunks + extra, total, unit: 'chunks' });
  for (const group of groupsOf(pending)) {
    options.signal?.throwIfAborted();
    const made = await embedGroup(corpus, model, group, {
      ...options,
      onProgress: ({ done }) => report(done),
    });
    chunks += group.reduce((sum, row) => sum + row.chunk_count, 0);
    embedded += made;
    report(0);
  }
  return { embedded, chunks };
}

/** Drops the vectors of another model; a crash in between leaves no vector marked as present. */
async function adoptModel({ tenant, database, store }: Corpus, fingerprint: string): Promise<void> {
  const state = await readIndexState(knowledgeTables(database), tenant);
  if (state.embedding_fingerprint === fingerprint) return;
  await inTransaction(database, async (tables) => {
    await tables
      .updateTable('document_revisions')
      .set({ embedded: 0 })
      .where('tenant', '=', tenant)
      .where('chunk_count', '>', 0)
      .execute();
    await updateIndexState(tables, tenant, [], null);
  });
  await store.clearVectors(tenant);
  await inTransaction(database, (tables) => updateIndexState(tables, tenant, [], fingerprint));
}

function readPending({ tenant, database }: Corpus): Promise<PendingRow[]> {
  return knowledgeTables(database)
    .selectFrom('documents as d')
    .innerJoin('document_revisions as r', (join) =>
      join
        .onRef('r.tenant', '=', 'd.tenant')
        .onRef('r.document_id', '=', 'd.id')
        .onRef('r.revision', '=', 'd.live_revision'),
    )
    .where('d.tenant', '=', tenant)
    .where('r.embedded', '=', 0)
    .select(['d.id', 'd.source', 'd.readers', 'd.live_revision', 'r.chunk_count'])
    .orderBy('d.id')
    .execute();
}

function* groupsOf(rows: readonly PendingRow[]): Generator<PendingRow[]> {
  let group: PendingRow[] = [];
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
  group: readonly PendingRow[],
  options: WorkOptions,
): Promise<number> {
  const rows: {
    row: PendingRow;
    chunk: Pick<KnowledgeTables['chunks'], 'ordinal' | 'indexed_text' | 'indexed_hash'>;
  }[] = [];
  for (const row of group) {
    const chunks = await knowledgeTables(database)
      .selectFrom('chunks')
      .select(['ordinal', 'indexed_text', 'indexed_hash'])
      .where('tenant', '=', tenant)
      .where('document_id', '=', row.id)
      .where('revision', '=', row.live_revision)
      .execute();
    for (const chunk of chunks) rows.push({ row, chunk });
  }
  const texts = new Map(rows.map(({ chunk }) => [chunk.indexed_hash, chunk.indexed_text]));
  const { vectors, made } = await embedCached(database, model, texts, options);
  const entries: IndexedVector[] = rows.map(({ row, chunk }) => ({
    id: chunkId(row.id, row.live_revision, chunk.ordinal),
    documentId: row.id,
    version: row.live_revision,
    source: row.source,
    readers: JSON.parse(row.readers) as string[],
    language: null,
    date: null,
    tags: [],
    vector: vectors.get(chunk.indexed_hash)!,
  }));
  await store.addVectors(tenant, entries);
  await inTransaction(database, async (tables) => {
    for (const row of group)
      await tables
        .updateTable('document_revisions')
        .set({ embedded: 1 })
        .where('tenant', '=', tenant)
        .where('document_id', '=', row.id)
        .where('revision', '=', row.live_revision)
        .execute();
    await updateIndexState(tables, tenant, []);
  });
  return made;
}
