/** Normal deviate that 2.5 % exceed. */
const normal = 1.959964;

/**
 * Widens resampled means about the mean of the sample, in place. Resampling so many clusters has a variance too small by
 * (clusters - 1) / clusters and takes it as known; Student's t does not. Not below 0 where the mean is not.
 * @param clusters what was resampled; with fewer than 2 nothing is done.
 */
export function widenFew(means: Float64Array, mean: number, clusters: number): void {
  if (clusters < 2) return;
  const factor = (Math.sqrt(clusters / (clusters - 1)) * student(clusters - 1)) / normal;
  for (const [draw, value] of means.entries()) {
    const wide = mean + factor * (value - mean);
    means[draw] = mean >= 0 ? Math.max(0, wide) : wide;
  }
}

/** Value that Student's t exceeds with probability .025 (Abramowitz and Stegun 26.7.5), right to .3 % from 4 degrees of freedom. */
function student(degrees: number): number {
  const z = normal;
  return (
    z +
    (z ** 3 + z) / (4 * degrees) +
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * degrees ** 2) +
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * degrees ** 3)
  );
}
