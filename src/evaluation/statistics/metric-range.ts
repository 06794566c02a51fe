/** Lowest and highest value that a metric can take. */
export interface MetricRange {
  readonly low: number;
  readonly high: number;
}

/** Range of a built-in metric that is not on a scale from 0 to 1: sacrebleu's go to 100. Undefined for others. */
export function knownRange(metric: string): MetricRange | undefined {
  return /^sentence-(?:bleu|chrf|chrf\+\+)$/.test(metric) ? { low: 0, high: 100 } : undefined;
}

/**
 * Range of a metric judged from its values: [0, 1] when all lie in it; otherwise from the smallest to the largest
 * value seen, 0 and 1 included, so that equal values still leave room for what was not seen.
 */
export function inferRange(values: Iterable<number>): MetricRange {
  let low = 0;
  let high = 1;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { low, high };
}

/** Values moved and scaled so that the range becomes [0, 1]. */
export function scaleToUnit(values: ArrayLike<number>, range: MetricRange): Float64Array {
  const width = range.high - range.low;
  return Float64Array.from(values).map((value) => (value - range.low) / width);
}
