/**
 * The one-to-one pairing of rows and columns with the largest total gain: index of the column for each row, -1 where
 * there are more rows than columns. Kuhn-Munkres by shortest augmenting paths: the square of the smaller side times
 * the larger one.
 */
export function bestPairing(gains: readonly (readonly number[])[]): number[] {
  const rows = gains.length;
  const columns = gains[0]?.length ?? 0;
  if (rows <= columns) return pairRows(rows, columns, (row, column) => -gains[row]![column]!);
  const pairing = new Array<number>(rows).fill(-1);
  const turned = pairRows(columns, rows, (row, column) => -gains[column]![row]!);
  for (const [column, row] of turned.entries()) pairing[row] = column;
  return pairing;
}

/** Column of each row at the least total cost, for no more rows than columns. */
function pairRows(rows: number, columns: number, cost: (row: number, column: number) => number): number[] {
  const prices: Prices = {
    columns,
    cost: (row, column) => cost(row - 1, column - 1),
    rowPrice: new Float64Array(rows + 1),
    columnPrice: new Float64Array(columns + 1),
    rowOf: new Int32Array(columns + 1),
  };
  const { rowOf } = prices;
  for (let row = 1; row <= rows; row++) {
    const { end, before } = shortestPath(row, prices);
    for (let column = end; column !== 0; column = before[column]!) rowOf[column] = rowOf[before[column]!]!;
  }
  const pairing = new Array<number>(rows).fill(-1);
  for (let column = 1; column <= columns; column++)
    if (rowOf[column] !== 0) pairing[rowOf[column]! - 1] = column - 1;
  return pairing;
}

/** Rows and columns count from 1; 0 stands for none. */
interface Prices {
  readonly columns: number;
  readonly cost: (row: number, column: number) => number;
  readonly rowPrice: Float64Array;
  readonly columnPrice: Float64Array;
  /** Row of each column. */
  readonly rowOf: Int32Array;
}

/** Finds the cheapest way from a row to a free column and moves the prices along it. */
function shortestPath(row: number, prices: Prices): { end: number; before: Int32Array } {
  const { columns, cost, rowPrice, columnPrice, rowOf } = prices;
  const distance = new Float64Array(columns + 1).fill(Number.POSITIVE_INFINITY);
  const before = new Int32Array(columns + 1);
  const reached = new Uint8Array(columns + 1);
  rowOf[0] = row;
  let column = 0;
  do {
    reached[column] = 1;
    const from = rowOf[column]!;
    let step = Number.POSITIVE_INFINITY;
    let next = 0;
    for (let candidate = 1; candidate <= columns; candidate++) {
      if (reached[candidate]) continue;
      const through = cost(from, candidate) - rowPrice[from]! - columnPrice[candidate]!;
      if (through < distance[candidate]!) {
        distance[candidate] = through;
        before[candidate] = column;
      }
      if (distance[candidate]! < step) {
        step = distance[candidate]!;
        next = candidate;
      }
    }
    for (let candidate = 0; candidate <= columns; candidate++) {
      if (reached[candidate]) {
        rowPrice[rowOf[candidate]!]! += step;
        columnPrice[candidate]! -= step;
      } else distance[candidate]! -= step;
    }
    column = next;
  } while (rowOf[column] !== 0);
  return { end: column, before };
}
