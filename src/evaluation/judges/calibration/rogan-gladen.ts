import { normalUpper } from '../../statistics/quantiles.ts';

/** What a judge and people said; whole answers, or the independent ones that they are worth. */
export interface JudgeCounts {
  /** Answers that people called good, and how many of them the judge did. */
  readonly good: number;
  readonly goodFound: number;
  /** Answers that people called bad, and how many of them the judge did. */
  readonly bad: number;
  readonly badFound: number;
}

/** A rate with the judge's errors taken out. */
export interface CorrectedRate {
  /** In [0, 1]. */
  readonly rate: number;
  readonly low: number;
  readonly high: number;
}

/** Least sensitivity + specificity - 1; below it a correction blows up what little the judge knows. */
export const leastInformedness = 0.3;

/** Sensitivity + specificity - 1; null where one of them has no label. */
export function informedness({ good, goodFound, bad, badFound }: JudgeCounts): number | null {
  return good === 0 || bad === 0 ? null : goodFound / good + badFound / bad - 1;
}

/**
 * The share of good answers, corrected for the judge's sensitivity and specificity (Rogan & Gladen 1978), with an interval
 * that knows of both uncertainties: that of the judged share, and that of the labels (Lang & Reiczigel 2014, equations 16 and 17,
 * with their adjusted counts). Null when sensitivity + specificity - 1 is under `leastInformedness`, or unknown.
 * @param called answers that the judge called good, of `judged`.
 * @param alpha error of the two-sided interval.
 */
export function roganGladen(
  called: number,
  judged: number,
  counts: JudgeCounts,
  alpha = 0.05,
): CorrectedRate | null {
  const known = informedness(counts);
  if (judged === 0 || known === null || known < leastInformedness) return null;
  const { good, goodFound, bad, badFound } = counts;
  const z = normalUpper(alpha / 2);
  const sensitivity = (goodFound + 1) / (good + 2);
  const specificity = (badFound + 1) / (bad + 2);
  const share = (called + (z * z) / 2) / (judged + z * z);
  const power = sensitivity + specificity - 1;
  const rate = (share + specificity - 1) / power;
  const ofGood = (sensitivity * (1 - sensitivity)) / (good + 2);
  const ofBad = (specificity * (1 - specificity)) / (bad + 2);
  const ofShare = (share * (1 - share)) / (judged + z * z);
  const error = Math.sqrt(ofShare + rate ** 2 * ofGood + (1 - rate) ** 2 * ofBad) / power;
  const shift = 2 * z * z * (rate * ofGood - (1 - rate) * ofBad);
  const plain = (called / judged + badFound / bad - 1) / known;
  return {
    rate: clip(plain),
    low: Math.min(clip(plain), clip(rate + shift - z * error)),
    high: Math.max(clip(plain), clip(rate + shift + z * error)),
  };
}

function clip(value: number): number {
  return Math.min(1, Math.max(0, value));
}
