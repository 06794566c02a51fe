/** Holm's step-down adjustment (1979): rejecting those at most alpha makes any false rejection as rare as alpha. */
export function adjustHolm(values: readonly number[]): number[] {
  let least = 0;
  return adjustInOrder(values, ascending(values), (value, rank) => {
    least = Math.max(least, Math.min(1, value * (values.length - rank)));
    return least;
  });
}

/** Benjamini and Hochberg's adjustment (1995): rejecting those at most q keeps the expected share of false rejections at q. */
export function adjustBenjaminiHochberg(values: readonly number[]): number[] {
  let most = 1;
  return adjustInOrder(values, ascending(values).reverse(), (value, rank) => {
    most = Math.min(most, (value * values.length) / (values.length - rank));
    return most;
  });
}

function ascending(values: readonly number[]): number[] {
  return [...values.keys()].sort((a, b) => values[a]! - values[b]!);
}

function adjustInOrder(
  values: readonly number[],
  order: readonly number[],
  adjust: (value: number, rank: number) => number,
): number[] {
  const adjusted = new Array<number>(values.length);
  for (const [rank, index] of order.entries()) adjusted[index] = adjust(values[index]!, rank);
  return adjusted;
}
