import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { warmGenerator } from '../statistics/warm-generator.ts';

/** A repeatable source of chance. */
export interface Random {
  /** From 0 to below 1. */
  share(): number;
  /** Whole number from 0 to below `end`. */
  below(end: number): number;
}

export function createRandom(seed: number): Random {
  const generator = warmGenerator(seed);
  return {
    share: () => uniformFloat64(generator),
    below: (end) => uniformInt(generator, 0, end - 1),
  };
}

/** Puts a random choice of `count` members of those from `from` on at that place of an array (Fisher-Yates, cut short). */
export function shuffleFront<T>(members: T[], count: number, random: Random, from = 0): void {
  for (let at = from; at < from + count && at < members.length - 1; at++) {
    const other = at + random.below(members.length - at);
    const kept = members[at]!;
    members[at] = members[other]!;
    members[other] = kept;
  }
}
