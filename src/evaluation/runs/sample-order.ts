import { sha256 } from '../../core/index.ts';

/** Fixed start of the hash that orders samples; another one would choose other samples. */
const orderSeed = 'fulcrum-sample-order-1';

/** Hexadecimal digits that are kept of the hash. */
const orderDigits = 16;

/** Place of a sample in the seeded order, as a text that sorts; two ids with the same one go by id. */
export function orderOf(id: string): string {
  return sha256(`${orderSeed}:${id}`).slice(0, orderDigits);
}

/**
 * Ids in an order that depends on the ids alone: random with respect to content, the same every time. With `limit`
 * the first so many, so that a larger limit extends a smaller one.
 */
export function sampleOrder(ids: readonly string[], limit?: number): string[] {
  const ordered = ids
    .map((id) => ({ id, order: orderOf(id) }))
    .sort((a, b) => (a.order === b.order ? (a.id < b.id ? -1 : 1) : a.order < b.order ? -1 : 1));
  return (limit === undefined ? ordered : ordered.slice(0, limit)).map(({ id }) => id);
}
