import { sha256 } from '../../core/index.ts';

/** Fixed start of the hash that orders samples; another one would choose other samples. */
const orderSeed = 'fulcrum-sample-order-1';

/**
 * Ids in an order that depends on the ids alone: random with respect to content, the same every time. With `limit`
 * the first so many, so that a larger limit extends a smaller one.
 */
export function sampleOrder(ids: readonly string[], limit?: number): string[] {
  const ordered = ids
    .map((id) => ({ id, order: sha256(`${orderSeed}:${id}`) }))
    .sort((a, b) => (a.order < b.order ? -1 : 1));
  return (limit === undefined ? ordered : ordered.slice(0, limit)).map(({ id }) => id);
}
