import type { Database } from '../../database/index.ts';
import type { ChunkStore } from '../chunk-store.ts';
import { knowledgeTables } from '../migrations.ts';

/**
 * A store that holds two indexes of a tenant while the second is being built. Called as a `ChunkStore` it means the live one; which
 * that is is asked anew at every call, so that all processes follow a swap.
 */
export interface GenerationalStore extends ChunkStore {
  /** One index of each tenant, live or not. */
  generation(generation: number): ChunkStore;
}

/** Gives a store its generations; one that has them is given back as it is. */
export function withGenerations(store: ChunkStore, database: Database): GenerationalStore {
  if ('generation' in store) return store as GenerationalStore;
  const tables = knowledgeTables(database);
  const live = async (tenant: string): Promise<number> => {
    const row = await tables
      .selectFrom('index_state')
      .select('generation')
      .where('tenant', '=', tenant)
      .executeTakeFirst();
    return row?.generation ?? 0;
  };
  return {
    ...inGeneration(store, live),
    generation: (generation) => inGeneration(store, async () => generation),
  };
}

/** Every generation but the first has tables of its own under a name that no tenant can have. */
function inGeneration(store: ChunkStore, generation: (tenant: string) => Promise<number>): ChunkStore {
  const nameOf = async (tenant: string): Promise<string> => {
    const number = await generation(tenant);
    return number === 0 ? tenant : `${tenant}.${number}`;
  };
  return {
    capabilities: store.capabilities,
    addChunks: async (tenant, chunks) => store.addChunks(await nameOf(tenant), chunks),
    addVectors: async (tenant, vectors) => store.addVectors(await nameOf(tenant), vectors),
    removeVersions: async (tenant, versions) => store.removeVersions(await nameOf(tenant), versions),
    searchKeywords: async (principal, query, limit, filter) =>
      store.searchKeywords({ ...principal, tenant: await nameOf(principal.tenant) }, query, limit, filter),
    searchVectors: async (principal, query, limit, filter) =>
      store.searchVectors({ ...principal, tenant: await nameOf(principal.tenant) }, query, limit, filter),
    listVersions: async (tenant) => store.listVersions(await nameOf(tenant)),
    optimize: async (tenant) => store.optimize(await nameOf(tenant)),
    scrub: async (tenant) => store.scrub(await nameOf(tenant)),
    clearVectors: async (tenant) => store.clearVectors(await nameOf(tenant)),
    clear: async (tenant) => store.clear(await nameOf(tenant)),
    close: () => store.close(),
  };
}
