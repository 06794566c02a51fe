import type { Table, VectorQuery } from '@lancedb/lancedb';
import type { RecordBatch } from 'apache-arrow';
import type { ArmHit } from '../chunk-store.ts';

/** Rows of one partition of the vector index (the library's default). */
const partitionRows = 4096;
/** Behind a filter that this share of `exactRows` passes a scan is both exact and faster than the index. */
const scannedShare = 0.1;
/** At least so many rows are compared exactly after the index has ranked by its codes, and twice those asked for. */
const compared = 300;

/** The nearest rows that pass a predicate, in no order. */
export async function nearest(
  table: Table,
  search: { query: Float32Array; predicate: string; limit: number; exactRows: number },
): Promise<ArmHit[]> {
  const { query, predicate, limit } = search;
  const begun = table.query().nearestTo(query).distanceType('cosine').where(predicate);
  const rows = (await probe(table, begun, search))
    .select(['id', 'document_id', 'version', '_distance'])
    .limit(limit);
  return readHits(rows, '_distance', (distance: number) => 1 - distance);
}

/**
 * With an index, a filter that few rows pass would lose hits: then the rows that pass are scanned (exact), or
 * every partition is visited. Without an index every search is a scan.
 */
async function probe(
  table: Table,
  search: VectorQuery,
  { predicate, limit, exactRows }: { predicate: string; limit: number; exactRows: number },
): Promise<VectorQuery> {
  const rows = await table.countRows();
  if (rows <= exactRows) return search.bypassVectorIndex();
  const matching = await table.countRows(predicate);
  if (matching <= exactRows * scannedShare) return search.bypassVectorIndex();
  const partitions = Math.ceil(rows / partitionRows) + 1;
  const probes =
    matching < rows / 5 ? partitions : Math.min(partitions, Math.max(20, Math.ceil(rows / 20_000)));
  // Sets both bounds: the least may at no moment lie above the most, which is 20 unless said otherwise.
  return search
    .nprobes(partitions)
    .minimumNprobes(Math.min(probes, partitions))
    .refineFactor(Math.max(2, Math.min(10, Math.ceil(compared / limit))));
}

/** The cosine of every row that passes a predicate, which names few rows. */
export async function scoreNamed(table: Table, query: Float32Array, predicate: string): Promise<ArmHit[]> {
  const length = Math.hypot(...query);
  const rows = table.query().where(predicate).select(['id', 'document_id', 'version', 'vector']);
  return readHits(rows, 'vector', (row: { toArray(): Float32Array }) => cosine(row.toArray(), query, length));
}

/** The rows of a result as hits, column by column, which takes half the time of row objects. */
export async function readHits<Value>(
  batches: AsyncIterable<RecordBatch>,
  column: string,
  score: (value: Value) => number,
): Promise<ArmHit[]> {
  const hits: ArmHit[] = [];
  for await (const batch of batches) {
    const [ids, documents, versions, values] = ['id', 'document_id', 'version', column].map((name) =>
      batch.getChild(name),
    );
    for (let row = 0; row < batch.numRows; row++)
      hits.push({
        id: String(ids?.get(row)),
        documentId: String(documents?.get(row)),
        version: String(versions?.get(row)),
        score: score(values?.get(row) as Value),
      });
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
