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
  type ChatTemplate,
  type PromptPiece,
  renderConversation,
  renderPrompt,
  type TrainingPiece,
} from './local/chat-template.ts';
export { openTextScorer, type ScoredText, type TextScorer } from './local/text-scorer.ts';
export {
  type BaseList,
  openBaseList,
  type ProviderPlace,
  type RequestTokens,
} from './price-list/base-list.ts';
export {
  type DatedPrice,
  datedPriceSchema,
  isoDay,
  isUsable,
  oldAfterDays,
  type PriceKind,
  type PriceScope,
  type PriceState,
  priceKinds,
  priceStates,
  priceUnits,
} from './price-list/dated-price.ts';
export { type EnteredKind, enteredKinds } from './price-list/entered-prices.ts';
export { fetchPriceList } from './price-list/fetch-list.ts';
export { compareLists, type ListDifference, type PriceChange } from './price-list/list-difference.ts';
export {
  createPriceBook,
  type PriceBook,
  type PriceEntry,
  type PriceQuestion,
} from './price-list/price-book.ts';
export { type Retirement, retirementSchema, retirements, retirementsOf } from './price-list/retirements.ts';
export { readStoredList, type StoredPriceList, storedListPath } from './price-list/stored-list.ts';
export {
  createHostedPricing,
  defaultCoreHour,
  type HostedPricing,
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
export { type RerankersConfig, rerankersConfigSchema } from './reranker-config.ts';
export { type ResolveRerankerOptions, resolveRerankingModel } from './rerankers.ts';
export type { Reranking, RerankingModel } from './reranking-model.ts';
export {
  type ResolveLanguageModelOptions,
  type ResolveOptions,
  resolveEmbeddingModel,
  resolveLanguageModel,
} from './resolve.ts';
export { askedPauseMs, type CallFailure, retryCalls } from './retry-calls.ts';
export { defaultRetryLimits, type RetryLimits } from './retry-limits.ts';
