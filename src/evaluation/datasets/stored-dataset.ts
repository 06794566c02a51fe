import type { Kysely } from 'kysely';
import { FulcrumError, type Sample, type SplitName } from '../../core/index.ts';
import type { EvaluationTables } from '../migrations.ts';
import type { DatasetSummary } from './dataset.ts';
import { type SampleSource, samplesAtOnce } from './sample-source.ts';

/** A dataset of the database; its samples are read a page at a time and never in memory together. */
export interface StoredDataset extends DatasetSummary, SampleSource {
  readonly name: string;
  readonly hash: string;
  /** Samples by id; those that are not there are left out. */
  samplesOf(ids: readonly string[]): Promise<Map<string, Sample>>;
}

export function storedDataset(tables: Kysely<EvaluationTables>, summary: DatasetSummary): StoredDataset {
  const { name } = summary;

  const inScope = (split?: SplitName) =>
    tables
      .selectFrom('evaluation_samples')
      .where('dataset', '=', name)
      .$if(split !== undefined, (query) => query.where('split', '=', split!));

  const count = async (split?: SplitName, limit?: number): Promise<number> => {
    const { samples } = await inScope(split)
      .select(({ fn }) => fn.countAll<number>().as('samples'))
      .executeTakeFirstOrThrow();
    if (Number(samples) === 0)
      throw new FulcrumError('dataset-empty', {
        path: split === undefined ? `The dataset "${name}"` : `The split ${split} of "${name}"`,
      });
    return Math.min(Number(samples), limit ?? Number.POSITIVE_INFINITY);
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
    count,
    async *pages(split, limit) {
      let left = await count(split, limit);
      for (let last: { id: string; seeded_order: string } | undefined; left > 0; ) {
        const from = last;
        const rows = await inScope(split)
          .select(['id', 'seeded_order', 'sample'])
          .$if(from !== undefined, (query) =>
            query.where(({ eb, refTuple, tuple }) =>
              eb(refTuple('seeded_order', 'id'), '>', tuple(from!.seeded_order, from!.id)),
            ),
          )
          .orderBy('seeded_order')
          .orderBy('id')
          .limit(Math.min(samplesAtOnce, left))
          .execute();
        if (rows.length === 0) return;
        yield rows.map((row) => JSON.parse(row.sample) as Sample);
        left -= rows.length;
        last = rows.at(-1);
      }
    },
  };
}
