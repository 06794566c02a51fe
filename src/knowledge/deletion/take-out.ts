import { type ErasedSurface, sha256 } from '../../core/index.ts';
import type { KnowledgeHandle } from '../migrations.ts';
import { readIndexState, updateIndexState } from '../sync/index-state.ts';
import type { DeletionTables } from './deletion-migrations.ts';
import { createDocumentWords, type DocumentWords } from './document-words.ts';
import { inParts } from './in-parts.ts';

/** Rows read at a time. */
const pageSize = 200;

/** What the tables held of documents. */
export interface TakenOut {
  /** sha256 of the canonical text of each state, by document. */
  readonly versions: ReadonlyMap<string, readonly string[]>;
  readonly words: DocumentWords;
  readonly surfaces: readonly ErasedSurface[];
  /** Vectors that stay, since another document has exactly the same text. */
  readonly sharedVectors: number;
  /** Documents that stay and have, or had, a canonical text that was deleted under another id. */
  readonly sameText: readonly string[];
}

/**
 * Takes documents out of every table of this room, in a transaction of the caller: live states and those that only older versions
 * of the index have. From its end on nothing that reads these tables finds them. Leaves a tombstone for each.
 */
export async function takeOut(
  tables: KnowledgeHandle,
  tenant: string,
  ids: readonly string[],
  deletion: { readonly id: string; readonly at: string },
): Promise<TakenOut> {
  const states = await inParts(ids, (part) =>
    tables
      .selectFrom('document_revisions')
      .selectAll()
      .where('tenant', '=', tenant)
      .where('document_id', 'in', part)
      .execute(),
  );
  const own = {
    texts: states.map(({ text }) => text),
    labels: states.flatMap(({ title, metadata, uri }) => [title ?? '', metadata, uri]),
  };
  const words = await createDocumentWords(own, otherTexts(tables, new Set(ids)));
  const statesOf = Map.groupBy(states, (state) => state.document_id);
  const versions = new Map(
    ids.map((id) => [id, [...new Set((statesOf.get(id) ?? []).map((state) => state.version))].sort()]),
  );
  const sameText = await documentsOf(
    tables,
    tenant,
    [...new Set([...versions.values()].flat())],
    new Set(ids),
  );
  const blank = states.filter(({ text }) => !/[\p{L}\p{N}]/u.test(text));
  const common = new Set([...sameText, ...blank].map(({ version }) => version));
  await leaveTombstones(tables, tenant, versions, common, deletion);

  const live = await inParts(ids, (part) =>
    tables
      .selectFrom('documents')
      .select(['id', 'live_revision'])
      .where('tenant', '=', tenant)
      .where('id', 'in', part)
      .execute(),
  );
  const hashes = await inParts(ids, (part) =>
    tables
      .selectFrom('chunks')
      .select('indexed_hash')
      .distinct()
      .where('tenant', '=', tenant)
      .where('document_id', 'in', part)
      .execute(),
  );
  const inVersions = await rewriteVersions(tables, tenant, ids, states);
  await inParts(ids, (part) =>
    tables.deleteFrom('documents').where('tenant', '=', tenant).where('id', 'in', part).execute(),
  );
  if (live.length > 0)
    await updateIndexState(
      tables,
      tenant,
      live.map((row) => ({ documentId: row.id, before: row.live_revision, after: null })),
    );
  await clearNotes(tables, tenant, words);
  const removed: Record<string, number> = {};
  for (const table of ['version_documents', 'staged_documents', 'chunks', 'document_revisions'] as const) {
    const deleted = await inParts(ids, (part) =>
      tables.deleteFrom(table).where('tenant', '=', tenant).where('document_id', 'in', part).execute(),
    );
    removed[table] = deleted.reduce((sum, { numDeletedRows }) => sum + Number(numDeletedRows), 0);
  }
  const vectors = await dropVectors(tables, [...new Set(hashes.map((row) => row.indexed_hash))]);
  return {
    versions,
    words,
    sameText: [...new Set(sameText.map((row) => row.id))],
    sharedVectors: vectors.shared,
    surfaces: [
      { surface: 'documents that could be found', removed: live.length, ids: live.map((row) => row.id) },
      { surface: 'texts of documents, live and of older versions', removed: removed.document_revisions ?? 0 },
      { surface: 'passages (chunks)', removed: removed.chunks ?? 0 },
      { surface: 'vectors kept for re-use', removed: vectors.removed },
      { surface: 'versions of the index that held them', removed: inVersions },
    ],
  };
}

/** Texts, titles and metadata of all documents that stay, of every tenant. */
async function* otherTexts(tables: KnowledgeHandle, ids: ReadonlySet<string>): AsyncGenerator<string> {
  for (let last: { tenant: string; document_id: string; revision: string } | null = null; ; ) {
    const from: typeof last = last;
    const rows: {
      tenant: string;
      document_id: string;
      revision: string;
      text: string;
      title: string | null;
    }[] = await tables
      .selectFrom('document_revisions')
      .select(['tenant', 'document_id', 'revision', 'text', 'title'])
      .$if(from !== null, (query) =>
        query.where(({ eb, refTuple, tuple }) =>
          eb(
            refTuple('tenant', 'document_id', 'revision'),
            '>',
            tuple(from!.tenant, from!.document_id, from!.revision),
          ),
        ),
      )
      .orderBy('tenant')
      .orderBy('document_id')
      .orderBy('revision')
      .limit(pageSize)
      .execute();
    for (const row of rows)
      if (!ids.has(row.document_id)) yield row.title === null ? row.text : `${row.title}\n${row.text}`;
    if (rows.length < pageSize) return;
    last = rows.at(-1) ?? null;
  }
}

/** Other documents with one of these texts, now or in an older version of the index. */
async function documentsOf(
  tables: KnowledgeHandle,
  tenant: string,
  versions: readonly string[],
  except: ReadonlySet<string>,
): Promise<{ id: string; version: string }[]> {
  const rows = await inParts(versions, (part) =>
    tables
      .selectFrom('document_revisions')
      .select(['document_id as id', 'version'])
      .distinct()
      .where('tenant', '=', tenant)
      .where('version', 'in', part)
      .execute(),
  );
  return rows.filter(({ id }) => !except.has(id)).sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

/** A text that another document has as well suppresses nothing, and neither does one without a letter. */
async function leaveTombstones(
  tables: KnowledgeHandle,
  tenant: string,
  versions: ReadonlyMap<string, readonly string[]>,
  common: ReadonlySet<string>,
  deletion: { readonly id: string; readonly at: string },
): Promise<void> {
  const contents = new Set([...versions.values()].flat().filter((hash) => !common.has(hash)));
  const rows: DeletionTables['document_tombstones'][] = [
    ...[...versions.keys()].map((id) => ({ kind: 'id' as const, hash: sha256(id) })),
    ...[...contents].map((hash) => ({ kind: 'content' as const, hash })),
  ].map((row) => ({ tenant, ...row, deletion: deletion.id, created_at: deletion.at }));
  for (const row of rows)
    await tables
      .insertInto('document_tombstones')
      .values(row)
      .onConflict((conflict) => conflict.columns(['tenant', 'kind', 'hash']).doUpdateSet(row))
      .execute();
}

/** Corrects what older versions say of themselves, as if they had never held the documents; gives how many did. */
async function rewriteVersions(
  tables: KnowledgeHandle,
  tenant: string,
  ids: readonly string[],
  states: readonly { document_id: string; revision: string; chunk_count: number }[],
): Promise<number> {
  const chunks = new Map(
    states.map((state) => [`${state.document_id}@${state.revision}`, state.chunk_count]),
  );
  const held = await inParts(ids, (part) =>
    tables
      .selectFrom('version_documents')
      .selectAll()
      .where('tenant', '=', tenant)
      .where('document_id', 'in', part)
      .execute(),
  );
  const { version } = await readIndexState(tables, tenant);
  const kept = await tables
    .selectFrom('index_versions')
    .select(['number', 'corpus_hash', 'documents', 'chunks', 'completed_at'])
    .where('tenant', '=', tenant)
    .execute();
  let touched = 0;
  for (const row of kept) {
    // What the version that is being made says of itself is written when it ends.
    if (row.completed_at === null && row.number === version) continue;
    const inside = held.filter(
      (each) => each.from_version <= row.number && (each.to_version === null || each.to_version > row.number),
    );
    if (inside.length === 0) continue;
    touched++;
    let corpus = BigInt(`0x${row.corpus_hash}`);
    let fewer = 0;
    for (const { document_id, revision } of inside) {
      corpus ^= BigInt(`0x${sha256(`${document_id}@${revision}`)}`);
      fewer += chunks.get(`${document_id}@${revision}`) ?? 0;
    }
    await tables
      .updateTable('index_versions')
      .set({
        corpus_hash: corpus.toString(16).padStart(64, '0'),
        documents: row.documents - inside.length,
        chunks: row.chunks - fewer,
      })
      .where('tenant', '=', tenant)
      .where('number', '=', row.number)
      .execute();
  }
  return touched;
}

/** Notes that people wrote on versions of the index, where they repeat a passage. */
async function clearNotes(tables: KnowledgeHandle, tenant: string, words: DocumentWords): Promise<void> {
  const rows = await tables
    .selectFrom('index_versions')
    .select(['number', 'note'])
    .where('tenant', '=', tenant)
    .where('note', 'is not', null)
    .execute();
  for (const { number, note } of rows)
    if (note !== null && words.repeats(note))
      await tables
        .updateTable('index_versions')
        .set({ note: null })
        .where('tenant', '=', tenant)
        .where('number', '=', number)
        .execute();
}

/** Vectors of texts that are in no document any more go; the others are counted. */
async function dropVectors(
  tables: KnowledgeHandle,
  hashes: readonly string[],
): Promise<{ removed: number; shared: number }> {
  let removed = 0;
  let shared = 0;
  for (let at = 0; at < hashes.length; at += pageSize) {
    const part = hashes.slice(at, at + pageSize);
    const elsewhere = await tables
      .selectFrom('chunks')
      .select('indexed_hash')
      .distinct()
      .where('indexed_hash', 'in', part)
      .execute();
    const kept = new Set(elsewhere.map((row) => row.indexed_hash));
    shared += kept.size;
    const gone = part.filter((hash) => !kept.has(hash));
    if (gone.length === 0) continue;
    const { numDeletedRows } = await tables
      .deleteFrom('embeddings')
      .where('indexed_hash', 'in', gone)
      .executeTakeFirstOrThrow();
    removed += Number(numDeletedRows);
  }
  return { removed, shared };
}
