import type { Kysely } from 'kysely';
import { type Migrations, tablesOf } from '../../database/index.ts';
import { orderOf } from '../runs/sample-order.ts';

interface OrderedSamples {
  evaluation_samples: { dataset: string; ordinal: number; id: string; sample: string; seeded_order: string };
}

/** Samples that one statement of the migration reads or writes. */
const rowsAtOnce = 200;

/** Migration of the place of samples in the seeded order; the evaluation room adds it to its own. */
export const sampleOrderMigrations: Migrations = {
  'evaluation-600-sample-order': {
    up: async (handle) => {
      await handle.schema
        .alterTable('evaluation_samples')
        .addColumn('seeded_order', 'text', (column) => column.notNull().defaultTo(''))
        .execute();
      await orderSamples(tablesOf<OrderedSamples>(handle).withoutPlugins());
      await handle.schema
        .createIndex('evaluation_samples_seeded')
        .on('evaluation_samples')
        .columns(['dataset', 'seeded_order', 'id'])
        .execute();
    },
  },
};

async function orderSamples(tables: Kysely<OrderedSamples>): Promise<void> {
  for (let last: { dataset: string; id: string } | undefined; ; ) {
    const from = last;
    const rows = await tables
      .selectFrom('evaluation_samples')
      .select(['dataset', 'id'])
      .$if(from !== undefined, (query) =>
        query.where(({ eb, refTuple, tuple }) =>
          eb(refTuple('dataset', 'id'), '>', tuple(from!.dataset, from!.id)),
        ),
      )
      .orderBy('dataset')
      .orderBy('id')
      .limit(rowsAtOnce)
      .execute();
    // Every row is there, so this only updates; a statement for each would take minutes for a large dataset.
    if (rows.length > 0)
      await tables
        .insertInto('evaluation_samples')
        .values(rows.map((row) => ({ ...row, ordinal: 0, sample: '', seeded_order: orderOf(row.id) })))
        .onConflict((conflict) =>
          conflict
            .columns(['dataset', 'id'])
            .doUpdateSet(({ ref }) => ({ seeded_order: ref('excluded.seeded_order') })),
        )
        .execute();
    if (rows.length < rowsAtOnce) return;
    last = rows.at(-1);
  }
}
