import { effectiveSample, upperMean } from './bounded-mean.ts';
import { type ClusterLayout, clusterLayout, clusterSums } from './cluster-layout.ts';
import { combineSides, type DifferenceInterval, type Side } from './difference-interval.ts';
import { normalUpper, proportionUpper } from './quantiles.ts';

/** Chance that a sample of the stated size gives the verdict. */
export const plannedPower = 0.8;

/** How much paired differences vary: what a plan is computed from. Units of the range of the metric. */
export interface DifferenceSpread {
  /** Upper bound of the variance that one sample adds to the mean difference, the design effect of clusters included. */
  readonly variance: number;
  /** Independent yes/no trials that one sample is worth. */
  readonly trialsPerSample: number;
}

/**
 * Upper confidence bound of the spread of paired differences: of the discordance for independent yes/no scores, of the second
 * moment of cluster totals in general. The observed mean difference plays no part in it.
 * @param confidence one-sided.
 */
export function boundSpread(
  differences: ArrayLike<number>,
  layout: ClusterLayout,
  confidence: number,
): DifferenceSpread {
  const largest = layout.sizes.reduce((a, b) => Math.max(a, b), 1);
  const moments = clusterSums(differences, layout).map((sum) => (sum / largest) ** 2);
  const single = clusterLayout(Array.from(moments, (_value, cluster) => String(cluster)));
  const bound = upperMean(moments, single, 1 - confidence);
  const sizes = Float64Array.from(differences, Math.abs);
  const { trials } = effectiveSample(sizes, layout, 1 - confidence);
  return {
    variance: (bound * largest * largest * layout.count) / layout.samples,
    trialsPerSample: trials / layout.samples,
  };
}

/**
 * Samples that settle a comparison: with `plannedPower` the interval shows "equivalent" where there is no difference, and
 * "better" or "worse" where the difference is the margin. Null above ten million.
 * @param tail error on each side of the interval.
 */
export function samplesToSettle(spread: DifferenceSpread, margin: number, tail: number): number | null {
  const unluckyWhenEqual = normalUpper((1 - plannedPower) / 2);
  const unlucky = normalUpper(1 - plannedPower);
  return smallestCount((samples) => {
    const error = Math.sqrt(spread.variance / samples);
    return (
      expectedInterval(spread, unluckyWhenEqual * error, samples, tail).high < margin &&
      expectedInterval(spread, margin - unlucky * error, samples, tail).low > 0
    );
  });
}

/** Smallest true difference that this many samples show with `plannedPower`; null where none up to the whole range. */
export function detectableDifference(spread: DifferenceSpread, samples: number, tail: number): number | null {
  const unlucky = normalUpper(1 - plannedPower);
  const shows = (difference: number): boolean => {
    const variance = Math.max(spread.variance, difference - difference ** 2);
    const seen = difference - unlucky * Math.sqrt(variance / samples);
    return expectedInterval(spread, seen, samples, tail).low > 0;
  };
  if (!shows(1)) return null;
  let low = 0;
  let high = 1;
  for (let step = 0; step < 30; step += 1) {
    const middle = (low + high) / 2;
    if (shows(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/**
 * Samples that show with `plannedPower` that a mean that is `margin` above the bar is above it. All in units of the range.
 * @param trialsPerSample independent trials that one sample is worth.
 */
export function samplesToPassBar(
  bar: number,
  margin: number,
  trialsPerSample: number,
  tail: number,
): number | null {
  const truth = Math.min(1, bar + margin);
  const unlucky = normalUpper(1 - plannedPower);
  return smallestCount((samples) => {
    const trials = samples * trialsPerSample;
    const seen = truth - unlucky * Math.sqrt((truth * (1 - truth)) / trials);
    return seen > bar && 1 - proportionUpper((1 - seen) * trials, trials, tail) > bar;
  });
}

function expectedInterval(
  spread: DifferenceSpread,
  difference: number,
  samples: number,
  tail: number,
): DifferenceInterval {
  const trials = spread.trialsPerSample * samples;
  const differing = Math.min(1, Math.max(spread.variance * spread.trialsPerSample, Math.abs(difference)));
  const gains = expectedSide((differing + difference) / 2, trials, tail);
  const losses = expectedSide((differing - difference) / 2, trials, tail);
  const odds = (gains.mean * losses.mean) / Math.max(1e-12, (1 - gains.mean) * (1 - losses.mean));
  return combineSides(gains, losses, -Math.min(1, Math.sqrt(odds)));
}

function expectedSide(mean: number, trials: number, tail: number): Side {
  return {
    mean,
    low: 1 - proportionUpper((1 - mean) * trials, trials, tail),
    high: proportionUpper(mean * trials, trials, tail),
  };
}

/** Smallest count for which `enough` holds, taking it to hold from some count on; null above ten million. */
function smallestCount(enough: (count: number) => boolean): number | null {
  let high = 2;
  while (!enough(high)) {
    high *= 2;
    if (high > 1e7) return null;
  }
  let low = high / 2;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (enough(middle)) high = middle;
    else low = middle;
  }
  return high;
}
