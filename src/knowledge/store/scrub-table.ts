import type { Index as IndexConfig, IndexConfig as IndexEntry, Table } from '@lancedb/lancedb';
import { FulcrumError } from '../../core/index.ts';
import { fullTextIndex } from './lance-tables.ts';

/**
 * Makes deleted rows of a table vanish from its files. LanceDB only marks rows as deleted, keeps the words of deleted rows
 * in its indexes, and keeps old states of the table; so all rows are written anew in one commit, every index is made
 * anew in the place of the old one, and all that no longer belongs to the newest state is removed. Each step may be
 * repeated; searches find the same rows after each. A reader that holds an old state of the table must open it anew.
 */
export async function scrubTable(table: Table): Promise<void> {
  await table.update({ where: 'true', valuesSql: { source: 'source' } });
  for (const index of await table.listIndices()) {
    const [column] = index.columns;
    if (column === undefined) continue;
    await table.createIndex(column, { config: await configOf(index), replace: true });
  }
  // Nobody else writes to the table: the caller holds the project's lock.
  await table.optimize({ cleanupOlderThan: new Date(), deleteUnverified: true });
}

async function configOf({ indexType, columns }: IndexEntry): Promise<IndexConfig> {
  const { Index } = await import('@lancedb/lancedb');
  switch (indexType.toLowerCase().replace('_', '')) {
    case 'btree':
      return Index.btree();
    case 'labellist':
      return Index.labelList();
    case 'bitmap':
      return Index.bitmap();
    case 'fts':
    case 'inverted':
      return fullTextIndex();
    case 'ivfrq':
      return Index.ivfRq({ distanceType: 'cosine' });
    default:
      throw new FulcrumError('internal', {
        problem: `an index of kind ${indexType} on ${columns.join(', ')} cannot be made anew`,
      });
  }
}
