import type { Principal } from '../../core/index.ts';
import type { ArmHit, ChunkFilter, ChunkStore } from '../chunk-store.ts';
import type { KnowledgeHandle } from '../migrations.ts';
import type { RetrievalSettings } from '../retrieval-settings.ts';
import { type ArmScores, fuse } from './fuse.ts';
import { type RankedChunk, readLiveRevisions } from './live-chunks.ts';
import type { StageClock } from './stage-clock.ts';

/** Candidates of each arm that are fused, unless more hits are asked for. */
const candidates = 100;
/** Up to this many chunks the index is told which ones have a phrase; of more, hits are left out as they come. */
const mostChunksTold = 2000;

/** One search of both arms. */
export interface ArmSearch {
  readonly text: string;
  readonly principal: Principal;
  readonly settings: RetrievalSettings;
  readonly filter: ChunkFilter | undefined;
  /** Chunks that may be found at all; null for all of them. */
  readonly only: ReadonlySet<string> | null;
  readonly vector: Promise<Float32Array | null>;
  readonly clock: StageClock;
}

/** The documents and chunks of one arm that may be shown now, best first. */
export interface ArmList {
  readonly hits: readonly ArmHit[];
  /** Whether the index had more to offer than was asked for. */
  readonly cut: boolean;
  /** Whether hits were left out because they are not live. */
  readonly stale: boolean;
}

/** What both arms gave. */
export interface FoundChunks {
  /** The union of the arms' candidates, best first. */
  readonly ranked: readonly RankedChunk[];
  readonly keyword: ArmList;
  readonly vector: ArmList;
  /** Null where the vector arm did not run. */
  readonly point: Float32Array | null;
  readonly stale: boolean;
}

const nothing: ArmList = { hits: [], cut: false, stale: false };

/** Asks both arms at once, drops what is not live, scores the union of their candidates in both and fuses. */
export async function searchArms(
  search: ArmSearch,
  { store, tables }: { readonly store: ChunkStore; readonly tables: KnowledgeHandle },
): Promise<FoundChunks> {
  const { text, principal, settings, only, clock } = search;
  const depth = Math.max(candidates, settings.limit, settings.rerank?.top ?? 0);
  const live = createLiveDocuments(tables);
  const filter = told(search.filter, only);
  const inArm = (ask: (limit: number) => Promise<ArmHit[]>): Promise<ArmList> =>
    searchLive(principal, depth, ask, live, filter === search.filter ? only : null);
  const byKeyword = async (): Promise<ArmList> =>
    settings.arm === 'vector' || only?.size === 0
      ? nothing
      : clock.time('keyword', () => inArm((limit) => store.searchKeywords(principal, text, limit, filter)));
  const byVector = async (): Promise<ArmList & { point: Float32Array | null }> => {
    const point = await search.vector;
    if (!point || only?.size === 0) return { ...nothing, point };
    const list = await clock.time('vector', () =>
      inArm((limit) => store.searchVectors(principal, point, limit, filter)),
    );
    return { ...list, point };
  };
  const [keyword, vector] = await Promise.all([byKeyword(), byVector()]);
  const union = await clock.time('union', () => scoreUnion(store, principal, text, keyword, vector));
  const scores = fuse(
    union.map(({ arms }) => arms),
    settings.arm === 'vector' ? 1 : vector.point === null ? 0 : settings.vectorWeight,
  );
  const ranked = union
    .map(({ hit, arms }, index) => ({ hit, arms, score: scores[index]!, ...live.of(hit) }))
    .sort((a, b) => b.score - a.score || (a.hit.id < b.hit.id ? -1 : 1));
  return { ranked, keyword, vector, point: vector.point, stale: keyword.stale || vector.stale };
}

/** The filter with the chunks that may be found, where they are few enough to be told to the index. */
function told(filter: ChunkFilter | undefined, only: ReadonlySet<string> | null): ChunkFilter | undefined {
  if (!only || only.size > mostChunksTold) return filter;
  const asked = filter?.chunkIds;
  return { ...filter, chunkIds: asked ? asked.filter((id) => only.has(id)) : [...only] };
}

/** Asks an arm for more until there are `depth` hits that may be shown, or no more hits. */
async function searchLive(
  principal: Principal,
  depth: number,
  search: (limit: number) => Promise<ArmHit[]>,
  live: LiveDocuments,
  only: ReadonlySet<string> | null,
): Promise<ArmList> {
  for (let limit = depth; ; limit *= 2) {
    const found = await search(limit);
    await live.learn(principal, found);
    const current = found.filter((hit) => live.has(hit));
    const hits = only ? current.filter((hit) => only.has(hit.id)) : current;
    const more = found.length === limit;
    if (hits.length >= depth || !more)
      return {
        hits: hits.slice(0, depth),
        cut: more || hits.length > depth,
        stale: current.length < found.length,
      };
  }
}

interface LiveDocuments {
  learn(principal: Principal, hits: readonly ArmHit[]): Promise<void>;
  has(hit: ArmHit): boolean;
  of(hit: ArmHit): { uri: string; version: string };
}

/** What is live, read once for each document of a search. */
function createLiveDocuments(tables: KnowledgeHandle): LiveDocuments {
  const known = new Map<string, { uri: string; version: string; revision: string } | null>();
  return {
    async learn(principal, hits) {
      const unknown = [...new Set(hits.map((hit) => hit.documentId))].filter((id) => !known.has(id));
      const found = await readLiveRevisions(tables, principal, unknown);
      for (const id of unknown) known.set(id, found.get(id) ?? null);
    },
    has: (hit) => known.get(hit.documentId)?.revision === hit.version,
    of(hit) {
      const { uri, version } = known.get(hit.documentId)!;
      return { uri, version };
    },
  };
}

/**
 * The union of two candidate lists with the score of both arms. The score that an arm did not list is computed
 * by that arm for just those chunks; where the arm had listed all it has, there is none: no word matches, or
 * the chunk is not embedded.
 */
async function scoreUnion(
  store: ChunkStore,
  principal: Principal,
  query: string,
  keyword: ArmList,
  near: ArmList & { point: Float32Array | null },
): Promise<{ hit: ArmHit; arms: ArmScores }[]> {
  const all = new Map<string, { hit: ArmHit; arms: { keyword?: number; vector?: number } }>();
  const put = (arm: 'keyword' | 'vector', hits: readonly ArmHit[]): void => {
    for (const hit of hits) {
      const entry = all.get(hit.id) ?? { hit, arms: {} };
      entry.arms[arm] = hit.score;
      all.set(hit.id, entry);
    }
  };
  put('keyword', keyword.hits);
  put('vector', near.hits);
  const lacking = (arm: 'keyword' | 'vector'): ChunkFilter & { chunkIds: string[] } => ({
    chunkIds: [...all.values()].filter(({ arms }) => arms[arm] === undefined).map(({ hit }) => hit.id),
  });
  const [byKeyword, byVector] = [lacking('keyword'), lacking('vector')];
  const [keywords, vectors] = await Promise.all([
    keyword.cut && byKeyword.chunkIds.length > 0
      ? store.searchKeywords(principal, query, byKeyword.chunkIds.length, byKeyword)
      : [],
    near.point && near.cut && byVector.chunkIds.length > 0
      ? store.searchVectors(principal, near.point, byVector.chunkIds.length, byVector)
      : [],
  ]);
  put('keyword', keywords);
  put('vector', vectors);
  return [...all.values()];
}
