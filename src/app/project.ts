import { join } from 'node:path';
import { openDatabase } from '../database/index.ts';
import { usageMigrations } from '../decision/index.ts';
import { evaluationMigrations } from '../evaluation/index.ts';
import { createJobQueue, type JobQueue, jobMigrations } from '../jobs/index.ts';
import { knowledgeMigrations } from '../knowledge/index.ts';
import type { LanguageModel } from '../models/index.ts';
import { loadConfig } from './config.ts';
import { once } from './once.ts';
import type { ProjectOptions, ProjectParts } from './project-parts.ts';
import { createEvaluation, type Evaluation } from './wire-evaluation.ts';
import { createFactProposals, type FactProposals } from './wire-facts.ts';
import { createGroundTruth, type GroundTruth } from './wire-ground-truth.ts';
import { createProjectJudges, type ProjectJudges } from './wire-judges.ts';
import { createJudging, type Judging } from './wire-judging.ts';
import { createKnowledge, type Knowledge } from './wire-knowledge.ts';
import { createProjectPrices, type ProjectPrices } from './wire-prices.ts';
import { createReview, type ReviewRoom } from './wire-review.ts';
import { createImportedUsage, type ImportedUsage } from './wire-usage.ts';
import { createProjectVariants, type ProjectVariants } from './wire-variants.ts';

/** A project folder with its config, and everything that is built from it, made at first use. */
export interface Project extends ProjectParts {
  knowledge(): Promise<Knowledge>;
  variants(): Promise<ProjectVariants>;
  evaluation(): Promise<Evaluation>;
  groundTruth(): Promise<GroundTruth>;
  factProposals(): Promise<FactProposals>;
  review(): Promise<ReviewRoom>;
  judges(): Promise<ProjectJudges>;
  judging(): Promise<Judging>;
  jobs(): Promise<JobQueue>;
  prices(): Promise<ProjectPrices>;
  usage(): Promise<ImportedUsage>;
  /** Frees models, index and database; the project is not usable afterwards. */
  close(): Promise<void>;
}

/** Opens a project folder; throws `project-not-found` or a config error, and touches nothing else yet. */
export async function openProject(directory: string, options: ProjectOptions = {}): Promise<Project> {
  const config = await loadConfig(directory);
  const stateDirectory = join(directory, '.fulcrum');
  const closers: (() => Promise<void>)[] = [];
  const languageModels = new Map<string, Promise<LanguageModel>>();

  const database = once(async () => {
    const opened = await openDatabase(join(stateDirectory, 'fulcrum.db'), [
      jobMigrations,
      knowledgeMigrations,
      evaluationMigrations,
      usageMigrations,
    ]);
    closers.unshift(() => opened.close());
    return opened;
  });

  const gates = once(async () => {
    const { createProviderGates } = await import('../models/index.ts');
    return createProviderGates({ limits: config.rateLimits });
  });

  const prices = once(() => createProjectPrices(directory, config));
  const priceList = async () => (await prices()).list;

  const embeddingModel = once(async () => {
    if (config.embedding === false) return null;
    const { resolveEmbeddingModel } = await import('../models/index.ts');
    const model = await resolveEmbeddingModel(config.embedding, {
      ...config,
      ...options,
      priceList,
      gates: await gates(),
    });
    closers.push(() => model.close());
    return model;
  });

  const languageModel = (id: string): Promise<LanguageModel> => {
    const known = languageModels.get(id);
    if (known) return known;
    const made = import('../models/index.ts').then(async ({ resolveLanguageModel }) => {
      const model = await resolveLanguageModel(id, {
        ...config,
        ...options,
        priceList,
        gates: await gates(),
      });
      closers.push(() => model.close());
      return model;
    });
    languageModels.set(id, made);
    return made;
  };

  const project: Project = {
    directory,
    stateDirectory,
    config,
    database,
    embeddingModel,
    languageModel,
    gates,
    knowledge: once(async () => {
      const knowledge = await createKnowledge(project, options);
      closers.push(() => knowledge.close());
      return knowledge;
    }),
    prices,
    usage: once(() => createImportedUsage(project, options)),
    variants: once(() => createProjectVariants(project, options)),
    evaluation: once(() => createEvaluation(project, options)),
    groundTruth: once(() => createGroundTruth(project, options)),
    factProposals: once(() => createFactProposals(project, options)),
    review: once(() => createReview(project)),
    judges: once(() => createProjectJudges(project, options)),
    judging: once(async () =>
      createJudging(
        project,
        { judges: await project.judges(), scorers: (await project.evaluation()).scorers },
        options,
      ),
    ),
    jobs: once(async () =>
      createJobQueue({
        database: await database(),
        handlers: {
          embed: async (_input, work) => (await project.knowledge()).embedPending(work),
        },
      }),
    ),
    async close() {
      for (const close of closers.reverse()) await close();
      closers.length = 0;
    },
  };
  return project;
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
