import { sha256 } from '../../core/index.ts';

/** Which fold each group is in, from 0. */
export interface Folds {
  readonly count: number;
  readonly foldOf: ReadonlyMap<string, number>;
}

/**
 * Deals whole groups to folds, by a hash of seed and name, so that the same groups always fall together. Null with fewer than
 * two groups; never more folds than groups.
 */
export function dealFolds(
  groups: readonly string[],
  { folds, seed }: { readonly folds: number; readonly seed: string },
): Folds | null {
  const ordered = [...new Set(groups)]
    .map((group) => ({ group, order: sha256(`${seed}:${group}`) }))
    .sort((a, b) => (a.order < b.order ? -1 : 1));
  const count = Math.min(folds, ordered.length);
  if (count < 2) return null;
  return { count, foldOf: new Map(ordered.map(({ group }, index) => [group, index % count])) };
}
