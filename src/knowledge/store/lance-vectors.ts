import type { Table, VectorQuery } from '@lancedb/lancedb';
import type { ArmHit } from '../chunk-store.ts';

/** Rows of one partition of the vector index (the library's default). */
const partitionRows = 4096;
/** Behind a filter that this share of `exactRows` passes a scan is both exact and faster than the index. */
const scannedShare = 0.1;
/** How many times the hits asked for are compared exactly after the index has ranked by its codes. */
const refine = 10;

/** A row of a result as a hit. */
export function toHit(row: { id: string; document_id: string; version: string }, score: number): ArmHit {
  return { id: row.id, documentId: row.document_id, version: row.version, score };
}

/** The nearest rows that pass a predicate, in no order. */
export async function nearest(
  table: Table,
  search: { query: Float32Array; predicate: string; limit: number; exactRows: number },
): Promise<ArmHit[]> {
  const { query, predicate, limit, exactRows } = search;
  const begun = table.query().nearestTo(query).distanceType('cosine').where(predicate);
  const rows = await (await probe(table, begun, predicate, exactRows))
    .select(['id', 'document_id', 'version', '_distance'])
    .limit(limit)
    .toArray();
  return rows.map((row) => toHit(row, 1 - row._distance));
}

/**
 * With an index, a filter that few rows pass would lose hits: then the rows that pass are scanned (exact), or
 * every partition is visited. Without an index every search is a scan.
 */
async function probe(
  table: Table,
  search: VectorQuery,
  predicate: string,
  exactRows: number,
): Promise<VectorQuery> {
  const rows = await table.countRows();
  if (rows <= exactRows) return search.bypassVectorIndex();
  const matching = await table.countRows(predicate);
  if (matching <= exactRows * scannedShare) return search.bypassVectorIndex();
  const partitions = Math.ceil(rows / partitionRows) + 1;
  const probes =
    matching < rows / 5 ? partitions : Math.min(partitions, Math.max(20, Math.ceil(rows / 20_000)));
  return search.minimumNprobes(Math.min(probes, partitions)).maximumNprobes(partitions).refineFactor(refine);
}

/** The cosine of every row that passes a predicate, which names few rows. */
export async function scoreNamed(table: Table, query: Float32Array, predicate: string): Promise<ArmHit[]> {
  const length = Math.hypot(...query);
  const hits: ArmHit[] = [];
  for await (const batch of table
    .query()
    .where(predicate)
    .select(['id', 'document_id', 'version', 'vector'])) {
    const [ids, documents, versions, vectors] = ['id', 'document_id', 'version', 'vector'].map((column) =>
      batch.getChild(column),
    );
    for (let row = 0; row < batch.numRows; row++) {
      const values = vectors?.get(row).toArray() as Float32Array;
      const columns = {
        id: String(ids?.get(row)),
        document_id: String(documents?.get(row)),
        version: String(versions?.get(row)),
      };
      hits.push(toHit(columns, cosine(values, query, length)));
    }
  }
  return hits;
}

function cosine(values: Float32Array, query: Float32Array, queryLength: number): number {
  let product = 0;
  let squares = 0;
  for (let index = 0; index < query.length; index++) {
    product += values[index]! * query[index]!;
    squares += values[index]! ** 2;
  }
  return product / (Math.sqrt(squares) * queryLength);
}
