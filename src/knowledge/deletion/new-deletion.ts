import { randomBytes } from 'node:crypto';
import { FulcrumError, newId } from '../../core/index.ts';
import type { Database } from '../../database/index.ts';
import { type KnowledgeHandle, knowledgeTables } from '../migrations.ts';
import type { DeletionTables } from './deletion-migrations.ts';
import { inParts } from './in-parts.ts';
import { readTombstones } from './tombstones.ts';

/** What is to be deleted. */
export interface DeletionRequest {
  readonly ids: readonly string[];
  readonly reason: string | null;
  /** Name of who asks. */
  readonly by: string;
  /** Whether the questions that people wrote about the documents go too. */
  readonly questions: boolean;
}

/** Most documents of one deletion, and characters of all their states: each word of them is in memory, of one document at any length. */
const mostDocuments = 20_000;
const mostCharacters = 20_000_000;

export type DeletionRow = DeletionTables['document_deletions'];

/** A deletion as it is written down before anything is taken. Throws `document-unknown` for an id that neither the index nor an older version of it has. */
export async function newDeletion(
  database: Database,
  tenant: string,
  { ids, reason, by, questions }: DeletionRequest,
): Promise<DeletionRow> {
  const wanted = [...new Set(ids)].sort();
  if (wanted.length > mostDocuments)
    throw new FulcrumError('usage', {
      problem: `${wanted.length} documents are too many at once; delete at most ${mostDocuments}.`,
    });
  const tables = knowledgeTables(database);
  const rows = await inParts(wanted, (part) =>
    tables
      .selectFrom('document_revisions')
      .select(['document_id', ({ fn }) => fn.sum(fn<number>('length', ['text'])).as('characters')])
      .where('tenant', '=', tenant)
      .where('document_id', 'in', part)
      .groupBy('document_id')
      .execute(),
  );
  const known = new Set(rows.map((row) => row.document_id));
  // What was deleted already may be asked for once more, to have the questions about it go as well.
  const tombstones = questions ? await readTombstones(database, tenant) : null;
  const unknown = wanted.find((id) => !known.has(id) && !tombstones?.hasId(id));
  if (unknown !== undefined || wanted.length === 0)
    throw new FulcrumError('document-unknown', { document: unknown ?? '', suggestion: '' });
  const characters = rows.reduce((sum, row) => sum + Number(row.characters), 0);
  if (characters > mostCharacters && wanted.length > 1)
    throw new FulcrumError('usage', {
      problem: `${wanted.length} documents with ${characters} characters in all their states are too much at once; delete at most ${mostCharacters} characters, or one document.`,
    });
  const all = await withFormerNames(tables, tenant, wanted);
  return {
    id: newId('del'),
    tenant,
    state: 'requested',
    documents: JSON.stringify(all),
    requested_at: new Date().toISOString(),
    requested_by: by,
    reason,
    questions: questions ? 1 : 0,
    receipt: null,
    salt: randomBytes(24).toString('hex'),
    finished_at: null,
    receipt_hash: null,
  };
}

/**
 * Documents with those that only older versions of the index have and that share a text with them: a document that was renamed is
 * there under its former name too, with what it said then.
 */
async function withFormerNames(
  tables: KnowledgeHandle,
  tenant: string,
  wanted: readonly string[],
): Promise<string[]> {
  const all = new Set(wanted);
  for (let fresh = [...wanted]; fresh.length > 0; ) {
    const own = await inParts(fresh, (part) =>
      tables
        .selectFrom('document_revisions')
        .select(['version', 'text'])
        .where('tenant', '=', tenant)
        .where('document_id', 'in', part)
        .execute(),
    );
    // An empty page is no sign that two documents are one.
    const versions = new Set(
      own.filter(({ text }) => /[\p{L}\p{N}]/u.test(text)).map(({ version }) => version),
    );
    const rows = await inParts([...versions], (part) =>
      tables
        .selectFrom('document_revisions as former')
        .leftJoin('documents as live', (join) =>
          join.onRef('live.tenant', '=', 'former.tenant').onRef('live.id', '=', 'former.document_id'),
        )
        .where('former.tenant', '=', tenant)
        .where('former.version', 'in', part)
        .where('live.id', 'is', null)
        .select('former.document_id as id')
        .distinct()
        .execute(),
    );
    fresh = [...new Set(rows.map(({ id }) => id))].filter((id) => !all.has(id));
    for (const id of fresh) all.add(id);
  }
  return [...all].sort();
}
