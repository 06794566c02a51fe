import type { Command } from 'commander';
import type { LocalModelStatus } from '../../models/index.ts';
import { runCommand } from '../command.ts';
import { registerTunedModels } from './models-tuned.ts';

/** `fulcrum models list|pull|remove`: the local models in the user's cache folder. */
export function registerModels(program: Command): void {
  const models = program
    .command('models')
    .description('local models, and the registry of tuned ones')
    .addHelpText(
      'after',
      '\nExamples:\n  fulcrum models list\n  fulcrum models pull local/bge-small-en-v1.5',
    );

  models
    .command('list')
    .description('list the local models and whether they are in the cache')
    .addHelpText('after', '\nExample:\n  fulcrum models list --json')
    .action(
      runCommand(async () => {
        const { listLocalModels, modelCacheDirectory } = await import('../../models/index.ts');
        const found = await listLocalModels();
        const directory = modelCacheDirectory();
        return {
          json: { directory, models: found },
          text: `${found.map(modelLine).join('\n')}\nCache folder: ${directory}`,
        };
      }),
    );

  registerTunedModels(models);

  models
    .command('pull')
    .argument('[id...]', 'models; without it the two default models')
    .description('fetch models into the cache, checked by sha256; a second pull fetches nothing')
    .addHelpText(
      'after',
      '\nExamples:\n  fulcrum models pull\n  fulcrum models pull local/smollm2-135m-instruct',
    )
    .action(
      runCommand(async (context, _options, ...ids: string[]) => {
        const { defaultEmbeddingModelId, defaultLanguageModelId, ensureModelFiles, findLocalModel } =
          await import('../../models/index.ts');
        const wanted = ids.length > 0 ? ids : [defaultEmbeddingModelId, defaultLanguageModelId];
        for (const id of wanted) findLocalModel(id);
        const { notice, onProgress } = context.terminal;
        const pulled = [];
        for (const id of wanted) {
          const files = await ensureModelFiles(id, { onNotice: notice, onProgress, signal: context.signal });
          pulled.push({ id, files });
        }
        return { json: { models: pulled }, text: pulled.map(({ id }) => `${id} is ready.`).join('\n') };
      }),
    );

  models
    .command('remove')
    .argument('<id>', 'the model')
    .description('remove the files of a model from the cache')
    .addHelpText('after', '\nExample:\n  fulcrum models remove local/gemma-3-270m')
    .action(
      runCommand(async (_context, _options, id = '') => {
        const { removeModel } = await import('../../models/index.ts');
        const removed = await removeModel(id);
        return {
          json: { id, removed },
          text: removed ? `Removed the files of ${id}.` : `${id} was not in the cache.`,
        };
      }),
    );
}

function modelLine(model: LocalModelStatus): string {
  const state = model.present ? 'present' : 'absent ';
  const size = `${Math.ceil(model.bytes / 1e6)} MB`.padStart(6);
  return `${state}  ${size}  ${model.id}\n         ${model.description}; ${model.license}`;
}
