import type { WorkOptions } from '../../core/index.ts';
import type { EmbeddingModel } from '../../models/index.ts';
import { inTransaction, knowledgeTables } from '../migrations.ts';
import { readIndexState, updateIndexState } from '../sync/index-state.ts';
import { indexedColumns } from '../sync/revision-rows.ts';
import type { Corpus } from '../sync/write-batch.ts';
import { embedRevisions } from './embed-revisions.ts';

/** What a round of embedding did. */
export interface EmbedReport {
  /** Texts that the model embedded; vectors known from before are not counted. */
  readonly embedded: number;
  /** Chunks whose vectors were added to the index. */
  readonly chunks: number;
}

/**
 * Adds the vectors that the index lacks. Safe to stop at any time: what was embedded is kept and the next call
 * goes on. When nothing of the index has a vector of the model it was made with, the model becomes this one. The caller holds the
 * project's lock, and builds a second index where vectors of another model are there.
 */
export async function embedPending(
  corpus: Corpus,
  model: EmbeddingModel,
  options: WorkOptions = {},
): Promise<EmbedReport> {
  const { tenant, database } = corpus;
  await adoptModel(corpus, model);
  const pending = await readPending(corpus);
  let embedded = 0;
  const chunks = await embedRevisions(corpus, model, pending, options, async (group, made) => {
    embedded += made.texts;
    await inTransaction(database, async (tables) => {
      for (const row of group)
        await tables
          .updateTable('document_revisions')
          .set({ embedded: 1 })
          .where('tenant', '=', tenant)
          .where('document_id', '=', row.document_id)
          .where('revision', '=', row.revision)
          .execute();
      const { version } = await updateIndexState(tables, tenant, []);
      if (version === null || made.texts === 0) return;
      await tables
        .updateTable('index_versions')
        .set((eb) => ({
          embedded: eb('embedded', '+', made.texts),
          embedded_tokens: eb('embedded_tokens', '+', made.tokens),
          embed_seconds: eb('embed_seconds', '+', made.seconds),
        }))
        .where('tenant', '=', tenant)
        .where('number', '=', version)
        .execute();
    });
  });
  return { embedded, chunks };
}

/** Drops vectors that no chunk counts as its own; a crash in between leaves none marked as present. */
async function adoptModel({ tenant, database, store }: Corpus, model: EmbeddingModel): Promise<void> {
  const state = await readIndexState(knowledgeTables(database), tenant);
  const named = { embedding_fingerprint: model.fingerprint, embedding_model: model.id };
  if (state.embedding_fingerprint === model.fingerprint) {
    if (state.embedding_model === model.id) return;
    await inTransaction(database, (tables) => updateIndexState(tables, tenant, [], named));
    return;
  }
  await inTransaction(database, async (tables) => {
    await tables
      .updateTable('document_revisions')
      .set({ embedded: 0 })
      .where('tenant', '=', tenant)
      .where('chunk_count', '>', 0)
      .execute();
    await updateIndexState(tables, tenant, [], { embedding_fingerprint: null, embedding_model: null });
  });
  await store.clearVectors(tenant);
  await inTransaction(database, (tables) => updateIndexState(tables, tenant, [], named));
}

function readPending({ tenant, database }: Corpus) {
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
    .select(indexedColumns)
    .select('r.chunk_count')
    .orderBy('d.id')
    .execute();
}
