import { inTransaction, knowledgeTables } from '../migrations.ts';
import { deleteRevisions, unusedRevisions } from '../versions/retention.ts';
import { addFromDatabase } from './add-from-database.ts';
import { updateIndexState } from './index-state.ts';
import { chunkId, indexedColumns, type RevisionColumns } from './revision-rows.ts';
import type { Corpus } from './write-batch.ts';

/** Revisions that one query names. */
const namedRows = 200;

type LiveRow = Awaited<ReturnType<typeof readLive>>[number];

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
    const key = chunkId(row.document_id, row.revision, 0);
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
  await addFromDatabase(corpus, await describe(corpus, missing));
  const orphans = await unusedRevisions(tables, tenant).execute();
  if (orphans.length === 0 && flags.length === 0) return;
  await inTransaction(database, async (transaction) => {
    await deleteRevisions(transaction, tenant, orphans);
    for (const { row, embedded } of flags)
      await transaction
        .updateTable('document_revisions')
        .set({ embedded })
        .where('tenant', '=', tenant)
        .where('document_id', '=', row.document_id)
        .where('revision', '=', row.revision)
        .execute();
    await updateIndexState(transaction, tenant, []);
  });
}

function readLive({ database, tenant }: Corpus) {
  return (
    knowledgeTables(database)
      .selectFrom('documents as d')
      .innerJoin('document_revisions as r', (join) =>
        join
          .onRef('r.tenant', '=', 'd.tenant')
          .onRef('r.document_id', '=', 'd.id')
          .onRef('r.revision', '=', 'd.live_revision'),
      )
      .where('d.tenant', '=', tenant)
      // These are all in one index (`revision_counts`): no text is read past to find them.
      .select(['r.document_id', 'r.revision', 'r.chunk_count', 'r.embedded'])
      .orderBy('d.id')
      .execute()
  );
}

/** What the index is to hold of revisions, as many of them as one query may name at a time. */
async function describe({ database, tenant }: Corpus, rows: readonly LiveRow[]): Promise<RevisionColumns[]> {
  const described: RevisionColumns[] = [];
  for (let start = 0; start < rows.length; start += namedRows) {
    const some = rows.slice(start, start + namedRows);
    const found = await knowledgeTables(database)
      .selectFrom('document_revisions as r')
      .where((where) =>
        where.or(
          some.map(({ document_id, revision }) =>
            where.and({ 'r.tenant': tenant, 'r.document_id': document_id, 'r.revision': revision }),
          ),
        ),
      )
      .select(indexedColumns)
      .orderBy('r.document_id')
      .execute();
    described.push(...found);
  }
  return described;
}
