/**
 * The one-to-one pairing of rows and columns with the largest total gain: index of the column for each row, -1 where
 * there are more rows than columns. Kuhn-Munkres by shortest augmenting paths, cubic in the larger side.
 */
export function bestPairing(gains: readonly (readonly number[])[]): number[] {
  const rows = gains.length;
  const size = Math.max(rows, gains[0]?.length ?? 0);
  const cost = (row: number, column: number): number => -(gains[row - 1]?.[column - 1] ?? 0);
  const rowPrice = new Float64Array(size + 1);
  const columnPrice = new Float64Array(size + 1);
  /** Row of each column; row and column 0 stand for "none yet". */
  const rowOf = new Int32Array(size + 1);
  for (let row = 1; row <= size; row++) {
    const { end, before } = shortestPath(row, { size, cost, rowPrice, columnPrice, rowOf });
    for (let column = end; column !== 0; column = before[column]!) rowOf[column] = rowOf[before[column]!]!;
  }
  const pairing = new Array<number>(rows).fill(-1);
  for (let column = 1; column <= (gains[0]?.length ?? 0); column++) {
    const row = rowOf[column]! - 1;
    if (row < rows) pairing[row] = column - 1;
  }
  return pairing;
}

interface Prices {
  readonly size: number;
  readonly cost: (row: number, column: number) => number;
  readonly rowPrice: Float64Array;
  readonly columnPrice: Float64Array;
  readonly rowOf: Int32Array;
}

/** Finds the cheapest way from a row to a free column and moves the prices along it. */
function shortestPath(row: number, prices: Prices): { end: number; before: Int32Array } {
  const { size, cost, rowPrice, columnPrice, rowOf } = prices;
  const distance = new Float64Array(size + 1).fill(Number.POSITIVE_INFINITY);
  const before = new Int32Array(size + 1);
  const reached = new Uint8Array(size + 1);
  rowOf[0] = row;
  let column = 0;
  do {
    reached[column] = 1;
    const from = rowOf[column]!;
    let step = Number.POSITIVE_INFINITY;
    let next = 0;
    for (let candidate = 1; candidate <= size; candidate++) {
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
    for (let candidate = 0; candidate <= size; candidate++) {
      if (reached[candidate]) {
        rowPrice[rowOf[candidate]!]! += step;
        columnPrice[candidate]! -= step;
      } else distance[candidate]! -= step;
    }
    column = next;
  } while (rowOf[column] !== 0);
  return { end: column, before };
}
