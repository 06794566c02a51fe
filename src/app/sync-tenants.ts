import { localOwner, toFulcrumError } from '../core/index.ts';
import type { Database } from '../database/index.ts';
import { listTenants, type Source, type Synchroniser, type SyncReport } from '../knowledge/index.ts';
import type { Config } from './config.ts';

/** Tenant whose documents a source of the config holds. */
export function tenantOf(config: Config, source: string): string {
  return config.sources[source]?.tenant ?? localOwner.tenant;
}

/** Failures after which no other tenant is tried. */
const fatal = new Set(['cancelled', 'disk-full', 'project-locked', 'index-damaged', 'internal']);

/**
 * Syncs sources of several tenants one tenant after the other, each into tables of its own. With `allSources` tenants that
 * left the config lose their documents too. A tenant that fails does not keep the others from being synced; the
 * first failure is thrown when all are done.
 */
export function createTenantSynchroniser(options: {
  readonly config: Config;
  readonly database: Database;
  readonly synchroniserOf: (tenant: string) => Synchroniser;
}): Pick<Synchroniser, 'sync' | 'embedPending'> {
  const { config, database, synchroniserOf } = options;
  const inTurn = async <T>(tenants: Iterable<string>, work: (tenant: string) => Promise<T>): Promise<T[]> => {
    const done: T[] = [];
    const failures: unknown[] = [];
    for (const tenant of tenants)
      try {
        done.push(await work(tenant));
      } catch (error) {
        if (fatal.has(toFulcrumError(error).code)) throw error;
        failures.push(error);
      }
    if (failures.length > 0) throw failures[0];
    return done;
  };
  return {
    async sync(sources, work = {}) {
      const groups = Map.groupBy<string, Source>(sources, ({ name }) => tenantOf(config, name));
      const left = work.allSources ? await listTenants(database) : [];
      const tenants = new Set([...groups.keys(), ...left]);
      if (tenants.size === 0) tenants.add(localOwner.tenant);
      const reports = await inTurn(tenants, (tenant) =>
        synchroniserOf(tenant).sync(groups.get(tenant) ?? [], work),
      );
      return reports.reduce(joinReports);
    },
    async embedPending(work) {
      const tenants = new Set([localOwner.tenant, ...(await listTenants(database))]);
      const reports = await inTurn(tenants, (tenant) => synchroniserOf(tenant).embedPending(work));
      const sumOf = (member: 'embedded' | 'chunks'): number =>
        reports.reduce((sum, report) => sum + report[member], 0);
      return { ...reports[0]!, embedded: sumOf('embedded'), chunks: sumOf('chunks') };
    },
  };
}

function joinReports(sum: SyncReport, next: SyncReport): SyncReport {
  return {
    ...sum,
    added: sum.added + next.added,
    changed: sum.changed + next.changed,
    unchanged: sum.unchanged + next.unchanged,
    removed: sum.removed + next.removed,
    renamed: sum.renamed + next.renamed,
    suppressed: sum.suppressed + next.suppressed,
    failed: [...sum.failed, ...next.failed],
    chunks: sum.chunks + next.chunks,
    embedded: sum.embedded + next.embedded,
    // Each tenant counts its versions by itself, so of several none is the version of the sync.
    version: null,
    seconds: sum.seconds + next.seconds,
  };
}
