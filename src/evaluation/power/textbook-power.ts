import { normalUpper } from '../statistics/quantiles.ts';
import { plannedPower } from '../statistics/sample-size.ts';

// Normal approximation for a paired yes/no difference d with discordance D: n = (z_a + z_b)^2 (D - d^2) / d^2.

/**
 * Independent samples that show a difference of `margin` with `plannedPower`. Variants that differ by the margin differ on
 * at least that share of samples, so a smaller discordance is taken as the margin.
 */
export function textbookNeeded(discordance: number, margin: number, tail: number): number {
  const differing = Math.max(discordance, margin);
  return Math.max(1, Math.ceil((reach(tail) * (differing - margin * margin)) / (margin * margin)));
}

/** Smallest difference that so many independent samples show; one above the discordance needs more discordance too. */
export function textbookDetectable(discordance: number, samples: number, tail: number): number {
  return Math.sqrt((reach(tail) * discordance) / (samples + reach(tail)));
}

function reach(tail: number): number {
  return (normalUpper(tail) + normalUpper(1 - plannedPower)) ** 2;
}
