/** Area under the curve of weighted texts, ties as one half, from an order by score that was made once. */
export function auroc(
  order: readonly number[],
  scores: readonly number[],
  labels: readonly boolean[],
  weights: ArrayLike<number>,
): number {
  let below = 0;
  let sum = 0;
  let positives = 0;
  for (let at = 0; at < order.length; ) {
    let up = 0;
    let down = 0;
    const score = scores[order[at]!]!;
    for (; at < order.length && scores[order[at]!] === score; at++) {
      const index = order[at]!;
      if (labels[index]) up += weights[index]!;
      else down += weights[index]!;
    }
    sum += up * (below + down / 2);
    below += down;
    positives += up;
  }
  return sum / (positives * below);
}

/** Mean of the shares of supported and of unsupported texts that were called right, weighted. */
export function balancedAccuracy(
  calls: readonly boolean[],
  labels: readonly boolean[],
  weights: ArrayLike<number>,
): number {
  const right = [0, 0];
  const all = [0, 0];
  labels.forEach((label, index) => {
    all[label ? 1 : 0]! += weights[index]!;
    if (calls[index] === label) right[label ? 1 : 0]! += weights[index]!;
  });
  return (right[0]! / all[0]! + right[1]! / all[1]!) / 2;
}
