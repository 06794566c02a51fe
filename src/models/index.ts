export { type Diagnosis, diagnose, type RuntimePackage } from './diagnose.ts';
export type { EmbeddingModel, Embeddings } from './embedding-model.ts';
export {
  defaultEmbeddingModelId,
  defaultLanguageModelId,
  ensureModelFiles,
  findLocalModel,
  type LocalModelEntry,
  type LocalModelStatus,
  listLocalModels,
  type ModelFilePaths,
  type ModelFilesOptions,
  modelCacheDirectory,
  modelCatalogue,
  removeModel,
} from './files/index.ts';
export { keyVariables, type ProvidersConfig, providersConfigSchema } from './hosted-models.ts';
export type { Generation, GenerationRequest, LanguageModel, Message } from './language-model.ts';
export {
  defaultCoreHour,
  type ModelPrice,
  modelPriceSchema,
  priceCoreSeconds,
  pricesConfigSchema,
} from './prices.ts';
export {
  type BreakerSettings,
  type ProviderGate,
  type RateLimitsConfig,
  rateLimitsConfigSchema,
} from './provider-gate.ts';
export { createProviderGates, defaultBreaker, type ProviderGates } from './provider-gates.ts';
export {
  type ResolveLanguageModelOptions,
  type ResolveOptions,
  resolveEmbeddingModel,
  resolveLanguageModel,
} from './resolve.ts';
export { askedPauseMs, type CallFailure, retryCalls } from './retry-calls.ts';
export { defaultRetryLimits, type RetryLimits } from './retry-limits.ts';
