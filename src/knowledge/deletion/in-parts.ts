/** Values of one list in a statement: a database takes some ten thousand in all, and a deletion may name more. */
const partSize = 1000;

/** Runs a query for each part of a list, and gives the rows of all. */
export async function inParts<Value, Row>(
  values: readonly Value[],
  query: (part: readonly Value[]) => Promise<readonly Row[]>,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (let start = 0; start < values.length; start += partSize)
    for (const row of await query(values.slice(start, start + partSize))) rows.push(row);
  return rows;
}
