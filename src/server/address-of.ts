import { getConnInfo } from '@hono/node-server/conninfo';
import type { ServerContext } from './server-context.ts';

/** Address that a request came from; one name for all where there is no connection, as in tests. Headers of proxies say nothing here. */
export function addressOf(context: ServerContext): string {
  try {
    return getConnInfo(context).remote.address ?? 'unknown';
  } catch {
    return 'unknown';
  }
}
