import { sha256 } from '../../core/index.ts';
import type { Database } from '../../database/index.ts';
import { type KnowledgeHandle, type KnowledgeTables, knowledgeTables } from '../migrations.ts';
import { type LiveChange, recordChanges } from '../versions/record-changes.ts';

export type IndexState = KnowledgeTables['index_state'];

const emptyHash = '0'.repeat(64);

/** State of a tenant's index; an empty one where nothing was ever synced. */
export async function readIndexState(tables: KnowledgeHandle, tenant: string): Promise<IndexState> {
  const row = await tables
    .selectFrom('index_state')
    .selectAll()
    .where('tenant', '=', tenant)
    .executeTakeFirst();
  return (
    row ?? {
      tenant,
      corpus_hash: emptyHash,
      documents: 0,
      chunks: 0,
      embedded_chunks: 0,
      embedding_fingerprint: null,
      embedding_model: null,
      settings: null,
      version: null,
      generation: 0,
      next_generation: null,
      staged: 0,
      retired_generation: null,
    }
  );
}

/** Name of exactly what can be found: documents in their revisions, and the vectors present. 16 hex digits. */
export function indexVersion(
  state: Pick<IndexState, 'corpus_hash' | 'embedding_fingerprint' | 'embedded_chunks'>,
): string {
  const parts = [state.corpus_hash, state.embedding_fingerprint ?? '', state.embedded_chunks];
  return sha256(parts.join(' ')).slice(0, 16);
}

/** Name of what can be found at present, for a tenant; see `indexVersion`. */
export async function currentIndexVersion(database: Database, tenant: string): Promise<string> {
  return indexVersion(await readIndexState(knowledgeTables(database), tenant));
}

/** Id of the model that a tenant's index was embedded with; null where nothing is embedded, or an older database does not say. */
export async function currentEmbeddingModel(database: Database, tenant: string): Promise<string | null> {
  const state = await readIndexState(knowledgeTables(database), tenant);
  return state.embedded_chunks > 0 ? state.embedding_model : null;
}

/** Share of chunks whose vectors are in the index, 0 to 1. */
export function embeddedShare(state: IndexState): number {
  return state.chunks === 0 ? 0 : state.embedded_chunks / state.chunks;
}

/**
 * Brings the state of a tenant up to date after changes of live revisions, vectors or model. To be called in
 * the transaction of the change. Changes are part of the index version that is being made, which begins with the first of them.
 * @param patch what else changes.
 */
export async function updateIndexState(
  tables: KnowledgeHandle,
  tenant: string,
  changes: readonly LiveChange[],
  patch: Partial<IndexState> = {},
): Promise<IndexState> {
  const before = await readIndexState(tables, tenant);
  const version = await recordChanges(tables, before, changes);
  const state = { ...before, version };
  const moved = changes.flatMap(({ documentId, before, after }) =>
    [before, after].flatMap((revision) => (revision === null ? [] : [{ documentId, revision }])),
  );
  const counts = await tables
    .selectFrom('documents as d')
    .innerJoin('document_revisions as r', (join) =>
      join
        .onRef('r.tenant', '=', 'd.tenant')
        .onRef('r.document_id', '=', 'd.id')
        .onRef('r.revision', '=', 'd.live_revision'),
    )
    .where('d.tenant', '=', tenant)
    .select(({ fn, eb }) => [
      fn.countAll().as('documents'),
      fn.sum('r.chunk_count').as('chunks'),
      fn.sum(eb('r.chunk_count', '*', eb.ref('r.embedded'))).as('embedded'),
    ])
    .executeTakeFirstOrThrow();
  const next: IndexState = {
    ...state,
    corpus_hash: toggled(state.corpus_hash, moved),
    documents: Number(counts.documents),
    chunks: Number(counts.chunks ?? 0),
    embedded_chunks: Number(counts.embedded ?? 0),
    ...patch,
  };
  await tables
    .insertInto('index_state')
    .values(next)
    .onConflict((conflict) => conflict.column('tenant').doUpdateSet(next))
    .execute();
  return next;
}

/** Hash of all that is live, from the documents themselves. */
export async function corpusHashOf(tables: KnowledgeHandle, tenant: string): Promise<string> {
  const rows = await tables
    .selectFrom('documents')
    .select(['id as documentId', 'live_revision as revision'])
    .where('tenant', '=', tenant)
    .execute();
  return toggled(emptyHash, rows);
}

/** XOR with the hashes of revisions: what was in it goes, what was not comes. */
function toggled(hash: string, revisions: readonly { documentId: string; revision: string }[]): string {
  let corpus = BigInt(`0x${hash}`);
  for (const { documentId, revision } of revisions)
    corpus ^= BigInt(`0x${sha256(`${documentId}@${revision}`)}`);
  return corpus.toString(16).padStart(64, '0');
}
