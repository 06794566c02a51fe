import {
  type ErasedDocuments,
  type ErasedSurface,
  toFulcrumError,
  type WorkOptions,
} from '../../core/index.ts';
import { lockProject, scrubDatabase } from '../../database/index.ts';
import { knowledgeTables } from '../migrations.ts';
import { discardSecondIndex } from '../sync/second-index.ts';
import type { Corpus } from '../sync/write-batch.ts';
import { completeVersion } from '../versions/complete-version.ts';
import { withGenerations } from '../versions/generations.ts';
import { deletionTables } from './deletion-migrations.ts';
import { type DeletionRequest, type DeletionRow, newDeletion } from './new-deletion.ts';
import { type Receipt, receiptHash, receiptSchema } from './receipt.ts';
import { takeOut } from './take-out.ts';

type Transaction = Parameters<typeof knowledgeTables>[0];

/** What a room gave up, and what it keeps although it looks like the documents. */
export interface ErasedElsewhere {
  readonly surfaces: readonly ErasedSurface[];
  readonly kept?: Receipt['kept'] | undefined;
  /** Models that were tuned on rows drawn from the documents. */
  readonly tunedModels?: readonly string[] | undefined;
}

/** Takes what another room holds of documents away, in the transaction that deletes them. Supplied by `app`. */
export type EraseElsewhere = (
  transaction: Transaction,
  documents: ErasedDocuments,
  options: { readonly questions: boolean },
) => Promise<ErasedElsewhere>;

export interface DeleterOptions extends Corpus {
  /** File of the project's lock for index writes. */
  readonly lockFile: string;
  /** Other rooms that hold text of documents. */
  readonly eraseElsewhere: EraseElsewhere;
  /** Places outside the project's state where texts of the documents may lie. Supplied by `app`. */
  readonly outOfReach: (documents: ErasedDocuments) => Promise<readonly string[]>;
  /** Keeps a finished receipt as a file; gives its path. */
  readonly keepReceipt: (receipt: Receipt) => Promise<string>;
}

/** A receipt and where it was written. */
export interface Deleted {
  readonly receipt: Receipt;
  readonly path: string;
}

/** Deletes documents for good. */
export interface Deleter {
  /** What `delete` would do, without doing it; the receipt is of nothing and has no file. */
  plan(request: DeletionRequest): Promise<Receipt>;
  /**
   * Takes the documents out of everything, kept versions of the index and runs included; when the promise resolves their texts
   * are in no file of the project. Throws `document-unknown`, `project-locked`, `disk-full`, `database-busy`; what was begun
   * is finished by `finish`.
   */
  delete(request: DeletionRequest, work?: WorkOptions): Promise<Deleted>;
  /** Finishes what was begun and interrupted. Throws as `delete` does. */
  finish(work?: WorkOptions): Promise<Deleted[]>;
}

/** A receipt as far as it is known when the tables are free of the documents. */
type Draft = Omit<Receipt, 'hash' | 'finishedAt'>;

export function createDeleter(options: DeleterOptions): Deleter {
  const { tenant, database } = options;
  const deletions = deletionTables(database);

  /** First of three steps: every table of every room, in one transaction with what is known of it. */
  const take = async (row: DeletionRow, dryRun: boolean): Promise<Draft> => {
    let draft: Draft | null = null;
    const work = async (transaction: Transaction): Promise<void> => {
      draft = await takeFromTables(transaction, row, options);
      if (dryRun) throw new RollBack();
      await deletionTables(transaction)
        .updateTable('document_deletions')
        .set({ state: 'taken', receipt: JSON.stringify(draft) })
        .where('id', '=', row.id)
        .execute();
    };
    try {
      await database.transaction(work);
    } catch (error) {
      if (!(error instanceof RollBack)) throw error;
    }
    return draft!;
  };

  /** The other two: the index, and the bytes of the files. */
  const complete = async (row: DeletionRow, draft: Draft, work: WorkOptions): Promise<Deleted> => {
    const phase = (name: string, done: number): void =>
      work.onProgress?.({ phase: name, done, total: 3, unit: 'steps' });
    const ids = JSON.parse(row.documents) as string[];
    const note = `${ids.length} ${ids.length === 1 ? 'document' : 'documents'} deleted (${row.id})`;
    await completeVersion(database, tenant, { reason: 'deletion', note });
    phase('removing from the index', 0);
    await removeFromIndex(options, new Set(ids), work);
    phase('rewriting the database', 1);
    await scrubDatabase(database);
    phase('writing the receipt', 2);
    const unsigned = { ...draft, finishedAt: new Date().toISOString() };
    const receipt: Receipt = { ...unsigned, hash: receiptHash(unsigned) };
    const path = await options.keepReceipt(receipt);
    await deletions
      .updateTable('document_deletions')
      .set({
        state: 'done',
        receipt: JSON.stringify(receipt),
        finished_at: receipt.finishedAt,
        receipt_hash: receipt.hash,
      })
      .where('id', '=', row.id)
      .execute();
    phase('done', 3);
    return { receipt, path };
  };

  const finishAll = async (work: WorkOptions): Promise<Deleted[]> => {
    const open = await deletions
      .selectFrom('document_deletions')
      .selectAll()
      .where('tenant', '=', tenant)
      .where('state', '!=', 'done')
      .orderBy('requested_at')
      .execute();
    const finished: Deleted[] = [];
    for (const row of open) {
      const draft =
        row.state === 'taken' && row.receipt !== null
          ? (JSON.parse(row.receipt) as Draft)
          : await take(row, false);
      finished.push(await complete(row, draft, work));
    }
    return finished;
  };

  return {
    plan: async (request) => {
      const row = await newDeletion(database, tenant, request);
      const draft = await take(row, true);
      return receiptSchema.parse({ ...draft, finishedAt: '', hash: '' });
    },
    delete: (request, work = {}) =>
      locked(options.lockFile, async () => {
        await finishAll(work);
        const row = await newDeletion(database, tenant, request);
        await deletions.insertInto('document_deletions').values(row).execute();
        // From here on it is done, whatever happens: the next command finishes it.
        const finished = await finishAll(work);
        return finished.find(({ receipt }) => receipt.id === row.id)!;
      }),
    finish: (work = {}) => locked(options.lockFile, () => finishAll(work)),
  };
}

/** Ends a dry run: everything in the transaction is taken back. */
class RollBack extends Error {}

async function locked<T>(lockFile: string, work: () => Promise<T>): Promise<T> {
  const release = lockProject(lockFile, 'deletion');
  try {
    return await work();
  } catch (error) {
    throw toFulcrumError(error);
  } finally {
    release();
  }
}

async function takeFromTables(
  transaction: Transaction,
  row: DeletionRow,
  options: DeleterOptions,
): Promise<Draft> {
  const ids = JSON.parse(row.documents) as string[];
  const deletion = { id: row.id, at: row.requested_at };
  const taken = await takeOut(knowledgeTables(transaction), row.tenant, ids, deletion);
  const { repeats, mentions } = taken.words;
  const documents: ErasedDocuments = {
    deletion: row.id,
    at: row.requested_at,
    ids: new Set(ids),
    repeats,
    mentions,
  };
  const elsewhere = await options.eraseElsewhere(transaction, documents, { questions: row.questions === 1 });
  return {
    format: 'fulcrum-deletion-receipt-1',
    id: row.id,
    tenant: row.tenant,
    requestedAt: row.requested_at,
    requestedBy: row.requested_by,
    reason: row.reason,
    documents: ids.map((id) => ({ id, versions: [...(taken.versions.get(id) ?? [])] })),
    removed: [...taken.surfaces, ...elsewhere.surfaces].map(({ surface, removed, ids: named }) => ({
      surface,
      removed,
      ...(named === undefined || named.length === 0 ? {} : { ids: [...named] }),
    })),
    kept: [...keptOf(taken), ...(elsewhere.kept ?? [])],
    outOfReach: [...(await options.outOfReach(documents))],
    tunedModels: [...(elsewhere.tunedModels ?? [])],
    passages: taken.words.probes(row.salt),
  };
}

function keptOf({ sharedVectors, sameText }: { sharedVectors: number; sameText: readonly string[] }) {
  const kept: Receipt['kept'] = [];
  if (sameText.length > 0)
    kept.push({
      what: 'documents with the same text',
      why: 'they were not to be deleted',
      ids: [...sameText],
    });
  if (sharedVectors > 0)
    kept.push({
      what: `${sharedVectors} vectors`,
      why: 'another document or an older state of one has exactly the same passage',
    });
  return kept;
}

/** Removes rows from the index, and scrubs what is left. */
async function removeFromIndex(
  { store: given, tenant, database }: DeleterOptions,
  ids: ReadonlySet<string>,
  work: WorkOptions,
): Promise<void> {
  const store = withGenerations(given, database);
  // A second index that is being built may hold them too; the next sync begins it anew.
  await discardSecondIndex({ tenant, database, store });
  try {
    const present = await store.listVersions(tenant);
    await store.removeVersions(
      tenant,
      present.filter((entry) => ids.has(entry.documentId)),
    );
    await store.scrub(tenant);
  } catch (error) {
    const known = toFulcrumError(error);
    if (known.code !== 'index-damaged') throw known;
    await store.clear(tenant);
    work.onNotice?.('The search index was damaged and is removed; "fulcrum sync" makes it anew.');
  }
}
