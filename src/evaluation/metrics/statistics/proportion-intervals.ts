import { betaLower, betaUpper, normalUpper } from '../../statistics/quantiles.ts';

/** Bounds of a proportion, in [0, 1]. */
export interface ProportionInterval {
  readonly low: number;
  readonly high: number;
}

/** `larger` has the upper bound only (low is 0), `smaller` the lower one only, as statsmodels names them. */
export type IntervalSide = 'two-sided' | 'larger' | 'smaller';

/** Wilson's interval of `count` of `trials` at error `alpha` (statsmodels 0.15.0); null without a trial. */
export function wilsonInterval(
  count: number,
  trials: number,
  alpha = 0.05,
  side: IntervalSide = 'two-sided',
): ProportionInterval | null {
  if (!(trials > 0)) return null;
  const critical = normalUpper(tailOf(alpha, side));
  const square = critical * critical;
  const share = count / trials;
  const divisor = 1 + square / trials;
  const centre = (share + square / (2 * trials)) / divisor;
  const spread = Math.sqrt((share * (1 - share)) / trials + square / (4 * trials * trials));
  const reach = (critical * spread) / divisor;
  return oneSided({ low: clip(centre - reach), high: clip(centre + reach) }, side);
}

/** Clopper and Pearson's exact interval (statsmodels 0.15.0, method `beta`); null without a trial. */
export function clopperPearsonInterval(
  count: number,
  trials: number,
  alpha = 0.05,
  side: IntervalSide = 'two-sided',
): ProportionInterval | null {
  if (!(trials > 0)) return null;
  const tail = tailOf(alpha, side);
  const low = count === 0 ? 0 : betaLower(tail, count, trials - count + 1);
  const high = count === trials ? 1 : betaUpper(tail, count + 1, trials - count);
  return oneSided({ low, high }, side);
}

const tailOf = (alpha: number, side: IntervalSide): number => (side === 'two-sided' ? alpha / 2 : alpha);

function oneSided({ low, high }: ProportionInterval, side: IntervalSide): ProportionInterval {
  return { low: side === 'larger' ? 0 : low, high: side === 'smaller' ? 1 : high };
}

const clip = (value: number): number => Math.min(1, Math.max(0, value));
