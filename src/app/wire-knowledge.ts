import { join } from 'node:path';
import { FulcrumError, localOwner, type Principal, type WorkOptions } from '../core/index.ts';
import type { Database } from '../database/index.ts';
import {
  type AccessExplainer,
  type ChunkFilter,
  checkFilter,
  createAccessExplainer,
  createDocumentReader,
  createIndexVersions,
  createRequestContext,
  createRetriever,
  createSynchroniser,
  currentEmbeddingModel,
  currentIndexVersion,
  type DocumentCatalogue,
  type EmbedReport,
  type IndexVersions,
  listTenants,
  liveKeys,
  type RequestContext,
  type Retriever,
  type RollbackReport,
  type SyncOptions,
  type SyncReport,
  unmatchedPatterns,
} from '../knowledge/index.ts';
import type { EmbeddingModel, RerankingModel } from '../models/index.ts';
import { createIndexStore } from './index-store.ts';
import { once } from './once.ts';
import type { ProjectOptions, ProjectParts } from './project-parts.ts';
import { projectPipeline, projectSources } from './project-sources.ts';
import { createTenantSynchroniser, tenantOf } from './sync-tenants.ts';

/** The knowledge room of a project: its documents, searchable. */
export interface Knowledge {
  readonly retriever: Retriever;
  readonly documents: DocumentCatalogue;
  /** Providers of facts of the moment; null where the config names none. */
  readonly requestContext: RequestContext | null;
  /** Who may read what. */
  readonly access: AccessExplainer;
  /**
   * Brings the sources of the config into the index, each into its tenant: all of them, or the one that is named. Without a name
   * documents of sources that left the config are removed. Throws `source-empty`, `source-unknown`,
   * `project-locked` and what `Synchroniser.sync` throws.
   */
  sync(options?: Omit<SyncOptions, 'allSources'> & { source?: string | undefined }): Promise<SyncReport>;
  /** Refuses a filter that no document which the principal may read can pass because of a slip; see `checkFilter`. */
  checkFilter(filter: ChunkFilter, principal: Principal): Promise<void>;
  /** What is kept of older versions of a tenant's index; by default of that of the person at the keyboard. */
  versions(tenant?: string): IndexVersions;
  /** Makes an older version live again; see `Synchroniser.rollback`. Throws `version-unknown`. */
  rollback(version: string, work?: WorkOptions & { tenant?: string | undefined }): Promise<RollbackReport>;
  /** Changes whenever the searchable corpus of a tenant does; by default of that of the person at the keyboard. */
  indexVersion(tenant?: string): Promise<string>;
  /** The model that the index was embedded with; that of the config where nothing is embedded yet. Throws as `ProjectParts` says. */
  embeddingModel(): Promise<EmbeddingModel | null>;
  /** Embeds what `sync` left; resumable. */
  embedPending(work?: WorkOptions): Promise<EmbedReport>;
  close(): Promise<void>;
}

/** Builds the knowledge room from the config; index, lock and database lie in the project's state folder. */
export async function createKnowledge(project: ProjectParts, options: ProjectOptions): Promise<Knowledge> {
  const { config, stateDirectory } = project;
  const database = await project.database();
  const store = createIndexStore(project);
  const synchroniserOf = (tenant: string) =>
    createSynchroniser({
      tenant,
      database,
      store,
      pipeline: projectPipeline(project, options),
      lockFile: join(stateDirectory, 'sync.lock'),
      embeddingModel: project.embeddingModel,
      retention: config.versions,
    });
  const synchroniser = createTenantSynchroniser({ config, database, synchroniserOf });
  const requestContext =
    Object.keys(config.context).length === 0
      ? null
      : createRequestContext({
          config: config.context,
          projectDirectory: project.directory,
          environment: process.env,
        });
  const versions = (tenant: string = localOwner.tenant): IndexVersions =>
    createIndexVersions({ database, tenant });
  return {
    requestContext,
    retriever: createRetriever({
      database,
      store,
      embeddingModel: project.embeddingModel,
      settings: config.retrieval,
      rerankingModel: rerankersOf(project),
      projectQuery: projectionOf(project),
      isolateStatistics: [config.access.isolateStatistics].flat().some((source) => source !== false),
      onNotice: options.onNotice,
    }),
    documents: createDocumentReader({ database }),
    access: createAccessExplainer({ database }),
    checkFilter: (filter, principal) => checkFilter(database, principal, filter),
    embeddingModel: async () =>
      project.embeddingModel((await currentEmbeddingModel(database, localOwner.tenant)) ?? undefined),
    versions,
    async rollback(version, { tenant = localOwner.tenant, ...work } = {}) {
      const { number } = await versions(tenant).get(version);
      return synchroniserOf(tenant).rollback(number, { ...options, ...work });
    },
    indexVersion: (tenant = localOwner.tenant) => currentIndexVersion(database, tenant),
    async sync({ source, ...work } = {}) {
      const sources = projectSources(project, source);
      if (sources.length === 0) {
        if ((await listTenants(database)).length === 0) throw new FulcrumError('source-empty');
      }
      const report = await synchroniser.sync(sources, {
        ...options,
        ...work,
        allSources: source === undefined,
      });
      await noteUnmatchedRules(project, database, sources, work.onNotice ?? options.onNotice);
      return report;
    },
    embedPending: (work) => synchroniser.embedPending({ ...options, ...work }),
    async close() {
      await requestContext?.close();
      await store.close();
    },
  };
}

/** Says which rules of the synced sources match no document: a misspelt one keeps nobody out. */
async function noteUnmatchedRules(
  { config }: ProjectParts,
  database: Database,
  sources: readonly { readonly name: string }[],
  onNotice: ProjectOptions['onNotice'],
): Promise<void> {
  for (const { name } of sources) {
    const commons = config.sources[name];
    if (!commons?.rules?.length) continue;
    const keys = await liveKeys(database, tenantOf(config, name), name);
    for (const pattern of unmatchedPatterns(commons, keys))
      onNotice?.(
        `${name}: the rule "${pattern}" matches no document, so what it says of readers applies to nothing.`,
      );
  }
}

/** The projection of queries that the config names, read at first use. */
function projectionOf({
  config,
  tunedModels,
}: ProjectParts): ((vector: Float32Array) => Promise<Float32Array>) | undefined {
  const { queryProjection } = config.retrieval;
  if (queryProjection === undefined) return undefined;
  const projection = once(async () => {
    const tuned = await tunedModels();
    if (!tuned)
      throw new FulcrumError('tuned-model-unknown', {
        model: queryProjection,
        suggestion: 'Nothing was tuned yet.',
      });
    return tuned.projection(queryProjection);
  });
  return async (vector) => (await projection())(vector);
}

/** The rerankers of a project, each made at first use. */
export function rerankersOf({
  config,
  gates,
}: Pick<ProjectParts, 'config' | 'gates'>): (name: string) => Promise<RerankingModel> {
  const made = new Map<string, Promise<RerankingModel>>();
  return (name) => {
    const known = made.get(name);
    if (known) return known;
    const making = import('../models/index.ts').then(async ({ resolveRerankingModel }) =>
      resolveRerankingModel(name, {
        rerankers: config.rerankers,
        environment: process.env,
        gates: await gates(),
      }),
    );
    made.set(name, making);
    return making;
  };
}
