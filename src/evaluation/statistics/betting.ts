/** A mean with an interval that holds at every time at once, however often one looks. */
export interface BettingInterval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** Share of the wealth that a bet may risk at most (the constant c of the paper). */
const mostAtRisk = 0.5;

/**
 * Confidence sequence for the mean of values in [0, 1] that arrive one by one and have the same mean given those before: the hedged
 * capital process with predictable plug-in bets (Waudby-Smith & Ramdas 2024, "Estimating means of bounded random variables by
 * betting", section 4.2 with theta = 1/2). A mean is ruled out once the capital of a bet that the truth is higher, or of
 * one that it is lower, has ever reached 1 / tail; by Ville's inequality a true one is with probability at most `2 tail`, at any
 * number of values; nothing in it is approximate for few of them.
 * @param values in the order of their arrival.
 * @param tail error on each side, over all times together.
 */
export function bettingInterval(values: ArrayLike<number>, tail: number): BettingInterval {
  const bets = plugInBets(values, tail);
  const mirrored = Float64Array.from(values, (value) => 1 - value);
  const low = lowestMean(values, bets, tail);
  const high = 1 - lowestMean(mirrored, bets, tail);
  const mean = Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
  // Both sides can rule out everything only where the error has happened; then the mean is all that is left to say.
  return low <= high ? { mean, low, high } : { mean, low: mean, high: mean };
}

/** Bets that are large when the values so far vary little; the one on a value is made before it is seen. */
function plugInBets(values: ArrayLike<number>, tail: number): Float64Array {
  const bets = new Float64Array(values.length);
  let sum = 0.5;
  let squares = 0.25;
  for (let index = 0; index < values.length; index += 1) {
    const time = index + 1;
    const variance = squares / time;
    bets[index] = Math.sqrt((2 * Math.log(1 / tail)) / (variance * time * Math.log(1 + time)));
    const value = values[index]!;
    sum += value;
    const centre = sum / (time + 1);
    squares += (value - centre) ** 2;
  }
  return bets;
}

/**
 * Smallest mean that bets on "higher" have never ruled out. Their largest capital falls as the mean that is bet against rises, so
 * bisection finds it.
 */
function lowestMean(values: ArrayLike<number>, bets: Float64Array, tail: number): number {
  const goal = -Math.log(tail);
  const isRuledOut = (mean: number): boolean => {
    let capital = 0;
    for (let index = 0; index < values.length; index += 1) {
      const bet = Math.min(bets[index]!, mostAtRisk / mean);
      capital += Math.log1p(bet * (values[index]! - mean));
      if (capital >= goal) return true;
    }
    return false;
  };
  let low = 0;
  let high = 1;
  if (isRuledOut(1)) return 1;
  for (let step = 0; step < 50; step += 1) {
    const middle = (low + high) / 2;
    if (isRuledOut(middle)) low = middle;
    else high = middle;
  }
  return low;
}
