import { z } from 'zod';

/** Who asks. Required wherever chunks are read; there is no default. */
export const principalSchema = z.strictObject({
  /** Tenant whose documents may be seen at all; one set of index tables each. */
  tenant: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'lower-case letters, digits, - and _'),
  user: z.string().min(1),
  groups: z.array(z.string().min(1)),
});
export type Principal = z.infer<typeof principalSchema>;

/** Reader token of documents that everybody in the tenant may read. */
export const everyone = 'everyone';

/** Group whose members read every document of their tenant; sync adds it to each access list. */
export const ownersGroup = 'owners';

/** The person at the keyboard, who owns the project folder: the explicit principal of the command line. */
export const localOwner: Principal = Object.freeze({
  tenant: 'local',
  user: 'local-owner',
  groups: [ownersGroup],
});

/**
 * Tokens that a document's `readers` is matched against: a document is readable when any of its reader tokens
 * is among them. Tokens are `everyone`, `user:NAME` and `group:NAME`.
 */
export function readerTokens(principal: Principal): string[] {
  return [everyone, `user:${principal.user}`, ...principal.groups.map((group) => `group:${group}`)];
}
