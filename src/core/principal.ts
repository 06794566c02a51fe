import { z } from 'zod';
import { FulcrumError } from './errors.ts';

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

/**
 * A principal as people write it: `user:ann,group:hr,group:staff,tenant:acme`, in any order, the tenant `local` where
 * none is named. Throws `principal-invalid`.
 */
export function parsePrincipal(value: string): Principal {
  const invalid = (problem: string): FulcrumError =>
    new FulcrumError('principal-invalid', { value: value.slice(0, 200), problem });
  const [users, groups, tenants]: [string[], string[], string[]] = [[], [], []];
  const named = new Map([
    ['user', users],
    ['group', groups],
    ['tenant', tenants],
  ]);
  for (const part of value.split(',').map((text) => text.trim())) {
    const colon = part.indexOf(':');
    const names = colon < 0 ? undefined : named.get(part.slice(0, colon));
    const name = part.slice(colon + 1).trim();
    if (part === '') throw invalid('there is nothing between its commas');
    if (!names) throw invalid(`"${part}" begins with none of user:, group: and tenant:`);
    if (name === '') throw invalid(`"${part}" has no name`);
    if (!names.includes(name)) names.push(name);
  }
  const [user] = users;
  if (user === undefined) throw invalid('it has no user');
  if (users.length > 1) throw invalid('it has more than one user');
  if (tenants.length > 1) throw invalid('it has more than one tenant');
  const checked = principalSchema.safeParse({ tenant: tenants[0] ?? localOwner.tenant, user, groups });
  if (!checked.success) throw invalid('a tenant has a name of lower-case letters, digits, - and _');
  return checked.data;
}
