/** A number as people write it in a formula: at most four significant digits, thousands separated. */
export function plain(value: number): string {
  if (Number.isInteger(value)) return value.toLocaleString('en-US');
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(4)));
}

/** Dollars with as many digits as tell something. */
export function usd(value: number): string {
  const size = Math.abs(value);
  const sign = value < 0 ? '-' : '';
  if (size === 0) return '$0';
  if (size >= 1e15) return `${sign}$${size.toExponential(2)}`;
  if (size >= 100) return `${sign}$${Math.round(size).toLocaleString('en-US')}`;
  if (size >= 1) return `${sign}$${size.toFixed(2)}`;
  const [whole = '0', decimals = ''] = String(Number(size.toPrecision(3))).split('.');
  return `${sign}$${/e/.test(decimals) ? size.toPrecision(2) : `${whole}.${decimals.padEnd(2, '0')}`}`;
}

/** A share as a percentage. */
export function percent(share: number): string {
  return `${plain(share * 100)} %`;
}

/** A volume: 480,000 as `480k`, 1,100,000 as `1.1M`. */
export function volumeText(requests: number): string {
  if (requests >= 1e6) return `${Number((requests / 1e6).toPrecision(3))}M`;
  if (requests >= 10_000) return `${Number((requests / 1e3).toPrecision(3))}k`;
  return requests.toLocaleString('en-US');
}
