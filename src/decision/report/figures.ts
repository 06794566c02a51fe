/** A number with three decimals, or a dash where there is none. */
export function figure(value: number | null): string {
  return value === null ? '–' : value.toFixed(3).replace(/^(-?)0\./, '$1.');
}

/** `low to high` with three decimals each. */
export function interval(low: number | null, high: number | null): string {
  return low === null || high === null ? '–' : `${figure(low)} to ${figure(high)}`;
}

/** Dollars with as many decimals as tell something; `unknown` where the cost is not known. */
export function dollars(value: number | null): string {
  if (value === null) return 'unknown';
  if (value === 0) return '$0';
  if (value >= 1e15) return `$${value.toExponential(2)}`;
  if (value >= 100) return `$${Math.round(value).toLocaleString('en-US')}`;
  if (value >= 1) return `$${value.toFixed(2)}`;
  if (value >= 1e-6)
    return `$${Number(value.toPrecision(2)).toFixed(Math.max(2, 1 - Math.floor(Math.log10(value))))}`;
  return `$${value.toPrecision(2)}`;
}

/** A whole number with thousands separated. */
export function whole(value: number): string {
  return value.toLocaleString('en-US');
}

/** A p-value with three decimals; `under .001` below that. */
export function probability(value: number): string {
  return value < 0.001 ? 'under .001' : figure(value);
}

/**
 * Samples that would settle a comparison of `present` ones. As many as are there should have settled it, so that the difference is
 * likely to lie near 0 or the margin, and how many more it takes is not known.
 */
export function samplesToSettleText(needed: number | null, present: number): string {
  if (needed === null) return '–';
  return needed <= present ? 'more than now' : `about ${whole(needed)}`;
}
