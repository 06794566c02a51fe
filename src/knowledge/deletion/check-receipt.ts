import { FulcrumError, textsInside, type WorkOptions } from '../../core/index.ts';
import { textsOf } from '../../database/index.ts';
import { knowledgeTables } from '../migrations.ts';
import type { Corpus } from '../sync/write-batch.ts';
import { probesIn } from './document-words.ts';
import { inParts } from './in-parts.ts';
import { type Receipt, receiptHash, receiptSchema } from './receipt.ts';

/** Whether what a receipt says is still so. */
export interface ReceiptCheck {
  readonly id: string;
  /** Whether its hash is that of its content. */
  readonly intact: boolean;
  /** Whether this project made it, as its own record says. */
  readonly ours: boolean;
  /** Documents that a sync brought back, since somebody undeleted them. */
  readonly cameBack: readonly string[];
  /** Places where something of the documents was found again, with how often. */
  readonly traces: readonly { readonly where: string; readonly count: number }[];
}

/** Reads a receipt; throws `receipt-invalid`. */
export function readReceipt(content: string, path: string): Receipt {
  const refuse = (problem: string): never => {
    throw new FulcrumError('receipt-invalid', { path, problem });
  };
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    return refuse('it is not JSON.');
  }
  const read = receiptSchema.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  return refuse(`${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'not as expected'}.`);
}

/**
 * Looks again whether nothing of deleted documents is there: rows by id and by hash of the text, rows of the index,
 * and passages in every text of the database, whose hashes by the project's key are in the receipt.
 */
export async function checkReceipt(
  { database, store, tenant }: Corpus,
  receipt: Receipt,
  work: WorkOptions = {},
): Promise<ReceiptCheck> {
  const tables = knowledgeTables(database);
  const row = await tables
    .selectFrom('document_deletions')
    .select(['salt', 'receipt_hash'])
    .where('id', '=', receipt.id)
    .executeTakeFirst();
  const traces = new Map<string, number>();
  const found = (where: string, count = 1): void => {
    if (count > 0) traces.set(where, (traces.get(where) ?? 0) + count);
  };
  const ids = receipt.documents.map((document) => document.id);
  const named = new Set(ids);
  const versions = receipt.documents.flatMap((document) => document.versions);
  const statesWith = (column: 'document_id' | 'version', values: readonly string[]) =>
    inParts(values, (part) =>
      tables
        .selectFrom('document_revisions')
        .select(['document_id', 'version', 'revision'])
        .where('tenant', '=', tenant)
        .where(column, 'in', part)
        .execute(),
    );
  const all = [...(await statesWith('document_id', ids)), ...(await statesWith('version', versions))];
  const states = [...new Map(all.map((row) => [`${row.document_id}@${row.revision}`, row])).values()];
  const sameText = new Set(
    receipt.kept.flatMap((each) => (each.what === 'documents with the same text' ? (each.ids ?? []) : [])),
  );
  const cameBack = [...new Set(states.map((state) => state.document_id))].filter((id) => named.has(id));
  found(
    'texts of documents',
    states.filter((state) => !sameText.has(state.document_id) && !named.has(state.document_id)).length,
  );
  if (cameBack.length === 0) {
    const present = await store.listVersions(tenant);
    found('the search index', present.filter((entry) => named.has(entry.documentId)).length);
    if (row && sameText.size === 0) await lookForPassages({ database, receipt, salt: row.salt, found, work });
  }
  return {
    id: receipt.id,
    intact: receiptHash(receipt) === receipt.hash,
    ours: row?.receipt_hash === receipt.hash,
    cameBack,
    traces: [...traces].map(([where, count]) => ({ where, count })),
  };
}

async function lookForPassages(looking: {
  database: Corpus['database'];
  receipt: Receipt;
  salt: string;
  found: (where: string) => void;
  work: WorkOptions;
}): Promise<void> {
  const passages = new Set(looking.receipt.passages);
  if (passages.size === 0) return;
  let done = 0;
  for await (const { table, column, text } of textsOf(looking.database)) {
    looking.work.signal?.throwIfAborted();
    if (++done % 500 === 0)
      looking.work.onProgress?.({ phase: 'reading texts', done, total: null, unit: 'texts' });
    for (const probe of probesIn(textsInside(text), looking.salt))
      if (passages.has(probe)) {
        looking.found(`${table}.${column}`);
        break;
      }
  }
}
