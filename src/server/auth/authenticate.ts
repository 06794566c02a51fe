import type { MiddlewareHandler } from 'hono';
import { FulcrumError, localOwner } from '../../core/index.ts';
import { hasScope, type Scope } from '../../serving/index.ts';
import { addressOf } from '../address-of.ts';
import type { Caller, ServerContext, ServerEnv, ServerParts } from '../server-context.ts';
import type { PrincipalTokens } from './principal-token.ts';

const owner: Caller = { key: null, scopes: ['admin'], principal: localOwner, actor: localOwner.user };

/**
 * Finds out who asks. A key is looked up each time, so that a revocation counts at once. Without a key, and where none is required,
 * the request is the owner's; then it must have come to a loopback name and not from a page of another site.
 */
export function authenticate(
  { serving, requireKey }: ServerParts,
  tokens: PrincipalTokens | null,
): MiddlewareHandler<ServerEnv> {
  return async (context, next) => {
    const text = keyOf(context);
    const acting = context.req.header('x-fulcrum-principal');
    if (text === null) {
      if (requireKey) throw new FulcrumError('key-missing');
      if (acting !== undefined) throw new FulcrumError('acting-not-allowed');
      refuseOtherSites(context);
      context.set('caller', owner);
      return next();
    }
    const address = addressOf(context);
    await serving.limits.refuseGuesses(address);
    const key = await serving.keys.verify(text);
    if (!key) {
      await serving.limits.wrongKey(address);
      throw new FulcrumError('key-invalid');
    }
    if (acting !== undefined && (!key.actsForOthers || !tokens)) throw new FulcrumError('acting-not-allowed');
    const principal = acting === undefined ? key.principal : await tokens!(acting, key.principal.tenant);
    await serving.limits.admit(key);
    context.set('caller', { key, scopes: key.scopes, principal, actor: key.id });
    return next();
  };
}

/** Refuses a caller whose key lacks the scope. */
export function requireScope(context: ServerContext, needed: Scope): Caller {
  const caller = context.get('caller');
  if (!hasScope(caller.scopes, needed))
    throw new FulcrumError('scope-missing', { scopes: caller.scopes.join(', '), needed });
  return caller;
}

/**
 * As `requireScope`, for what belongs to the whole project (its sources, its public names, the audit log): keys of other tenants may
 * not touch it, whatever their scopes.
 */
export function requireOperator(context: ServerContext, needed: Scope): Caller {
  const caller = requireScope(context, needed);
  if (caller.principal.tenant !== localOwner.tenant)
    throw new FulcrumError('scope-missing', {
      scopes: `${caller.scopes.join(', ')} in the tenant "${caller.principal.tenant}" alone`,
      needed: `${needed} of the project`,
    });
  return caller;
}

function keyOf(context: ServerContext): string | null {
  const header = context.req.header('authorization');
  if (header !== undefined) {
    const [, token] = /^Bearer +(\S+)$/i.exec(header) ?? [];
    if (token === undefined) throw new FulcrumError('key-invalid');
    return token;
  }
  return context.req.header('x-api-key') ?? null;
}

const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;

/** A page that a browser shows may send requests here too: to a name that it made point here, or with its origin. */
function refuseOtherSites(context: ServerContext): void {
  const host = context.req.header('host') ?? '';
  if (host !== '' && !loopback.test(host))
    throw new FulcrumError('origin-refused', { origin: host.slice(0, 100) });
  const origin = context.req.header('origin');
  if (origin !== undefined && !loopback.test(origin.replace(/^https?:\/\//i, '')))
    throw new FulcrumError('origin-refused', { origin: origin.slice(0, 100) });
  const site = context.req.header('sec-fetch-site');
  if (site === 'cross-site') throw new FulcrumError('origin-refused', { origin: site });
}
