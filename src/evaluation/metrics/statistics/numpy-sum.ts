/**
 * Sum in the order in which NumPy adds (pairwise over blocks of 128, each in 8 lanes). Resampled means tie with the
 * observed one to the last bit only when both are added in that order, and ties move p-values and BCa bounds.
 */
export function numpySum(values: readonly number[], start = 0, count = values.length): number {
  const end = start + count;
  if (count < 8) {
    let total = 0;
    for (let index = start; index < end; index += 1) total += values[index]!;
    return total;
  }
  if (count > 128) {
    const half = Math.floor(count / 2);
    const first = half - (half % 8);
    return numpySum(values, start, first) + numpySum(values, start + first, count - first);
  }
  const lanes = values.slice(start, start + 8);
  const whole = end - (count % 8);
  for (let index = start + 8; index < whole; index += 1) lanes[(index - start) % 8]! += values[index]!;
  let total =
    lanes[0]! + lanes[1]! + (lanes[2]! + lanes[3]!) + (lanes[4]! + lanes[5]! + (lanes[6]! + lanes[7]!));
  for (let index = whole; index < end; index += 1) total += values[index]!;
  return total;
}
