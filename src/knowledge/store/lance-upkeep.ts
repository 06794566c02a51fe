import type { Table } from '@lancedb/lancedb';
import type { TableKind } from './lance-tables.ts';

/** Old table versions are kept this long for readers that are in the middle of a query. */
const keepVersionsMs = 2 * 60_000;
/** A table of up to so many rows is folded at every call: that takes less time than it is worth to think about. */
const smallRows = 5000;
/** A larger one waits until so many pieces lie beside the folded ones; each costs a search of both arms some .6 ms. */
const mostPieces = 6;
/** Or until this share of its rows is in no index: the statistics of words leave them out until then. */
const mostUnindexed = 0.02;
/** A vector index grows by a part at each fold, and pieces of different parts are never joined: above, it is made anew. */
const mostParts = 8;

/**
 * Makes the indexes that a table has grown to need, and folds new rows into them and pieces into one where that pays. What
 * is not folded is found all the same. May lose its commit against another process, and may then be repeated.
 */
export async function keepUp(table: Table, kind: TableKind, exactRows: number): Promise<void> {
  await buildIndexes(table, kind, exactRows);
  const rows = await table.countRows();
  if (rows > smallRows && !(await isBehind(table, rows))) return;
  if ((await vectorParts(table)) > mostParts) await buildVectorIndex(table, true);
  await table.optimize({ cleanupOlderThan: new Date(Date.now() - keepVersionsMs) });
}

async function isBehind(table: Table, rows: number): Promise<boolean> {
  const { fragmentStats } = await table.stats();
  if (fragmentStats.numFragments - Math.max(1, await vectorParts(table)) >= mostPieces) return true;
  for (const { name } of await table.listIndices()) {
    const statistics = await table.indexStats(name);
    if ((statistics?.numUnindexedRows ?? 0) > rows * mostUnindexed) return true;
  }
  return false;
}

/** Parts of the index of vectors; 0 where there is none. */
async function vectorParts(table: Table): Promise<number> {
  const index = (await table.listIndices()).find(({ columns }) => columns.includes('vector'));
  return index ? ((await table.indexStats(index.name))?.numIndices ?? 1) : 0;
}

async function buildIndexes(table: Table, kind: TableKind, exactRows: number): Promise<void> {
  const rows = await table.countRows();
  if (rows === 0) return;
  const { Index } = await import('@lancedb/lancedb');
  const indexed = new Set((await table.listIndices()).flatMap((index) => index.columns));
  if (!indexed.has('id')) await table.createIndex('id', { config: Index.btree() });
  for (const list of ['readers', 'tags'])
    if (!indexed.has(list)) await table.createIndex(list, { config: Index.labelList() });
  if (kind === 'vectors' && rows > exactRows && !indexed.has('vector')) await buildVectorIndex(table, false);
}

async function buildVectorIndex(table: Table, replace: boolean): Promise<void> {
  const { Index } = await import('@lancedb/lancedb');
  await table.createIndex('vector', { config: Index.ivfRq({ distanceType: 'cosine' }), replace });
}
