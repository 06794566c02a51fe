import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
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
import type { Config } from './config.ts';
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

/** Services that need no entry in the config. */
const builtInServices: Config['tuning']['providers'] = {
  openai: { type: 'openai', baseUrl: 'https://api.openai.com/v1', keyVariable: 'OPENAI_API_KEY' },
};

/** A service that trains, by its name; undefined for what runs here. */
export function serviceOf(config: Config, name: string): Config['tuning']['providers'][string] | undefined {
  const services = { ...builtInServices, ...config.tuning.providers };
  return Object.hasOwn(services, name) ? services[name] : undefined;
}

async function openService(
  parts: ProjectParts,
  name: string,
  {
    baseUrl,
    auth,
    keyVariable = `${name.toUpperCase().replace(/\W/g, '_')}_API_KEY`,
  }: Config['tuning']['providers'][string],
): Promise<TuningProvider> {
  const { createOpenAiProvider } = await import('../tuning/index.ts');
  return createOpenAiProvider({
    ...{ name, baseUrl, auth, keyVariable, environment: process.env },
    verifiedLive: await verifiedOn(parts.stateDirectory, name, baseUrl),
    async priceOf(base) {
      const [price] = (await parts.prices()).book.find({ kind: 'training', model: base });
      return price?.value == null
        ? null
        : { usd: price.value, source: price.source.name, date: price.checked };
    },
  });
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
  const services = { ...builtInServices, ...parts.config.tuning.providers };
  const providerNames = [...Object.keys(providers), ...Object.keys(services)];
  const provider = async (name: string): Promise<TuningProvider> => {
    const make = Object.hasOwn(providers, name) ? providers[name] : undefined;
    if (make) return make();
    const service = Object.hasOwn(services, name) ? services[name] : undefined;
    if (service) return openService(parts, name, service);
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

/** Day on which `verify-provider` passed for a service at this address; null where it never did. */
export async function verifiedOn(
  stateDirectory: string,
  name: string,
  baseUrl: string,
): Promise<string | null> {
  const file = join(stateDirectory, verifiedFile);
  if (!existsSync(file)) return null;
  const known = JSON.parse(await readFile(file, 'utf8')) as Record<string, { baseUrl: string; at: string }>;
  return known[name]?.baseUrl === baseUrl ? known[name].at : null;
}

/** In the state folder: services that were tried live. */
export const verifiedFile = 'verified-providers.json';
