export type { ArmHit, ChunkFilter, ChunkStore, IndexedChunk, IndexedVector } from './chunk-store.ts';
export type {
  Block,
  BlockKind,
  Chunk,
  ParsedDocument,
  RawDocument,
  Source,
  SourceItem,
  SourceResult,
} from './document.ts';
export type { EmbedReport } from './embedding/embed-pending.ts';
export { knowledgeMigrations } from './migrations.ts';
export { createRetriever, type RetrieverOptions } from './retrieval/create-retriever.ts';
export {
  createDocumentReader,
  type DocumentCatalogue,
  type DocumentSummary,
} from './retrieval/document-reader.ts';
export { type ArmScores, fuse } from './retrieval/fuse.ts';
export type {
  ArmName,
  DocumentReader,
  Hit,
  Retrieval,
  RetrieveOptions,
  Retriever,
  StoredDocument,
} from './retriever.ts';
export { createLanceStore, type LanceStoreOptions } from './store/lance-store.ts';
export {
  createSynchroniser,
  type SyncFailure,
  type Synchroniser,
  type SynchroniserOptions,
  type SyncOptions,
  type SyncReport,
} from './sync/create-sync.ts';
export type { DocumentPipeline } from './sync/prepare-document.ts';
