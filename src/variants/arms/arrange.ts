import { sha256 } from '../../core/index.ts';
import type { GoldEvidenceConfig } from './gold-evidence.ts';
import { defaultSeed } from './gold-evidence.ts';

/**
 * Items in an order drawn by seed and key: the same every time, and never the given one while there are two items or
 * more.
 */
export function shuffled<Item>(items: readonly Item[], seed: number, key: string): Item[] {
  const order = items
    .map((item, index) => ({ item, index, drawn: sha256(`${seed}:${key}:${index}`) }))
    .sort((a, b) => (a.drawn < b.drawn ? -1 : 1));
  const unchanged = order.every(({ index }, place) => index === place);
  const [first, ...rest] = order.map(({ item }) => item);
  if (first === undefined) return [];
  return unchanged ? [...rest, first] : [first, ...rest];
}

/** The hits with the gold ones together at their position among the others, which keep their order. */
export function placeGold(
  hits: readonly number[],
  isGold: (hit: number) => boolean,
  { position = 'random', seed = defaultSeed }: GoldEvidenceConfig,
  key: string,
): number[] {
  const gold = hits.filter(isGold);
  const others = hits.filter((hit) => !isGold(hit));
  const drawn = Number.parseInt(sha256(`${seed}:${key}`).slice(0, 8), 16) % (others.length + 1);
  const place = position === 'first' ? 0 : position === 'last' ? others.length : drawn;
  return [...others.slice(0, place), ...gold, ...others.slice(place)];
}
