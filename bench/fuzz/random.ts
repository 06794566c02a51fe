import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Draws of one seed. */
export interface Random {
  /** A whole number from 0 to `below` - 1. */
  below(below: number): number;
  chance(probability: number): boolean;
  pick<T>(values: readonly T[]): T;
  /** `count` values, or a number of them from 0 to `most`. */
  list<T>(most: number, make: () => T): T[];
}

export function createRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  const below = (limit: number): number => (limit <= 1 ? 0 : uniformInt(generator, 0, limit - 1));
  return {
    below,
    chance: (probability) => below(1_000_000) < probability * 1_000_000,
    pick: (values) => values[below(values.length)]!,
    list: (most, make) => Array.from({ length: below(most + 1) }, make),
  };
}
