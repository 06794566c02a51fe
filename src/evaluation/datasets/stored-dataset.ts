import type { Kysely } from 'kysely';
import { FulcrumError, type Sample, type SplitName } from '../../core/index.ts';
import type { EvaluationTables } from '../migrations.ts';
import { sampleOrder } from '../runs/sample-order.ts';
import type { DatasetSummary } from './dataset.ts';
import { type SampleSource, samplesAtOnce } from './sample-source.ts';

/** A dataset of the database; only the ids of its samples are ever in memory together. */
export interface StoredDataset extends DatasetSummary, SampleSource {
  readonly name: string;
  readonly hash: string;
  /** Samples by id; those that are not there are left out. */
  samplesOf(ids: readonly string[]): Promise<Map<string, Sample>>;
}

export function storedDataset(tables: Kysely<EvaluationTables>, summary: DatasetSummary): StoredDataset {
  const { name } = summary;
  const chosen = new Map<string, string[]>();

  const select = async (split?: SplitName, limit?: number): Promise<readonly string[]> => {
    const key = `${split ?? ''}:${limit ?? ''}`;
    const known = chosen.get(key);
    if (known) return known;
    const rows = await tables
      .selectFrom('evaluation_samples')
      .select('id')
      .where('dataset', '=', name)
      .$if(split !== undefined, (query) => query.where('split', '=', split!))
      .execute();
    const ids = sampleOrder(
      rows.map((row) => row.id),
      limit,
    );
    if (ids.length === 0)
      throw new FulcrumError('dataset-empty', {
        path: split === undefined ? `The dataset "${name}"` : `The split ${split} of "${name}"`,
      });
    chosen.set(key, ids);
    return ids;
  };

  const samplesOf = async (ids: readonly string[]): Promise<Map<string, Sample>> => {
    const found = new Map<string, Sample>();
    for (let at = 0; at < ids.length; at += samplesAtOnce) {
      const rows = await tables
        .selectFrom('evaluation_samples')
        .select(['id', 'sample'])
        .where('dataset', '=', name)
        .where('id', 'in', ids.slice(at, at + samplesAtOnce))
        .execute();
      for (const row of rows) found.set(row.id, JSON.parse(row.sample) as Sample);
    }
    return found;
  };

  return {
    ...summary,
    samplesOf,
    count: async (split, limit) => (await select(split, limit)).length,
    async *pages(split, limit) {
      const ids = await select(split, limit);
      for (let at = 0; at < ids.length; at += samplesAtOnce) {
        const page = ids.slice(at, at + samplesAtOnce);
        const samples = await samplesOf(page);
        yield page.map((id) => samples.get(id)).filter((sample) => sample !== undefined);
      }
    },
  };
}
