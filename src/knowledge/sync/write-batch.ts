import type { Database } from '../../database/index.ts';
import type { ChunkStore } from '../chunk-store.ts';
import { inTransaction } from '../migrations.ts';
import type { GenerationalStore } from '../versions/generations.ts';
import type { LiveChange } from '../versions/record-changes.ts';
import { updateIndexState } from './index-state.ts';
import type { PreparedDocument } from './prepare-document.ts';
import { describeRevision, indexedChunks, insertRevision, makeLive } from './revision-rows.ts';

/** Documents removed in one step. */
const removedRows = 400;

/** What writing needs; the same for every batch of a sync. */
export interface Corpus {
  readonly tenant: string;
  readonly database: Database;
  readonly store: ChunkStore;
}

/** What a sync needs: the live index, and the one that is being built beside it. */
export interface SyncCorpus extends Corpus {
  readonly store: GenerationalStore;
}

/** The same documents in another index. */
export function withStore({ tenant, database }: Corpus, store: ChunkStore): Corpus {
  return { tenant, database, store };
}

/** A document to write, and its live revision so far. */
export interface Replacement {
  readonly document: PreparedDocument;
  readonly before: string | null;
}

/**
 * Writes a batch of documents. Each of them is found in its old state or its new one at every moment, also
 * after a crash: rows of the new state, then the index, then one transaction that makes the new state live,
 * and only then the old state leaves the index; the database keeps it for the versions of the index that have it. What a crash leaves
 * behind is removed by `repairIndex`.
 */
export async function writeBatch(corpus: Corpus, batch: readonly Replacement[]): Promise<void> {
  if (batch.length === 0) return;
  const { tenant, database, store } = corpus;
  const rewritten = batch.filter(({ document, before }) => document.revision !== before);
  await inTransaction(database, async (tables) => {
    for (const { document } of rewritten) await insertRevision(tables, tenant, document, { live: false });
  });
  await store.addChunks(
    tenant,
    rewritten.flatMap(({ document }) => indexedChunks(document)),
  );
  await inTransaction(database, async (tables) => {
    for (const { document, before } of batch) {
      if (document.revision === before) await describeRevision(tables, tenant, document);
      await makeLive(tables, tenant, document.id, document.revision);
    }
    const changes = rewritten.map(({ document, before }) => ({
      documentId: document.id,
      before,
      after: document.revision,
    }));
    await updateIndexState(tables, tenant, changes);
  });
  const replaced = rewritten.flatMap(({ document, before }) =>
    before === null ? [] : [{ documentId: document.id, version: before }],
  );
  await store.removeVersions(tenant, replaced);
}

/** Removes documents: gone for every search when the transaction ends, then their rows in the index go. */
export async function removeDocuments(
  corpus: Corpus,
  documents: readonly { id: string; live_revision: string }[],
): Promise<void> {
  const { tenant, database, store } = corpus;
  for (let start = 0; start < documents.length; start += removedRows) {
    const part = documents.slice(start, start + removedRows);
    const versions = part.map((row) => ({ documentId: row.id, version: row.live_revision }));
    await inTransaction(database, async (tables) => {
      await tables
        .deleteFrom('documents')
        .where('tenant', '=', tenant)
        .where(
          'id',
          'in',
          part.map((row) => row.id),
        )
        .execute();
      const changes: LiveChange[] = part.map((row) => ({
        documentId: row.id,
        before: row.live_revision,
        after: null,
      }));
      await updateIndexState(tables, tenant, changes);
    });
    await store.removeVersions(tenant, versions);
  }
}
