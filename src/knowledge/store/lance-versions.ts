import type { RecordBatch } from 'apache-arrow';
import { isOutdated, type LanceTables } from './lance-tables.ts';

/** Rows that the library hands over at once; by its default each thousand costs more than to read them. */
const batchRows = 32_768;

/** One state of a document in a table. */
export interface TableVersion {
  readonly documentId: string;
  readonly version: string;
  readonly source: string;
  rows: number;
}

/** The document versions of a table, each once, in no order. */
export async function readVersions(tables: LanceTables, name: string): Promise<Iterable<TableVersion>> {
  return tables.read<Iterable<TableVersion>>(name, [], async (table) => {
    const found = new Map<string, TableVersion>();
    if (await isOutdated(table)) return [];
    const columns = table.query().select(['document_id', 'version', 'source']);
    const { batches } = await columns.toArrow({ maxBatchLength: batchRows });
    for (const batch of batches) count(batch, found);
    return found.values();
  });
}

/** The rows of a document mostly lie beside one another, so a text is made only where the bytes differ from the row before. */
function count(batch: RecordBatch, found: Map<string, TableVersion>): void {
  const [ids, versions, sources] = ['document_id', 'version', 'source'].map((column) =>
    batch.getChild(column),
  );
  const repeats = [ids, versions].map((column) => repeatsOf(column?.data[0] as TextData | undefined));
  let last: TableVersion | undefined;
  for (let row = 0; row < batch.numRows; row++) {
    if (!last || !repeats.every((isRepeated) => isRepeated(row))) {
      const documentId = String(ids?.get(row));
      const version = String(versions?.get(row));
      const key = JSON.stringify([documentId, version]);
      last = found.get(key) ?? { documentId, version, source: String(sources?.get(row)), rows: 0 };
      found.set(key, last);
    }
    last.rows++;
  }
}

/** A column of texts as it lies in memory. */
interface TextData {
  readonly values: Uint8Array;
  readonly valueOffsets: Int32Array;
}

/** Tells of a row above 0 whether its text is that of the row before. */
function repeatsOf(data: TextData | undefined): (row: number) => boolean {
  if (!data) return () => false;
  const { values, valueOffsets } = data;
  return (row) => {
    const before = valueOffsets[row - 1]!;
    const start = valueOffsets[row]!;
    const length = start - before;
    if (valueOffsets[row + 1]! - start !== length) return false;
    // From the end: ids of one source begin alike.
    for (let at = length - 1; at >= 0; at--) if (values[before + at] !== values[start + at]) return false;
    return true;
  };
}
