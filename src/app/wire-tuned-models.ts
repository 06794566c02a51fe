import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { FulcrumError } from '../core/index.ts';
import type { LanguageModel } from '../models/index.ts';
import type { Head, TunedModel, TunedModelStore } from '../tuning/index.ts';
import type { VariantConfig } from '../variants/index.ts';
import type { ProjectParts } from './project-parts.ts';
import type { ResolveTuned, TunedModels } from './tuned-models.ts';

const prefix = 'tuned/';

/** Roughly how many characters make a token at least, so that limits are wide enough. */
const fewestCharactersPerToken = 2;

/** Wires the registry of a project; null where nothing was ever tuned, so that nobody loads the room. */
export async function createTunedModels(
  parts: Pick<ProjectParts, 'database' | 'stateDirectory' | 'embeddingModel' | 'config'>,
): Promise<TunedModels | null> {
  // Every job and every imported model has a folder there; without one no database need be opened.
  if (!existsSync(join(parts.stateDirectory, 'tuning'))) return null;
  const { hasTunedModels } = await import('./open-database.ts');
  const database = await parts.database();
  if (!(await hasTunedModels(database))) return null;
  const { createTunedModelStore, createTuningDataStore, mayAsk, trainedRows, inputOf } = await import(
    '../tuning/index.ts'
  );
  const models: TunedModelStore = createTunedModelStore(database);
  const data = createTuningDataStore(database);
  const modelOf = (id: string): Promise<TunedModel> => models.get(id.slice(prefix.length));

  const learnedFrom: TunedModels['learnedFrom'] = async (id) => {
    const model = await modelOf(id);
    const reference = `${model.data.name}@${model.data.version}`;
    // The rows of an imported model are not here; what it has learnt cannot be told then.
    if (
      !(await data.list()).some(
        ({ name, version }) => name === model.data.name && version === model.data.version,
      )
    )
      return undefined;
    const learned = [];
    for await (const row of trainedRows(data, reference, model.data.splitHash !== model.data.hash))
      learned.push({ id: row.origin.sample?.id ?? row.id, input: inputOf(row), group: row.group });
    return learned;
  };

  return {
    async variants(retrieves) {
      const found: Record<string, VariantConfig> = {};
      for (const model of await models.list()) {
        if (model.stage === 'archived' || model.method === 'query-projection') continue;
        if (model.method === 'classifier') {
          found[`tuned:${model.id}`] = { reader: 'classify', model: `${prefix}${model.id}` };
          continue;
        }
        const config = generateConfig(model);
        found[`tuned:${model.id}`] = config;
        if (retrieves) found[`hybrid:${model.id}`] = { ...config, retriever: true } as VariantConfig;
      }
      return found;
    },
    async languageModel(id, resolve) {
      const model = await modelOf(id);
      const opened = await openTuned(model, parts, resolve);
      // Its own id, so that neither caches nor runs take it for its base.
      return { ...opened, id };
    },
    async requireAccess(id, principal) {
      const model = await modelOf(id);
      if (!mayAsk(model, principal))
        throw new FulcrumError('tuned-model-forbidden', {
          model: model.id,
          principal: `user:${principal.user}`,
        });
    },
    learnedFrom,
    async classifier(id) {
      const model = await modelOf(id);
      const { path, head } = await openHead(model, parts.stateDirectory);
      const { header } = head;
      if (header.kind !== 'classifier')
        throw new FulcrumError('head-invalid', { path, problem: 'it is no classifier' });
      const embedding = await parts.embeddingModel(header.embedding.model);
      if (!embedding)
        throw new FulcrumError('head-other-embedding', {
          trained: header.embedding.model,
          given: 'turned off',
        });
      const { createHeadClassifier } = await import('../tuning/index.ts');
      const classify = createHeadClassifier(head, embedding);
      return {
        id,
        definition: { artifact: model.artifacts[0]!.sha256 },
        reject: header.reject,
        learnedFrom: await learnedFrom(id),
        async classify(input, signal) {
          const { vectors, coreSeconds, cost } = await embedding.embedDocuments([input], { signal });
          const [found] = classify(vectors);
          return { ...found!, usage: { coreSeconds }, cost };
        },
      };
    },
    async projection(id) {
      const { head, path } = await openHead(await modelOf(id), parts.stateDirectory);
      if (head.header.kind !== 'query-projection')
        throw new FulcrumError('head-invalid', { path, problem: 'it is no projection of queries' });
      const { projectQuery } = await import('../tuning/index.ts');
      return (vector) => projectQuery(head.values, vector);
    },
  };
}

function generateConfig(model: TunedModel): VariantConfig {
  const { longestPrompt, longestTarget } = model.config;
  const tokens = (characters: unknown, least: number): number =>
    Math.max(least, Math.ceil((typeof characters === 'number' ? characters : 0) / fewestCharactersPerToken));
  const maxOutputTokens = tokens(longestTarget, 80);
  return {
    reader: 'generate',
    model: `${prefix}${model.id}`,
    ...(model.instructions !== null && { instructions: model.instructions }),
    ...(model.outputSchema !== null && { outputSchema: model.outputSchema }),
    maxOutputTokens,
    contextTokens: tokens(longestPrompt, 900) + maxOutputTokens,
  };
}

async function openTuned(
  model: TunedModel,
  { stateDirectory, config }: Pick<ProjectParts, 'stateDirectory' | 'config'>,
  resolve: ResolveTuned,
): Promise<LanguageModel> {
  const served = typeof model.config.served === 'string' ? model.config.served : null;
  if (served !== null) return resolve(served, {});
  if (model.providerModel !== null) {
    const own = config.tuning.providers[model.provider];
    const servedBy = own ? (own.servedBy ?? `compatible/${model.provider}`) : model.provider;
    return resolve(`${servedBy}/${model.providerModel}`, {});
  }
  const adapter = model.artifacts.find(({ format }) => format === 'gguf-lora');
  if (!adapter || !model.base.id.startsWith('local/'))
    throw new FulcrumError('tuned-model-unservable', {
      model: model.id,
      problem: adapter
        ? `its base ${model.base.id} is not among the local models`
        : 'it has no adapter that can be loaded here',
    });
  const path = join(stateDirectory, adapter.path);
  await checkArtifact(model.id, path, adapter.sha256);
  return resolve(model.base.id, { lora: path });
}

async function openHead(model: TunedModel, stateDirectory: string): Promise<{ path: string; head: Head }> {
  const artifact = model.artifacts.find(({ format }) => format === 'head');
  if (!artifact)
    throw new FulcrumError('tuned-model-unservable', { model: model.id, problem: 'it is no head' });
  const path = join(stateDirectory, artifact.path);
  await checkArtifact(model.id, path, artifact.sha256);
  const { readHead } = await import('../tuning/index.ts');
  return { path, head: await readHead(path) };
}

/** Throws `tuned-model-damaged` where the file is missing or another one than was registered. */
export async function checkArtifact(model: string, path: string, sha256: string): Promise<void> {
  if (!existsSync(path)) throw new FulcrumError('tuned-model-damaged', { model, path, problem: 'missing' });
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  if (hash.digest('hex') !== sha256)
    throw new FulcrumError('tuned-model-damaged', {
      model,
      path,
      problem: 'not the file that was registered',
    });
}
