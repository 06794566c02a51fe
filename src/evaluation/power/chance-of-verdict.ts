import { combineSides, type Side } from '../statistics/difference-interval.ts';
import { proportionUpper } from '../statistics/quantiles.ts';

/** Chances of what `compare` says of two variants. */
export interface VerdictChances {
  /** A difference is claimed (the interval excludes 0 and reaches beyond the margin). */
  readonly different: number;
  /** The interval lies inside the margin on both sides. */
  readonly equivalent: number;
}

/**
 * Chances of the verdicts on `trials` independent yes/no samples, exactly: gains and losses are multinomial and each pair of
 * counts has one interval. Pairs of a chance below 1e-9 are left out.
 * @param discordance share of samples on which the two differ, at least `difference`.
 * @param tail error on each side of the interval.
 */
export function verdictChances(
  trials: number,
  rates: { discordance: number; difference: number; margin: number },
  tail: number,
): VerdictChances {
  const n = Math.max(1, Math.round(trials));
  const gain = (rates.discordance + rates.difference) / 2;
  const loss = Math.max(0, (rates.discordance - rates.difference) / 2);
  const logFactorials = [0];
  for (let k = 1; k <= n; k += 1) logFactorials.push(logFactorials[k - 1]! + Math.log(k));
  const sides: Side[] = [];
  const sideOf = (count: number): Side =>
    (sides[count] ??= {
      mean: count / n,
      low: 1 - proportionUpper(n - count, n, tail),
      high: proportionUpper(count, n, tail),
    });
  const power = (base: number, exponent: number): number => (exponent === 0 ? 0 : exponent * Math.log(base));
  let different = 0;
  let equivalent = 0;
  for (let gains = 0; gains <= n; gains += 1)
    for (let losses = 0; losses <= n - gains; losses += 1) {
      const same = n - gains - losses;
      const chance = Math.exp(
        logFactorials[n]! -
          logFactorials[gains]! -
          logFactorials[losses]! -
          logFactorials[same]! +
          power(gain, gains) +
          power(loss, losses) +
          power(1 - gain - loss, same),
      );
      if (chance < 1e-9) continue;
      const odds = (gains * losses) / Math.max(1e-12, (n - gains) * (n - losses));
      const { low, high } = combineSides(sideOf(gains), sideOf(losses), -Math.min(1, Math.sqrt(odds)));
      if (low > -rates.margin && high < rates.margin) equivalent += chance;
      else if (low > 0 || high < 0) different += chance;
    }
  return { different, equivalent };
}
