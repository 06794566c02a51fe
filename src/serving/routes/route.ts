import { z } from 'zod';
import { FulcrumError, sha256 } from '../../core/index.ts';

/** What stands behind a public name. */
export const routeSchema = z.strictObject({
  /** Variants that answer, with their weights: 3 and 1 are three of four conversations and one of four. */
  variants: z
    .array(z.strictObject({ variant: z.string().min(1), weight: z.number().positive().default(1) }))
    .min(1),
  /** Answers where the chosen one fails before it has said anything. */
  fallback: z.string().min(1).nullable().default(null),
  /** Answers the same questions unseen, for a share of them. */
  shadow: z
    .strictObject({ variant: z.string().min(1), share: z.number().gt(0).max(1) })
    .nullable()
    .default(null),
  /** False: nothing answers under this name. */
  on: z.boolean().default(true),
});
export type Route = z.infer<typeof routeSchema>;
/** What may be left out has its default. */
export type RouteDraft = z.input<typeof routeSchema>;

/** A route as it was set at a time. */
export interface RouteRevision {
  readonly name: string;
  /** Counts from 1 for each name. */
  readonly number: number;
  readonly route: Route;
  readonly at: string;
  /** Key id, or `local-owner`. */
  readonly actor: string;
  /** `set`, `off`, `on` or `rollback to N`. */
  readonly reason: string;
}

/**
 * The variant for a conversation: the same one as long as the weights are the same. A change of weights moves only the conversations that
 * its share needs, since each variant scores a conversation by itself and the best score wins (weighted rendezvous hashing).
 * Throws `name-off`.
 */
export function chooseVariant(name: string, { variants, on }: Route, conversation: string): string {
  if (!on) throw new FulcrumError('name-off', { name });
  let best = { variant: '', score: Number.POSITIVE_INFINITY };
  for (const { variant, weight } of variants) {
    const score = -Math.log(uniform(`${name}\u0000${variant}\u0000${conversation}`)) / weight;
    if (score < best.score) best = { variant, score };
  }
  return best.variant;
}

/** Whether a request also goes to the shadow; drawn by its id. */
export function isShadowed({ shadow }: Route, trace: string): boolean {
  return shadow !== null && uniform(`shadow\u0000${trace}`) <= shadow.share;
}

/** A number in (0, 1] from a text. */
function uniform(text: string): number {
  return (Number.parseInt(sha256(text).slice(0, 12), 16) + 1) / 2 ** 48;
}
