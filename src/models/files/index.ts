export { modelCacheDirectory } from './cache-directory.ts';
export {
  ensureModelFiles,
  findLocalModel,
  type ModelFilePaths,
  type ModelFilesOptions,
} from './ensure-model-files.ts';
export { type LocalModelStatus, listLocalModels, removeModel } from './local-models.ts';
export {
  defaultEmbeddingModelId,
  defaultLanguageModelId,
  type LocalEmbeddingEntry,
  type LocalLanguageEntry,
  type LocalModelEntry,
  modelCatalogue,
} from './model-catalogue.ts';
