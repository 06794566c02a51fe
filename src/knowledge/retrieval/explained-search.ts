import type { ChunkStore } from '../chunk-store.ts';
import type { KnowledgeHandle } from '../migrations.ts';
import type { RetrievalSettings } from '../retrieval-settings.ts';
import type { Hit, RetrieveOptions } from '../retriever.ts';
import type { ReadQuery } from './read-query.ts';
import type { ArmSearch, FoundChunks } from './search-arms.ts';
import type { StageClock } from './stage-clock.ts';

/** A search that was made, with all that it made its hits from. */
export interface ExplainedSearch {
  readonly read: ReadQuery;
  readonly principal: ArmSearch['principal'];
  readonly request: RetrieveOptions;
  readonly settings: RetrievalSettings;
  readonly found: FoundChunks | null;
  /** Chunks that have the phrases of the query; null where it has none. */
  readonly only: ReadonlySet<string> | null;
  readonly hits: readonly Hit[];
  readonly clock: StageClock;
  readonly notices: ReadonlySet<string>;
  readonly store: ChunkStore;
  readonly tables: KnowledgeHandle;
}
