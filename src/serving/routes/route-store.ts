import { FulcrumError, suggest } from '../../core/index.ts';
import { type Database, tablesOf } from '../../database/index.ts';
import type { AuditLog } from '../keys/audit-log.ts';
import type { ServingTables } from '../migrations.ts';
import { type Route, type RouteDraft, type RouteRevision, routeSchema } from './route.ts';

/** Public names and what stands behind them; every change is kept, so that each can be taken back. */
export interface RouteStore {
  /** What counts now, by name. */
  list(): Promise<RouteRevision[]>;
  /** Null where there is no such name. */
  find(name: string): Promise<RouteRevision | null>;
  /** Newest first. Throws `name-unknown`. */
  history(name: string): Promise<RouteRevision[]>;
  /** Takes effect with the next request. */
  set(name: string, route: RouteDraft, actor: string): Promise<RouteRevision>;
  /** Kill switch: nothing answers under the name until it is on again. Throws `name-unknown`. */
  turn(name: string, on: boolean, actor: string): Promise<RouteRevision>;
  /** The revision before the newest, or the one that is named, as a new revision. Throws `name-unknown`, `revision-unknown`. */
  rollback(name: string, actor: string, number?: number): Promise<RouteRevision>;
}

export function createRouteStore(database: Database, audit: AuditLog): RouteStore {
  const tables = tablesOf<ServingTables>(database).withoutPlugins();

  const history = async (name: string): Promise<RouteRevision[]> => {
    const rows = await tables
      .selectFrom('serving_routes')
      .selectAll()
      .where('name', '=', name)
      .orderBy('number', 'desc')
      .execute();
    return rows.map(toRevision);
  };

  const newest = async (name: string): Promise<RouteRevision> => {
    const [found] = await history(name);
    if (found) return found;
    const names = await tables.selectFrom('serving_routes').select('name').distinct().execute();
    throw new FulcrumError('name-unknown', {
      name,
      suggestion: suggest(
        name,
        names.map((row) => row.name),
      ),
    });
  };

  const append = (name: string, route: Route, actor: string, reason: string): Promise<RouteRevision> =>
    database.transaction(async (transaction) => {
      const own = tablesOf<ServingTables>(transaction).withoutPlugins();
      const { last } = await own
        .selectFrom('serving_routes')
        .select((select) => select.fn.max('number').as('last'))
        .where('name', '=', name)
        .executeTakeFirstOrThrow();
      const revision = { name, number: Number(last ?? 0) + 1, at: new Date().toISOString(), actor, reason };
      await own
        .insertInto('serving_routes')
        .values({ ...revision, route: JSON.stringify(route) })
        .execute();
      await audit.write(
        { actor, action: 'name-changed', subject: name, detail: `${reason}, revision ${revision.number}` },
        transaction,
      );
      return { ...revision, route };
    });

  return {
    history: async (name) => {
      await newest(name);
      return history(name);
    },
    async list() {
      const rows = await tables
        .selectFrom('serving_routes as r')
        .selectAll()
        .where('number', '=', (query) =>
          query
            .selectFrom('serving_routes as l')
            .select((select) => select.fn.max('l.number').as('last'))
            .whereRef('l.name', '=', 'r.name'),
        )
        .orderBy('name')
        .execute();
      return rows.map(toRevision);
    },
    find: async (name) => (await history(name))[0] ?? null,
    async set(name, given, actor) {
      if (!/^[a-zA-Z0-9][a-zA-Z0-9_.:/-]{0,99}$/.test(name))
        throw new FulcrumError('request-invalid', {
          problem: 'A public name has letters, digits, ".", "_", ":", "/" and "-", up to 100.',
        });
      const parsed = routeSchema.safeParse(given);
      if (!parsed.success)
        throw new FulcrumError('request-invalid', {
          problem: parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
        });
      return append(name, parsed.data, actor, 'set');
    },
    async turn(name, on, actor) {
      const { route } = await newest(name);
      return append(name, { ...route, on }, actor, on ? 'on' : 'off');
    },
    async rollback(name, actor, number) {
      const [now, ...before] = await history(name);
      if (!now) await newest(name);
      const target = number === undefined ? before[0] : before.find((each) => each.number === number);
      if (!target)
        throw new FulcrumError('revision-unknown', { name, revision: number ?? 'before the first' });
      return append(name, target.route, actor, `rollback to ${target.number}`);
    },
  };
}

function toRevision(row: ServingTables['serving_routes']): RouteRevision {
  return { ...row, route: routeSchema.parse(JSON.parse(row.route)) };
}
