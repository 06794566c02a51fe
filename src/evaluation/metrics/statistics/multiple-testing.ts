/** p-values adjusted for looking at many, in the order given, and which of them are rejected. */
export interface AdjustedTests {
  readonly adjusted: readonly number[];
  readonly reject: readonly boolean[];
}

/** Holm's step-down procedure: the chance of any false rejection is at most `alpha` (statsmodels 0.15.0). */
export function holm(pvalues: readonly number[], alpha = 0.05): AdjustedTests {
  const order = ascending(pvalues);
  const count = pvalues.length;
  const adjusted: number[] = Array(count).fill(1);
  const reject: boolean[] = Array(count).fill(false);
  let highest = 0;
  let rejecting = true;
  for (const [rank, index] of order.entries()) {
    const left = count - rank;
    highest = Math.max(highest, pvalues[index]! * left);
    adjusted[index] = Math.min(1, highest);
    rejecting &&= pvalues[index]! <= alpha / left;
    reject[index] = rejecting;
  }
  return { adjusted, reject };
}

/** Benjamini and Hochberg: the expected share of false rejections is at most `alpha` (statsmodels 0.15.0). */
export function benjaminiHochberg(pvalues: readonly number[], alpha = 0.05): AdjustedTests {
  const order = ascending(pvalues);
  const count = pvalues.length;
  const adjusted: number[] = Array(count).fill(1);
  const reject: boolean[] = Array(count).fill(false);
  let lowest = Number.POSITIVE_INFINITY;
  let rejecting = false;
  for (let rank = count; rank >= 1; rank -= 1) {
    const index = order[rank - 1]!;
    const share = rank / count;
    lowest = Math.min(lowest, pvalues[index]! / share);
    adjusted[index] = Math.min(1, lowest);
    rejecting ||= pvalues[index]! <= share * alpha;
    reject[index] = rejecting;
  }
  return { adjusted, reject };
}

function ascending(values: readonly number[]): number[] {
  return values.map((_, index) => index).sort((a, b) => values[a]! - values[b]! || a - b);
}
