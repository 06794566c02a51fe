import { join } from 'node:path';
import { FulcrumError } from '../core/index.ts';
import type { HalfLife } from '../decision/index.ts';
import type { InjectionReport, PromptReport, RefusalReport, TuningReport } from '../experiments/index.ts';
import type { JobQueue } from '../jobs/index.ts';
import type { EmbeddingModel, LanguageModel } from '../models/index.ts';
import { type Config, loadConfig } from './config.ts';
import { once } from './once.ts';
import type { ProjectOptions, ProjectParts } from './project-parts.ts';
import type { ProjectDeletion } from './wire-deletion.ts';
import type { Evaluation } from './wire-evaluation.ts';
import type { FactProposals } from './wire-facts.ts';
import type { GroundTruth } from './wire-ground-truth.ts';
import type { HalfLifeRequest } from './wire-half-life.ts';
import type { InjectionRequest, OwnInjectionRequest, tryOwnInjection } from './wire-injections.ts';
import type { ProjectJudges } from './wire-judges.ts';
import type { Judging } from './wire-judging.ts';
import type { Knowledge } from './wire-knowledge.ts';
import type { PromptSearchRequest } from './wire-prompt-search.ts';
import type { RefusalTuningRequest } from './wire-refusal-tuning.ts';
import type { RetrievalTuningRequest } from './wire-retrieval-tuning.ts';
import type { ReviewRoom } from './wire-review.ts';
import type { Serving } from './wire-serving.ts';
import type { PricedSyncPlan } from './wire-sync-plan.ts';
import type { ProjectTuning } from './wire-tuning.ts';
import type { ImportedUsage } from './wire-usage.ts';
import type { ProjectVariants } from './wire-variants.ts';
import type { DocumentDiffRequest, ProjectDocumentDiff } from './wire-version-diff.ts';
import type { WatchRequest } from './wire-watch.ts';

/** A project folder with its config, and everything that is built from it: loaded and made at first use. */
export interface Project extends ProjectParts {
  knowledge(): Promise<Knowledge>;
  /** What a sync would do; see `planProjectSync`. */
  planSync(request?: { readonly source?: string | undefined }): Promise<PricedSyncPlan>;
  /** Keeps the index in step with the sources; see `watchSources`. */
  watchSources(request: WatchRequest): Promise<void>;
  /** How a document differs between two versions of the index; see `diffProjectDocument`. */
  diffDocument(request: DocumentDiffRequest): Promise<ProjectDocumentDiff>;
  variants(): Promise<ProjectVariants>;
  evaluation(): Promise<Evaluation>;
  groundTruth(): Promise<GroundTruth>;
  factProposals(): Promise<FactProposals>;
  review(): Promise<ReviewRoom>;
  judges(): Promise<ProjectJudges>;
  judging(): Promise<Judging>;
  jobs(): Promise<JobQueue>;
  /** How fast the knowledge behind a dataset's questions goes out of date; see `measureHalfLife`. */
  halfLife(request: HalfLifeRequest): Promise<HalfLife>;
  /** Better prompts for a variant; see `searchVariantPrompts`. */
  searchPrompts(request: PromptSearchRequest): Promise<PromptReport>;
  /** Deletes documents for good, from everything that the project holds. */
  deletion(): Promise<ProjectDeletion>;
  /** Better settings of search; see `tuneProjectRetrieval`. */
  tuneRetrieval(request: RetrievalTuningRequest): Promise<TuningReport>;
  /** The confidence below which a variant refuses, with a guarantee; see `tuneProjectRefusal`. */
  tuneRefusal(request: RefusalTuningRequest): Promise<RefusalReport>;
  /** What texts planted in documents make variants do; see `tryProjectInjections`. */
  tryInjections(request: InjectionRequest): Promise<InjectionReport>;
  /** What somebody's own text in a document makes a variant answer; see `tryOwnInjection`. */
  tryOwnInjection(request: OwnInjectionRequest): ReturnType<typeof tryOwnInjection>;
  usage(): Promise<ImportedUsage>;
  /** Rows, jobs and models of fine-tuning. */
  tuning(): Promise<ProjectTuning>;
  /** Keys, public names, traces and feedback of the server. */
  serving(): Promise<Serving>;
  /** Frees models, index and database; the project is not usable afterwards. */
  close(): Promise<void>;
}

/** Closes what was opened, in the order of the list; the database comes last. */
type Closers = (() => Promise<void>)[];

/** Opens a project folder; throws `project-not-found` or a config error, and touches nothing else yet. */
export async function openProject(directory: string, options: ProjectOptions = {}): Promise<Project> {
  const closers: Closers = [];
  const config = await loadConfig(directory);
  const sources = { ...config.sources, ...options.sources };
  const parts = createParts(directory, { ...config, sources }, options, closers);
  const project: Project = {
    ...parts,
    knowledge: once(async () => {
      const knowledge = await (await import('./wire-knowledge.ts')).createKnowledge(parts, options);
      closers.unshift(() => knowledge.close());
      return knowledge;
    }),
    planSync: async (request = {}) =>
      (await import('./wire-sync-plan.ts')).planProjectSync(parts, request, options),
    watchSources: async (request) => (await import('./wire-watch.ts')).watchSources(project, request),
    diffDocument: async (request) =>
      (await import('./wire-version-diff.ts')).diffProjectDocument(project, request),
    variants: once(async () => (await import('./wire-variants.ts')).createProjectVariants(project, options)),
    evaluation: once(async () => (await import('./wire-evaluation.ts')).createEvaluation(project, options)),
    groundTruth: once(async () =>
      (await import('./wire-ground-truth.ts')).createGroundTruth(project, options),
    ),
    factProposals: once(async () => (await import('./wire-facts.ts')).createFactProposals(parts, options)),
    review: once(async () => (await import('./wire-review.ts')).createReview(project)),
    judges: once(async () => (await import('./wire-judges.ts')).createProjectJudges(project, options)),
    judging: once(async () => {
      const { createJudging } = await import('./wire-judging.ts');
      const { scorers } = await project.evaluation();
      return createJudging(project, { judges: await project.judges(), scorers }, options);
    }),
    deletion: once(async () => {
      const { createProjectDeletion } = await import('./wire-deletion.ts');
      const database = await parts.database();
      const deletion = createProjectDeletion({ ...parts, database }, options);
      closers.unshift(() => deletion.close());
      return deletion;
    }),
    tuning: once(async () => (await import('./wire-tuning.ts')).createProjectTuning(parts, options)),
    serving: once(async () => {
      const serving = await (await import('./wire-serving.ts')).createServing(project, options);
      closers.unshift(() => serving.close());
      return serving;
    }),
    usage: once(async () => (await import('./wire-usage.ts')).createImportedUsage(parts, options)),
    jobs: once(async () => {
      const { createJobQueue } = await import('../jobs/index.ts');
      return createJobQueue({
        database: await parts.database(),
        handlers: {
          embed: async (_input, work) => (await project.knowledge()).embedPending(work),
          sync: async (input, work) => {
            const { source } = (input ?? {}) as { source?: string };
            return (await project.knowledge()).sync({ ...work, source });
          },
        },
      });
    }),
    halfLife: async (request) =>
      (await import('./wire-half-life.ts')).measureHalfLife(project, { ...options, ...request }),
    searchPrompts: async (request) =>
      (await import('./wire-prompt-search.ts')).searchVariantPrompts(project, { ...options, ...request }),
    tuneRetrieval: async (request) =>
      (await import('./wire-retrieval-tuning.ts')).tuneProjectRetrieval(project, { ...options, ...request }),
    tuneRefusal: async (request) =>
      (await import('./wire-refusal-tuning.ts')).tuneProjectRefusal(project, { ...options, ...request }),
    tryInjections: async (request) =>
      (await import('./wire-injections.ts')).tryProjectInjections(parts, { ...options, ...request }),
    tryOwnInjection: async (request) =>
      (await import('./wire-injections.ts')).tryOwnInjection(parts, { ...options, ...request }),
    async close() {
      for (const close of closers) await close();
      closers.length = 0;
    },
  };
  return project;
}

/** Database, models and doors to providers, each made at first use and put on the list of what is closed. */
function createParts(
  directory: string,
  config: Config,
  options: ProjectOptions,
  closers: Closers,
): ProjectParts {
  const stateDirectory = join(directory, '.fulcrum');

  const gates = once(async () => {
    const { createProviderGates } = await import('../models/index.ts');
    return createProviderGates({ limits: config.rateLimits });
  });

  const prices = once(async () => (await import('./wire-prices.ts')).createProjectPrices(directory, config));
  const priceList = async () => (await prices()).list;

  const database = once(async () => {
    const { hasUnfinishedDeletions, openProjectDatabase } = await import('./open-database.ts');
    const opened = await openProjectDatabase(stateDirectory);
    closers.push(() => opened.close());
    if (await hasUnfinishedDeletions(opened)) {
      // A deletion that was interrupted is finished before anything is shown.
      const { finishDeletions } = await import('./wire-deletion.ts');
      const parts = { directory, stateDirectory, config, database: opened };
      await finishDeletions(parts, options, () => hasUnfinishedDeletions(opened));
    }
    return opened;
  });

  const resolving = async () => ({ ...config, ...options, priceList, gates: await gates() });
  const embeddingModels = modelsByName(closers, async (id) => {
    const { resolveEmbeddingModel } = await import('../models/index.ts');
    return resolveEmbeddingModel(id, await resolving());
  });
  const embeddingModel = async (id?: string): Promise<EmbeddingModel | null> =>
    config.embedding === false ? null : embeddingModels(id ?? config.embedding);
  const tunedModels = once(async () => {
    const { createTunedModels } = await import('./wire-tuned-models.ts');
    return createTunedModels({ database, stateDirectory, embeddingModel, config });
  });
  const languageModel = modelsByName<LanguageModel>(closers, async (id) => {
    const { resolveLanguageModel } = await import('../models/index.ts');
    const resolved = await resolving();
    if (!id.startsWith('tuned/')) return resolveLanguageModel(id, resolved);
    const tuned = await tunedModels();
    if (!tuned)
      throw new FulcrumError('tuned-model-unknown', { model: id, suggestion: 'Nothing was tuned yet.' });
    return tuned.languageModel(id, (base, adapter) =>
      resolveLanguageModel(base, { ...resolved, ...adapter }),
    );
  });

  return {
    directory,
    stateDirectory,
    config,
    database,
    embeddingModel,
    languageModel,
    tunedModels,
    gates,
    prices,
  };
}

/** Models by id, each made at first use and closed with the project; a failed attempt is forgotten, so that a later call tries again. */
function modelsByName<M extends { close(): Promise<void> }>(
  closers: Closers,
  make: (id: string) => Promise<M>,
): (id: string) => Promise<M> {
  const made = new Map<string, Promise<M>>();
  return (id) => {
    const known = made.get(id);
    if (known) return known;
    const making = make(id).then((model) => {
      closers.unshift(() => model.close());
      return model;
    });
    made.set(id, making);
    making.catch(() => made.delete(id));
    return making;
  };
}

/** Runs work on an opened project and closes it whatever happens. */
export async function withProject<T>(
  directory: string,
  options: ProjectOptions,
  work: (project: Project) => Promise<T>,
): Promise<T> {
  const project = await openProject(directory, options);
  try {
    return await work(project);
  } finally {
    await project.close();
  }
}
