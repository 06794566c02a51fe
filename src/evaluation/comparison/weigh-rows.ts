import { FulcrumError, suggest } from '../../core/index.ts';
import type { ScoreRow } from '../score-row.ts';

/** How much the samples of a slice count, by tag; 0 leaves them out. */
export type TagWeights = Readonly<Record<string, number>>;

/**
 * Rows with the weights of their tags multiplied into their own; samples of a tag with weight 0 are left out. Throws `usage` for a
 * tag that no row has or a weight that is negative or not a number.
 */
export function weighRows(rows: readonly ScoreRow[], weights: TagWeights): readonly ScoreRow[] {
  const entries = Object.entries(weights);
  if (entries.length === 0) return rows;
  const known = [...new Set(rows.flatMap((row) => row.tags ?? []))];
  for (const [tag, weight] of entries) {
    if (!known.includes(tag))
      throw new FulcrumError('usage', {
        problem: `No sample has the tag "${tag}". ${suggest(tag, known)}`.trim(),
      });
    if (!(weight >= 0 && Number.isFinite(weight)))
      throw new FulcrumError('usage', {
        problem: `The weight of "${tag}" must be 0 or more; it is ${weight}.`,
      });
  }
  return rows.flatMap((row) => {
    const factor = entries.reduce(
      (product, [tag, weight]) => (row.tags?.includes(tag) ? product * weight : product),
      1,
    );
    return factor === 0 ? [] : [{ ...row, weight: (row.weight ?? 1) * factor }];
  });
}
