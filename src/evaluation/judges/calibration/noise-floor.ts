import { normalUpper } from '../../statistics/quantiles.ts';

/** How far a judge disagrees with itself on the same answers. */
export interface NoiseFloor {
  readonly samples: number;
  /** Judgements of each sample. */
  readonly repeats: number;
  /** Share of pairs of repetitions of a sample whose verdicts (score at or above the threshold) differ. */
  readonly flips: number;
  /** Standard deviation of the scores of one sample. */
  readonly within: number;
  /** Differences of two runs' means up to this are, 95 times in 100, nothing but this judge's noise. */
  readonly floor: number;
}

/**
 * The noise floor from repeated judgements of the same answers. Null without a sample that has two.
 * @param scores one list per sample, its repetitions in it; samples with fewer than two are left out.
 */
export function noiseFloor(scores: readonly (readonly number[])[], threshold = 0.5): NoiseFloor | null {
  const kept = scores.filter((each) => each.length > 1);
  if (kept.length === 0) return null;
  let flips = 0;
  let variance = 0;
  for (const each of kept) {
    const passed = each.filter((value) => value >= threshold).length;
    const pairs = (each.length * (each.length - 1)) / 2;
    flips += (passed * (each.length - passed)) / pairs / kept.length;
    const mean = each.reduce((sum, value) => sum + value, 0) / each.length;
    variance += each.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (each.length - 1) / kept.length;
  }
  return {
    samples: kept.length,
    repeats: Math.max(...kept.map((each) => each.length)),
    flips,
    within: Math.sqrt(variance),
    floor: normalUpper(0.025) * Math.sqrt((2 * variance) / kept.length),
  };
}
