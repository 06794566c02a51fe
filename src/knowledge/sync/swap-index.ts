import type { EmbedFigures } from '../embedding/vector-cache.ts';
import { inTransaction, type KnowledgeHandle, knowledgeTables } from '../migrations.ts';
import { completeVersionIn, type VersionOrigin } from '../versions/complete-version.ts';
import { openVersion } from '../versions/record-changes.ts';
import { corpusHashOf, type IndexState, readIndexState, updateIndexState } from './index-state.ts';
import { liveColumns } from './revision-rows.ts';
import type { SyncCorpus } from './write-batch.ts';

/** What a second index was made with. */
export interface SwapOptions {
  /** Model of its vectors; null where it has none. */
  readonly model: { readonly id: string; readonly fingerprint: string } | null;
  /** JSON of what the cuts depend on. */
  readonly settings: string | null;
  readonly figures: EmbedFigures;
  readonly origin: VersionOrigin;
}

/**
 * Makes a complete second index the live one, in one transaction: whoever asks sees all of the old one or all of the new one, whenever
 * a process is killed. Gives the number of the version that this made. The tables of the old index are dropped afterwards.
 */
export async function swapIndex(corpus: SyncCorpus, options: SwapOptions): Promise<number> {
  const { tenant, database, store } = corpus;
  const before = await readIndexState(knowledgeTables(database), tenant);
  const number = await inTransaction(database, (tables) => swapIn(tables, tenant, options));
  await store.generation(before.generation).clear(tenant);
  await inTransaction(database, (tables) =>
    updateIndexState(tables, tenant, [], { retired_generation: null }),
  );
  return number;
}

async function swapIn(tables: KnowledgeHandle, tenant: string, options: SwapOptions): Promise<number> {
  const state = await readIndexState(tables, tenant);
  const number = await openVersion(tables, state);
  await replaceManifest(tables, tenant, number);
  await replaceDocuments(tables, tenant);
  await tables
    .updateTable('document_revisions')
    .set((eb) => ({
      embedded: options.model ? 1 : eb.case().when('chunk_count', '=', 0).then(1).else(0).end(),
    }))
    .where('tenant', '=', tenant)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('documents as d')
          .select('d.id')
          .whereRef('d.tenant', '=', 'document_revisions.tenant')
          .whereRef('d.id', '=', 'document_revisions.document_id')
          .whereRef('d.live_revision', '=', 'document_revisions.revision'),
      ),
    )
    .execute();
  await tables.deleteFrom('staged_documents').where('tenant', '=', tenant).execute();
  const patch: Partial<IndexState> = {
    version: number,
    corpus_hash: await corpusHashOf(tables, tenant),
    embedding_fingerprint: options.model?.fingerprint ?? null,
    embedding_model: options.model?.id ?? null,
    settings: options.settings,
    generation: state.next_generation ?? state.generation,
    next_generation: null,
    staged: 0,
    retired_generation: state.generation,
  };
  await updateIndexState(tables, tenant, [], patch);
  const { texts, tokens, seconds } = options.figures;
  await tables
    .updateTable('index_versions')
    .set({ embedded: texts, embedded_tokens: tokens, embed_seconds: seconds })
    .where('tenant', '=', tenant)
    .where('number', '=', number)
    .execute();
  await completeVersionIn(tables, tenant, options.origin);
  return number;
}

/** Ends what is not staged and enters what is staged and was not live. */
async function replaceManifest(tables: KnowledgeHandle, tenant: string, number: number): Promise<void> {
  await tables
    .updateTable('version_documents')
    .set({ to_version: number })
    .where('tenant', '=', tenant)
    .where('to_version', 'is', null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('staged_documents as s')
            .select('s.revision')
            .whereRef('s.tenant', '=', 'version_documents.tenant')
            .whereRef('s.document_id', '=', 'version_documents.document_id')
            .whereRef('s.revision', '=', 'version_documents.revision'),
        ),
      ),
    )
    .execute();
  await tables
    .insertInto('version_documents')
    .columns(['tenant', 'document_id', 'revision', 'from_version'])
    .expression((eb) =>
      eb
        .selectFrom('staged_documents as s')
        .leftJoin('version_documents as v', (join) =>
          join
            .onRef('v.tenant', '=', 's.tenant')
            .onRef('v.document_id', '=', 's.document_id')
            .on('v.to_version', 'is', null),
        )
        .where('s.tenant', '=', tenant)
        .where('v.revision', 'is', null)
        .select(['s.tenant', 's.document_id', 's.revision', eb.val(number).as('number')]),
    )
    .execute();
}

async function replaceDocuments(tables: KnowledgeHandle, tenant: string): Promise<void> {
  const now = new Date().toISOString();
  await tables
    .deleteFrom('documents')
    .where('tenant', '=', tenant)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('staged_documents as s')
            .select('s.revision')
            .whereRef('s.tenant', '=', 'documents.tenant')
            .whereRef('s.document_id', '=', 'documents.id'),
        ),
      ),
    )
    .execute();
  await tables
    .insertInto('documents')
    .columns(['tenant', 'id', 'live_version', 'live_revision', 'created_at', 'updated_at', ...liveColumns])
    .expression((eb) =>
      eb
        .selectFrom('document_revisions as r')
        .innerJoin('staged_documents as s', (join) =>
          join
            .onRef('s.tenant', '=', 'r.tenant')
            .onRef('s.document_id', '=', 'r.document_id')
            .onRef('s.revision', '=', 'r.revision'),
        )
        .where('r.tenant', '=', tenant)
        .select(['r.tenant', 'r.document_id', 'r.version', 'r.revision'])
        .select([eb.val(now).as('created'), eb.val(now).as('updated')])
        .select(liveColumns.map((name) => `r.${name}` as const)),
    )
    .onConflict((conflict) =>
      conflict.columns(['tenant', 'id']).doUpdateSet((eb) => ({
        live_version: eb.ref('excluded.live_version'),
        live_revision: eb.ref('excluded.live_revision'),
        updated_at: eb.ref('excluded.updated_at'),
        ...Object.fromEntries(liveColumns.map((name) => [name, eb.ref(`excluded.${name}`)])),
      })),
    )
    .execute();
}
