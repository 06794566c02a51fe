import type { WorkOptions } from '../../core/index.ts';
import type { EmbeddingModel } from '../../models/index.ts';
import { embedRevisions } from '../embedding/embed-revisions.ts';
import type { EmbedFigures } from '../embedding/vector-cache.ts';
import { inTransaction, type KnowledgeHandle, knowledgeTables } from '../migrations.ts';
import { addFromDatabase } from './add-from-database.ts';
import { readIndexState, updateIndexState } from './index-state.ts';
import { indexedChunks, indexedColumns, insertRevision } from './revision-rows.ts';
import type { KnownDocument } from './sync-source.ts';
import { type Replacement, type SyncCorpus, withStore } from './write-batch.ts';

/** Documents whose rows are carried over in one step. */
const carriedRows = 400;

/** A second index that is being built beside the live one; see `beginSecondIndex`. */
export interface SecondIndex {
  /** Stages the new states of documents, and adds their text to the second index. */
  write(batch: readonly Replacement[]): Promise<void>;
  /** These documents are not carried over. */
  remove(documents: readonly KnownDocument[]): Promise<void>;
  /**
   * Stages what is live and was neither staged nor removed; then only vectors are missing.
   * @param options.mixed whether documents are among these that were not read, so that they keep cuts of before.
   */
  complete(work: WorkOptions, options?: { mixed?: boolean }): Promise<void>;
}

/**
 * Begins to build a second index, in tables of its own. Nobody sees it until `swapIndex` makes it the live one: searches go on in the
 * old one. Whatever was staged before is dropped. The caller holds the project's lock.
 */
export async function beginSecondIndex(corpus: SyncCorpus): Promise<SecondIndex> {
  const { tenant, database } = corpus;
  await discardSecondIndex(corpus);
  const { generation } = await readIndexState(knowledgeTables(database), tenant);
  const next = generation + 1;
  await inTransaction(database, (tables) => updateIndexState(tables, tenant, [], { next_generation: next }));
  const second = withStore(corpus, corpus.store.generation(next));
  // Left by a process that was killed before it could say so.
  await second.store.clear(tenant);
  const removed = new Set<string>();
  return {
    async write(batch) {
      if (batch.length === 0) return;
      await inTransaction(database, async (tables) => {
        for (const { document } of batch) {
          await insertRevision(tables, tenant, document, { live: true });
          await stage(tables, tenant, [{ document_id: document.id, revision: document.revision }]);
        }
      });
      await second.store.addChunks(
        tenant,
        batch.flatMap(({ document }) => indexedChunks(document)),
      );
    },
    async remove(documents) {
      for (const { id } of documents) removed.add(id);
    },
    async complete(work, { mixed = false } = {}) {
      for (let after = ''; ; ) {
        work.signal?.throwIfAborted();
        const rows = await readUnstaged(knowledgeTables(database), tenant, after);
        const last = rows.at(-1);
        if (!last) break;
        after = last.document_id;
        const carried = rows.filter((row) => !removed.has(row.document_id));
        if (carried.length === 0) continue;
        await inTransaction(database, (tables) => stage(tables, tenant, carried));
        await addFromDatabase(second, carried);
      }
      const staged = mixed ? 2 : 1;
      await inTransaction(database, (tables) => updateIndexState(tables, tenant, [], { staged }));
    },
  };
}

/** Drops a second index that was not swapped in, and the tables of one that was replaced. */
export async function discardSecondIndex({ tenant, database, store }: SyncCorpus): Promise<void> {
  const state = await readIndexState(knowledgeTables(database), tenant);
  const { next_generation: next, retired_generation: retired } = state;
  if (next === null && retired === null) return;
  await inTransaction(database, (tables) =>
    tables.deleteFrom('staged_documents').where('tenant', '=', tenant).execute(),
  );
  for (const generation of [next, retired])
    if (generation !== null) await store.generation(generation).clear(tenant);
  await inTransaction(database, (tables) =>
    updateIndexState(tables, tenant, [], { next_generation: null, staged: 0, retired_generation: null }),
  );
}

/** Adds the vectors that a completed second index lacks; safe to stop and to call again. */
export async function embedSecondIndex(
  corpus: SyncCorpus,
  model: EmbeddingModel,
  work: WorkOptions,
): Promise<EmbedFigures & { readonly chunks: number }> {
  const { tenant, database } = corpus;
  const { next_generation: next } = await readIndexState(knowledgeTables(database), tenant);
  if (next === null) return { texts: 0, tokens: 0, seconds: 0, chunks: 0 };
  const second = withStore(corpus, corpus.store.generation(next));
  const present = new Set(
    (await second.store.listVersions(tenant))
      .filter((entry) => entry.vectors > 0)
      .map((entry) => `${entry.documentId}@${entry.version}`),
  );
  const staged = await readStaged(knowledgeTables(database), tenant);
  const pending = staged.filter(
    (row) => row.chunk_count > 0 && !present.has(`${row.document_id}@${row.revision}`),
  );
  let figures: EmbedFigures = { texts: 0, tokens: 0, seconds: 0 };
  const chunks = await embedRevisions(second, model, pending, work, async (_group, made) => {
    figures = {
      texts: figures.texts + made.texts,
      tokens: figures.tokens + made.tokens,
      seconds: figures.seconds + made.seconds,
    };
  });
  await second.store.optimize(tenant);
  return { ...figures, chunks };
}

async function stage(
  tables: KnowledgeHandle,
  tenant: string,
  rows: readonly { document_id: string; revision: string }[],
): Promise<void> {
  await tables
    .insertInto('staged_documents')
    .values(rows.map(({ document_id, revision }) => ({ tenant, document_id, revision })))
    .onConflict((conflict) =>
      conflict
        .columns(['tenant', 'document_id'])
        .doUpdateSet((eb) => ({ revision: eb.ref('excluded.revision') })),
    )
    .execute();
}

function readUnstaged(tables: KnowledgeHandle, tenant: string, after: string) {
  return tables
    .selectFrom('documents as d')
    .innerJoin('document_revisions as r', (join) =>
      join
        .onRef('r.tenant', '=', 'd.tenant')
        .onRef('r.document_id', '=', 'd.id')
        .onRef('r.revision', '=', 'd.live_revision'),
    )
    .leftJoin('staged_documents as s', (join) =>
      join.onRef('s.tenant', '=', 'd.tenant').onRef('s.document_id', '=', 'd.id'),
    )
    .where('d.tenant', '=', tenant)
    .where('s.revision', 'is', null)
    .where('d.id', '>', after)
    .select(indexedColumns)
    .orderBy('d.id')
    .limit(carriedRows)
    .execute();
}

function readStaged(tables: KnowledgeHandle, tenant: string) {
  return tables
    .selectFrom('staged_documents as s')
    .innerJoin('document_revisions as r', (join) =>
      join
        .onRef('r.tenant', '=', 's.tenant')
        .onRef('r.document_id', '=', 's.document_id')
        .onRef('r.revision', '=', 's.revision'),
    )
    .where('s.tenant', '=', tenant)
    .select(indexedColumns)
    .select('r.chunk_count')
    .orderBy('s.document_id')
    .execute();
}
