export {
  type AccessExplainer,
  type AccessExplanation,
  createAccessExplainer,
  type ReadableSource,
} from './access/explain-access.ts';
export { listTenants } from './access/list-tenants.ts';
export type {
  ArmHit,
  ChunkFilter,
  ChunkStore,
  IndexedChunk,
  IndexedRow,
  IndexedVector,
} from './chunk-store.ts';
export { type Span, splitSentences } from './chunking/split-sentences.ts';
export { estimateTokens } from './chunking/token-counter.ts';
export type {
  ContextRequest,
  GivenContext,
  RequestContext,
} from './context/context-port.ts';
export { contextSource } from './context/context-port.ts';
export type { ContextText, GetContext } from './context/context-provider.ts';
export { createRequestContext } from './context/request-context.ts';
export { checkReceipt, type ReceiptCheck, readReceipt } from './deletion/check-receipt.ts';
export {
  createDeleter,
  type Deleted,
  type Deleter,
  type EraseElsewhere,
} from './deletion/create-deleter.ts';
export type { DeletionRequest } from './deletion/new-deletion.ts';
export { type Receipt, receiptSchema } from './deletion/receipt.ts';
export {
  type DeletionSummary,
  listDeletions,
  listEveryDocument,
  tenantsWithUnfinishedDeletions,
  undelete,
} from './deletion/undelete.ts';
export type {
  Block,
  BlockKind,
  Chunk,
  DocumentAttributes,
  DocumentWarning,
  ParsedDocument,
  Place,
  RawDocument,
  Source,
  SourceItem,
  SourceListing,
  SourceOptions,
} from './document.ts';
export type { EmbedReport } from './embedding/embed-pending.ts';
export { reuseVectors } from './embedding/vector-cache.ts';
export {
  type DocumentState,
  type GitHistory,
  type GitHistoryOptions,
  openGitHistory,
} from './history/git-history.ts';
export { knowledgeMigrations } from './migrations.ts';
export { mediaTypeOf } from './parsing/media-type.ts';
export { hasGrammar, parseCode } from './parsing/parse-code.ts';
export { placeOf, type SpanPlace } from './parsing/places.ts';
export { checkFilter, type FilterValues, readFilterValues } from './retrieval/check-filter.ts';
export { combineFilters } from './retrieval/combine-filters.ts';
export { createRetriever, type RetrieverOptions } from './retrieval/create-retriever.ts';
export {
  createDocumentReader,
  type DocumentCatalogue,
  type DocumentSummary,
} from './retrieval/document-reader.ts';
export { type ArmScores, fuse } from './retrieval/fuse.ts';
export { outlineText, saysAllOf, type TextOutline } from './retrieval/near-duplicates.ts';
export { type DetectedLanguage, detectLanguage } from './retrieval/query-language.ts';
export {
  createSectionReader,
  type DocumentSection,
  type SectionReader,
} from './retrieval/section-reader.ts';
export type {
  ArmExplanation,
  DocumentExplanation,
  HitExplanation,
  QueryReading,
  RetrievalExplanation,
  RetrievalStage,
} from './retrieval-explanation.ts';
export {
  type ArmName,
  defaultRetrievalSettings,
  type RetrievalOverrides,
  type RetrievalSettings,
} from './retrieval-settings.ts';
export type {
  DocumentReader,
  DuplicateHit,
  Hit,
  Retrieval,
  RetrieveOptions,
  Retriever,
  StoredDocument,
} from './retriever.ts';
export { createSource } from './sources/create-source.ts';
export {
  type InspectedDocument,
  inspectSource,
  type SourceInspection,
} from './sources/inspect-source.ts';
export { listFiles } from './sources/list-files.ts';
export type { CreateOwnSource, OwnSource } from './sources/module-source.ts';
export { type SourceConfig, sourceConfigSchema } from './sources/source-config.ts';
export { unmatchedPatterns } from './sources/source-rules.ts';
export {
  type ColumnFilter,
  columnFilter,
  indexedDate,
  isoToMs,
  languageMatches,
  metadataTag,
  metadataTags,
  passesFilter,
} from './store/chunk-filter.ts';
export { createLanceStore, type LanceStoreOptions } from './store/lance-store.ts';
export {
  createSynchroniser,
  type RollbackReport,
  type Synchroniser,
  type SynchroniserOptions,
  type SyncOptions,
  type SyncReport,
} from './sync/create-sync.ts';
export { createDocumentPipeline } from './sync/document-pipeline.ts';
export { currentEmbeddingModel, currentIndexVersion } from './sync/index-state.ts';
export { liveKeys } from './sync/live-keys.ts';
export type { MassDeletion } from './sync/mass-delete.ts';
export { type PlanOptions, planSync, type SyncPlan } from './sync/plan-sync.ts';
export type { DocumentPipeline } from './sync/prepare-document.ts';
export type { SyncFailure } from './sync/sync-source.ts';
export { type PathWatcher, watchPaths } from './sync/watch-paths.ts';
export { type BlockChange, diffBlocks } from './versions/diff-blocks.ts';
export type { DocumentDiff, VersionDocument } from './versions/diff-documents.ts';
export type { NewTexts, VersionDiff } from './versions/diff-versions.ts';
export { type GenerationalStore, withGenerations } from './versions/generations.ts';
export { createIndexVersions, type IndexVersion, type IndexVersions } from './versions/index-versions.ts';
export type { Retention } from './versions/retention.ts';
