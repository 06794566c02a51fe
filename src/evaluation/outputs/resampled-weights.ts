import { warmGenerator } from '../statistics/warm-generator.ts';

/** Resamples behind the interval of a value over all rows. */
export const resamples = 1000;

/** Clusters below which no interval is given: percentile intervals of few clusters are too short. */
export const fewestForInterval = 30;

/** Cumulative probabilities of a Poisson variable with mean 1, from 0 on, in units of 2^-32. */
const cumulative = poissonThresholds();

function poissonThresholds(): number[] {
  const thresholds: number[] = [];
  let probability = Math.exp(-1);
  let total = 0;
  for (let count = 0; count < 12; count += 1) {
    total += probability;
    thresholds.push(total * 2 ** 32);
    probability /= count + 1;
  }
  return thresholds;
}

/**
 * How often a cluster is drawn in each resample: independent Poisson numbers with mean 1, which is how a bootstrap
 * looks from one cluster of many (Chamandy et al. 2012), so that rows need not be kept. The same cluster has the same
 * numbers whenever it comes up.
 */
export function resampledWeights(cluster: string): Uint8Array {
  const generator = warmGenerator(hashOf(cluster));
  const weights = new Uint8Array(resamples);
  for (let index = 0; index < resamples; index += 1) {
    const drawn = generator.next() >>> 0;
    let count = 0;
    while (count < cumulative.length && drawn >= cumulative[count]!) count += 1;
    weights[index] = count;
  }
  return weights;
}

/** 32-bit FNV-1a over UTF-16 units. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash;
}

/** The middle 95 % of values on resamples; null where one of them has no value. */
export function middleOf(values: readonly (number | null)[]): { low: number; high: number } | null {
  const known = values.filter((value) => value !== null);
  if (known.length < values.length || known.length === 0) return null;
  const sorted = Float64Array.from(known).sort();
  const at = (share: number): number => {
    const position = share * (sorted.length - 1);
    const floor = Math.floor(position);
    const next = sorted[Math.min(floor + 1, sorted.length - 1)]!;
    return sorted[floor]! + (position - floor) * (next - sorted[floor]!);
  };
  return { low: at(0.025), high: at(0.975) };
}
