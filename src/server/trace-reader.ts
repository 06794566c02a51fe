import type { Serving } from '../app/index.ts';
import type { TraceReader } from '../monitoring/index.ts';
import { hasScope } from '../serving/index.ts';
import type { Caller } from './server-context.ts';

/** Whose traces a caller sees: the own ones, with the scope `admin` all of the tenant. */
export function traceReader(serving: Pick<Serving, 'userOf'>, { principal, scopes }: Caller): TraceReader {
  return {
    tenant: principal.tenant,
    ...(!hasScope(scopes, 'admin') && { user: serving.userOf(principal.user) }),
  };
}

/** As whom a caller judges answers, and which. */
export function feedbackReader(
  serving: Pick<Serving, 'userOf'>,
  caller: Caller,
): { readonly author: string; readonly reader: TraceReader } {
  return { author: serving.userOf(caller.principal.user), reader: traceReader(serving, caller) };
}
