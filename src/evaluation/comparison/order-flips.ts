/** Differences between two sides, the largest of each kind first; equal ones by sample id. */
export interface OrderedFlips<T> {
  readonly gained: readonly T[];
  readonly lost: readonly T[];
}

/** @param gain how much better the one side is, in units of the metric; 0 is in neither list. */
export function orderFlips<T extends { readonly sample: string }>(
  flips: readonly T[],
  gain: (flip: T) => number,
): OrderedFlips<T> {
  const side = (sign: 1 | -1): T[] =>
    flips
      .filter((flip) => sign * gain(flip) > 0)
      .sort((a, b) => Math.abs(gain(b)) - Math.abs(gain(a)) || (a.sample < b.sample ? -1 : 1));
  return { gained: side(1), lost: side(-1) };
}
