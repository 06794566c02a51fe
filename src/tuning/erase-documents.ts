import { type ErasedDocuments, type ErasedSurface, textsInside } from '../core/index.ts';
import type { TuningRow } from './data/tuning-row.ts';
import { tuningTables } from './migrations.ts';
import type { TunedModel } from './registry/tuned-model.ts';
import { withFlag } from './registry/tuned-model-store.ts';

type Transaction = Parameters<typeof tuningTables>[0];

/** What was taken from the tuning room. */
export interface ErasedTuning {
  readonly surfaces: readonly ErasedSurface[];
  /** Models that were trained on rows of the documents, flagged now. */
  readonly tunedModels: readonly string[];
  /** Jobs whose folders still hold such rows as files. */
  readonly jobs: readonly string[];
}

/** Rows read by one statement. */
const rowsAtOnce = 200;

/**
 * Takes rows that were made from documents, or repeat a passage of them, out of every version, and flags the models that were trained on
 * them, in a transaction of the caller. Files of jobs that hold such rows are named, for the caller to remove.
 */
export async function eraseFromTuning(
  transaction: Transaction,
  documents: ErasedDocuments,
): Promise<ErasedTuning> {
  const tables = tuningTables(transaction);
  const gone = new Set<string>();
  let after = '';
  for (;;) {
    const page = await tables
      .selectFrom('tuning_row_contents')
      .selectAll()
      .where('hash', '>', after)
      .orderBy('hash')
      .limit(rowsAtOnce)
      .execute();
    for (const { hash, content } of page)
      if (isOf(JSON.parse(content) as TuningRow, documents)) gone.add(hash);
    if (page.length < rowsAtOnce) break;
    after = page.at(-1)!.hash;
  }
  const versions = new Set<string>();
  for (const hash of gone) {
    const rows = await tables
      .selectFrom('tuning_rows')
      .select(['data', 'version'])
      .where('row_hash', '=', hash)
      .execute();
    for (const { data, version } of rows) versions.add(`${data}@${version}`);
    await tables.deleteFrom('tuning_rows').where('row_hash', '=', hash).execute();
    await tables.deleteFrom('tuning_row_contents').where('hash', '=', hash).execute();
  }
  for (const reference of versions) await recount(tables, reference);
  const flagged = await flagModels(tables, versions, documents);
  const messages = await eraseMessages(tables, documents);
  return {
    surfaces: [
      { surface: 'rows for tuning', removed: gone.size },
      { surface: 'messages of tuning jobs', removed: messages },
    ],
    tunedModels: flagged,
    jobs: await jobsOf(tables, versions),
  };
}

async function jobsOf(
  tables: ReturnType<typeof tuningTables>,
  versions: ReadonlySet<string>,
): Promise<string[]> {
  const jobs = await tables.selectFrom('tuning_jobs').select(['id', 'data', 'data_version']).execute();
  return jobs.filter(({ data, data_version }) => versions.has(`${data}@${data_version}`)).map(({ id }) => id);
}

function isOf(row: TuningRow, documents: ErasedDocuments): boolean {
  if ((row.origin.documents ?? []).some((id) => documents.ids.has(id))) return true;
  return documents.repeats([...row.messages.map(({ content }) => content), row.rejected ?? ''].join('\n'));
}

async function recount(tables: ReturnType<typeof tuningTables>, reference: string): Promise<void> {
  const at = reference.lastIndexOf('@');
  const [name, version] = [reference.slice(0, at), Number(reference.slice(at + 1))];
  const left = await tables
    .selectFrom('tuning_rows')
    .select(({ fn }) => fn.countAll<number>().as('rows'))
    .where('data', '=', name)
    .where('version', '=', version)
    .executeTakeFirstOrThrow();
  await tables
    .updateTable('tuning_data')
    .set({ rows: Number(left.rows) })
    .where('name', '=', name)
    .where('version', '=', version)
    .execute();
}

/** Weights cannot forget a row: who runs the model must decide, and is told. */
async function flagModels(
  tables: ReturnType<typeof tuningTables>,
  versions: ReadonlySet<string>,
  documents: ErasedDocuments,
): Promise<string[]> {
  const { deletion, at } = documents;
  const flagged: string[] = [];
  for (const row of await tables.selectFrom('tuned_models').select(['id', 'model']).execute()) {
    const model = JSON.parse(row.model) as TunedModel;
    if (!versions.has(`${model.data.name}@${model.data.version}`)) continue;
    const flag = { reason: 'document-deleted' as const, detail: `deletion ${deletion}`, at };
    // The prompt that the rows share may repeat what the documents said.
    const instructions =
      model.instructions !== null && documents.repeats(model.instructions) ? null : model.instructions;
    const changed = withFlag({ ...model, instructions }, flag);
    await tables
      .updateTable('tuned_models')
      .set({ model: JSON.stringify(changed) })
      .where('id', '=', row.id)
      .execute();
    flagged.push(row.id);
  }
  return flagged;
}

async function eraseMessages(
  tables: ReturnType<typeof tuningTables>,
  documents: ErasedDocuments,
): Promise<number> {
  let removed = 0;
  for (const { job, sequence, message } of await tables
    .selectFrom('tuning_events')
    .select(['job', 'sequence', 'message'])
    .execute()) {
    if (!documents.mentions(message)) continue;
    removed++;
    await tables
      .updateTable('tuning_events')
      .set({ message: 'erased' })
      .where('job', '=', job)
      .where('sequence', '=', sequence)
      .execute();
  }
  for (const { id, status, failure } of await tables
    .selectFrom('tuning_jobs')
    .select(['id', 'status', 'failure'])
    .execute()) {
    if (!documents.mentions(`${textsInside(status)}\n${textsInside(failure)}`)) continue;
    removed++;
    await tables
      .updateTable('tuning_jobs')
      .set({ status: null, failure: null })
      .where('id', '=', id)
      .execute();
  }
  return removed;
}
