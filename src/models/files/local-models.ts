import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { findLocalModel, modelDirectory } from './ensure-model-files.ts';
import {
  defaultEmbeddingModelId,
  defaultLanguageModelId,
  type LocalModelEntry,
  modelCatalogue,
} from './model-catalogue.ts';

/** A model of the catalogue and what of it is in the cache. */
export interface LocalModelStatus {
  readonly id: string;
  readonly kind: LocalModelEntry['kind'];
  readonly description: string;
  readonly license: string;
  /** Size of all its files. */
  readonly bytes: number;
  /** Whether all files are there with the expected size; their content is checked when the model is used. */
  readonly present: boolean;
  /** Whether a new project uses it. */
  readonly preselected: boolean;
  readonly directory: string;
}

/** Every local model that can be fetched, with whether it is present. */
export async function listLocalModels(
  options: { cacheDirectory?: string | undefined } = {},
): Promise<LocalModelStatus[]> {
  return Promise.all(
    modelCatalogue.map(async (entry) => {
      const directory = modelDirectory(entry, options.cacheDirectory);
      const sizes = await Promise.all(
        entry.files.map(async (file) => (await stat(join(directory, file.name)).catch(() => null))?.size),
      );
      return {
        id: entry.id,
        kind: entry.kind,
        description: entry.description,
        license: entry.license,
        bytes: entry.files.reduce((sum, file) => sum + file.bytes, 0),
        present: entry.files.every((file, index) => sizes[index] === file.bytes),
        preselected: entry.id === defaultEmbeddingModelId || entry.id === defaultLanguageModelId,
        directory,
      };
    }),
  );
}

/** Removes the files of a model from the cache; throws `model-unknown`. @returns whether there were any. */
export async function removeModel(
  id: string,
  options: { cacheDirectory?: string | undefined } = {},
): Promise<boolean> {
  const directory = modelDirectory(findLocalModel(id), options.cacheDirectory);
  const present = (await stat(directory).catch(() => null)) !== null;
  await rm(directory, { recursive: true, force: true });
  return present;
}
