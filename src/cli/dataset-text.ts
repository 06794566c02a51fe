import type { LostFields } from '../evaluation/index.ts';

/** Samples by split in words. */
export function splitsText(splits: Readonly<Record<string, number>>): string {
  return Object.entries(splits)
    .map(([split, samples]) => `${split === 'none' ? 'no split' : split} ${samples}`)
    .join(', ');
}

/** What a format could not hold, one line; nothing where it held all. */
export function lostText(lost: LostFields): string[] {
  const names = Object.entries(lost);
  if (names.length === 0) return [];
  return [`Not held by the format: ${names.map(([name, count]) => `${shown(name)} (${count})`).join(', ')}.`];
}

/** Text of somebody else on one line of a terminal: control characters gone, cut to a length. */
export function shown(text: string, length = 80): string {
  const line = text.replace(/\s+/g, ' ').replace(/\p{C}/gu, '').trim();
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
}

/** A share in per cent, with one decimal. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
