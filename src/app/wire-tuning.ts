import { join } from 'node:path';
import { FulcrumError, suggest } from '../core/index.ts';
import type {
  TunedModel,
  TunedModelStore,
  TuningDataStore,
  TuningJob,
  TuningJobs,
  TuningProvider,
} from '../tuning/index.ts';
import { once } from './once.ts';
import type { ProjectOptions, ProjectParts } from './project-parts.ts';

/** Tuning in a project: rows, jobs at whatever provider, and the models that come of them. */
export interface ProjectTuning {
  readonly data: TuningDataStore;
  readonly jobs: TuningJobs;
  readonly models: TunedModelStore;
  /** Throws `tuning-provider-unknown`. */
  provider(name: string): Promise<TuningProvider>;
  readonly providerNames: readonly string[];
}

/** Folder of the jobs in the state folder of a project. */
const jobsFolder = 'tuning';

/** Wires the tuning room to the database, the models and the prices of a project. */
export async function createProjectTuning(
  parts: ProjectParts,
  _options: ProjectOptions,
): Promise<ProjectTuning> {
  const tuning = await import('../tuning/index.ts');
  const database = await parts.database();
  const data = tuning.createTuningDataStore(database);
  const models = tuning.createTunedModelStore(database);
  const { priceCoreSeconds } = await import('../models/index.ts');
  const price = (coreSeconds: number) => priceCoreSeconds(coreSeconds, parts.config.coreHourUsd);

  const providers: Readonly<Record<string, () => Promise<TuningProvider>>> = {
    heads: once(async () =>
      tuning.createHeadsProvider({
        embeddingModel: (id) => parts.embeddingModel(id),
        priceCoreSeconds: price,
      }),
    ),
    local: once(async () =>
      tuning.createLoraProvider({
        countTokens: async (base, text) => (await parts.languageModel(base)).countTokens(text),
        priceCoreSeconds: price,
      }),
    ),
  };
  const providerNames = Object.keys(providers);
  const provider = async (name: string): Promise<TuningProvider> => {
    const make = Object.hasOwn(providers, name) ? providers[name] : undefined;
    if (make) return make();
    throw new FulcrumError('tuning-provider-unknown', {
      provider: name,
      suggestion: suggest(name, providerNames),
    });
  };

  const register = async (job: TuningJob): Promise<TunedModel> =>
    models.register(await tuning.draftModel(job, data, `${jobsFolder}/${job.id}`));

  return {
    data,
    models,
    provider,
    providerNames,
    jobs: tuning.createTuningJobs({
      store: tuning.createTuningJobStore(database),
      data,
      directory: join(parts.stateDirectory, jobsFolder),
      provider,
      register,
    }),
  };
}
