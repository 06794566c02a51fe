import { createHash } from 'node:crypto';
import { canonicalJson, FulcrumError, type Sample, suggest } from '../../core/index.ts';
import type { Database } from '../../database/index.ts';
import { evaluationTables } from '../migrations.ts';
import { orderOf } from '../runs/sample-order.ts';
import type { Dataset, DatasetSummary } from './dataset.ts';
import { requireDatasetName } from './dataset-name.ts';
import { findFrozenSplit, splitTables } from './splits/frozen-splits.ts';
import { type StoredDataset, storedDataset } from './stored-dataset.ts';

export type { Dataset, DatasetSummary };

/** The datasets of a project. */
export interface DatasetStore {
  /**
   * Keeps a dataset, all of it or nothing. The same content again changes nothing; other content under a name
   * replaces the old unless runs refer to it (`dataset-exists`) or its splits are frozen (`dataset-frozen`).
   */
  save(
    name: string,
    samples: readonly Sample[],
    origin: string,
  ): Promise<{ summary: DatasetSummary; unchanged: boolean }>;
  list(): Promise<DatasetSummary[]>;
  /** Throws `dataset-unknown`. */
  get(name: string): Promise<Dataset>;
  /** The same without its samples in memory. Throws `dataset-unknown`. */
  open(name: string): Promise<StoredDataset>;
}

/** Samples written by one statement; more would pass the number of parameters that a database takes. */
const rowsAtOnce = 100;

/** Hash of samples in canonical form; their order does not matter. */
export function datasetHash(samples: readonly Sample[]): string {
  // The hash of the canonical JSON of the whole list, which is never put together as one text.
  const hash = createHash('sha256');
  let separator = '[';
  for (const sample of [...samples].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    hash.update(`${separator}${canonicalJson(sample)}`);
    separator = ',';
  }
  return hash.update(separator === '[' ? '[]' : ']').digest('hex');
}

export function createDatasetStore(database: Database): DatasetStore {
  const tables = evaluationTables(database);

  const summaries = async (): Promise<DatasetSummary[]> => {
    const rows = await tables.selectFrom('evaluation_datasets').selectAll().orderBy('name').execute();
    const counts = await tables
      .selectFrom('evaluation_samples')
      .select(({ fn }) => ['dataset', 'split', fn.countAll<number>().as('samples')])
      .groupBy(['dataset', 'split'])
      .orderBy('split')
      .execute();
    return rows.map((row) => ({
      name: row.name,
      hash: row.hash,
      samples: row.samples,
      splits: Object.fromEntries(
        counts
          .filter(({ dataset }) => dataset === row.name)
          .map(({ split, samples }) => [split ?? 'none', Number(samples)]),
      ),
      origin: row.origin,
      importedAt: row.imported_at,
    }));
  };

  const summary = async (name: string): Promise<DatasetSummary> => {
    const all = await summaries();
    const found = all.find((dataset) => dataset.name === name);
    if (found) return found;
    const suggestion = suggest(
      name,
      all.map((dataset) => dataset.name),
    );
    throw new FulcrumError('dataset-unknown', { dataset: name, suggestion });
  };

  return {
    async save(name, samples, origin) {
      const replacement = { name, hash: datasetHash(samples), samples, origin };
      const unchanged = await database.transaction((transaction) => replaceDataset(transaction, replacement));
      return { summary: await summary(name), unchanged };
    },
    list: summaries,
    open: async (name) => storedDataset(tables, await summary(name)),
    async get(name) {
      const found = await summary(name);
      const rows = await tables
        .selectFrom('evaluation_samples')
        .select('sample')
        .where('dataset', '=', name)
        .orderBy('ordinal')
        .execute();
      return { ...found, content: rows.map((row) => JSON.parse(row.sample) as Sample) };
    },
  };
}

/**
 * Puts a dataset in the place of what has its name, inside a transaction. Throws
 * `dataset-name-invalid`, `dataset-frozen` or `dataset-exists`.
 * @return whether exactly these samples were there already.
 */
export async function replaceDataset(
  transaction: Parameters<typeof evaluationTables>[0],
  { name, hash, samples, origin }: { name: string; hash: string; samples: readonly Sample[]; origin: string },
): Promise<boolean> {
  requireDatasetName(name);
  const tables = evaluationTables(transaction);
  const old = await tables
    .selectFrom('evaluation_datasets')
    .select('hash')
    .where('name', '=', name)
    .executeTakeFirst();
  if (old?.hash === hash) return true;
  const frozen = await findFrozenSplit(splitTables(transaction), name);
  if (frozen)
    throw new FulcrumError('dataset-frozen', {
      dataset: name,
      frozenAt: frozen.frozenAt,
      hash: frozen.hash.slice(0, 12),
    });
  const used =
    old &&
    (await tables
      .selectFrom('evaluation_runs')
      .select('id')
      .where('dataset', '=', name)
      .where('dataset_hash', '=', old.hash)
      .executeTakeFirst());
  if (used) throw new FulcrumError('dataset-exists', { dataset: name });
  await tables.deleteFrom('evaluation_samples').where('dataset', '=', name).execute();
  await tables.deleteFrom('evaluation_erased_samples').where('dataset', '=', name).execute();
  await tables.deleteFrom('evaluation_datasets').where('name', '=', name).execute();
  await tables
    .insertInto('evaluation_datasets')
    .values({ name, hash, samples: samples.length, origin, imported_at: new Date().toISOString() })
    .execute();
  for (let at = 0; at < samples.length; at += rowsAtOnce)
    await tables
      .insertInto('evaluation_samples')
      .values(
        samples.slice(at, at + rowsAtOnce).map((sample, index) => ({
          dataset: name,
          ordinal: at + index,
          id: sample.id,
          split: sample.split ?? null,
          sample: JSON.stringify(sample),
          seeded_order: orderOf(sample.id),
        })),
      )
      .execute();
  return false;
}
