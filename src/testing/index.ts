export { checkChunkStore, hostileQueries, type TestRunner } from './chunk-store-conformance.ts';
export {
  type EvaluateOptions,
  evaluateVariant,
  expectNotWorse,
  saveScores,
  type VariantReport,
} from './evaluate.ts';
export { createHashingEmbeddingModel, type HashingEmbeddingModel } from './hashing-embedding-model.ts';
export { createMemoryChunkStore } from './memory-chunk-store.ts';
export { createMemorySource, createParagraphPipeline } from './paragraph-corpus.ts';
export { checkSource, type SourceFixture } from './source-conformance.ts';
export { checkTuningProvider, type TuningProviderFixture } from './tuning-provider-conformance.ts';
