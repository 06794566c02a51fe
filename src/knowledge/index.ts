export type {
  ArmHit,
  ChunkFilter,
  ChunkStore,
  IndexedChunk,
  IndexedVector,
} from './chunk-store.ts';
export { createLanceStore, type LanceStoreOptions } from './store/lance-store.ts';
