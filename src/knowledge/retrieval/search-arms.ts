import type { Principal } from '../../core/index.ts';
import type { ArmHit, ChunkFilter, ChunkStore } from '../chunk-store.ts';
import type { KnowledgeHandle } from '../migrations.ts';
import type { RetrievalSettings } from '../retrieval-settings.ts';
import { type ArmScores, fuse } from './fuse.ts';
import { fullKeywordScore } from './keyword-scale.ts';
import { type RankedChunk, readLiveRevisions } from './live-chunks.ts';
import type { StageClock } from './stage-clock.ts';

/** Candidates of each arm that are fused, unless more hits are asked for. */
const candidates = 100;
/**
 * Keyword hits that are asked for at once in an index of up to `smallChunks`: so many are most of what has the query's words, which
 * spares asking again for the scores of chunks that only the vector arm found. Of a larger index they are not, and a hit costs 7 µs.
 */
const keywordDepth = 1000;
const smallChunks = 20_000;
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
  /** Chunks of the index. */
  readonly chunks: number;
  readonly clock: StageClock;
}

/** The documents and chunks of one arm that may be shown now, best first. */
export interface ArmList {
  readonly hits: readonly ArmHit[];
  /** All that the arm gave, for its scores. */
  readonly listed: readonly ArmHit[];
  /** Whether the index had more to offer than was asked for. */
  readonly more: boolean;
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
  /** Keyword score that counts as 1 at least; 0 where keywords stand alone. */
  readonly keywordScale: number;
  readonly stale: boolean;
}

const nothing: ArmList = { hits: [], listed: [], more: false, stale: false };

/** Asks both arms at once, drops what is not live, scores the union of their candidates in both and fuses. */
export async function searchArms(
  search: ArmSearch,
  { store, tables }: { readonly store: ChunkStore; readonly tables: KnowledgeHandle },
): Promise<FoundChunks> {
  const { text, principal, settings, only, clock } = search;
  const depth = Math.max(candidates, settings.limit, settings.rerank?.top ?? 0);
  const live = createLiveDocuments(tables);
  const filter = told(search.filter, only);
  const look = { principal, depth, live, only: filter === search.filter ? only : null };
  const scores: UnionScores = {
    keywords: (chunkIds) => store.searchKeywords(principal, text, chunkIds.length, { chunkIds }),
    vectors: (point, chunkIds) => store.searchVectors(principal, point, chunkIds.length, { chunkIds }),
  };
  const asksKeywords = settings.arm !== 'vector' && only?.size !== 0;
  const keyword: Promise<ArmList> = asksKeywords
    ? clock.time('keyword', () =>
        searchLive(look, search.chunks > smallChunks ? depth : keywordDepth, (limit) =>
          store.searchKeywords(principal, text, limit, filter),
        ),
      )
    : Promise.resolve(nothing);
  // It is awaited with the others below; the vector arm that fails first must not leave it unhandled.
  keyword.catch(() => undefined);
  const point = await search.vector;
  const asksVectors = point !== null && only?.size !== 0;
  const [near, words, cross] = await Promise.all([
    asksVectors
      ? clock.time('vector', () =>
          searchLive(look, depth, (limit) => store.searchVectors(principal, point, limit, filter)),
        )
      : nothing,
    keyword,
    // At the same time as the search itself: which of these it will list is not known yet.
    asksVectors
      ? keyword
          .then(({ hits }) => idsOf(hits))
          .then((ids) => (ids.length > 0 ? scores.vectors(point, ids) : []))
      : [],
  ]);
  const union = await clock.time('union', () => scoreUnion(words, near, cross, scores));
  const keywordScale = point === null ? 0 : fullKeywordScore(text, search.chunks);
  const fused = fuse(
    union.map(({ arms }) => arms),
    settings.arm === 'vector' ? 1 : point === null ? 0 : settings.vectorWeight,
    keywordScale,
  );
  const ranked = union
    .map(({ hit, arms }, index) => ({ hit, arms, score: fused[index]!, ...live.of(hit) }))
    .sort((a, b) => b.score - a.score || (a.hit.id < b.hit.id ? -1 : 1));
  return { ranked, keyword: words, vector: near, point, keywordScale, stale: words.stale || near.stale };
}

/** Exact scores of an arm for just some chunks. */
interface UnionScores {
  keywords(chunkIds: readonly string[]): Promise<ArmHit[]>;
  vectors(point: Float32Array, chunkIds: readonly string[]): Promise<ArmHit[]>;
}

function idsOf(hits: readonly ArmHit[]): string[] {
  return hits.map(({ id }) => id);
}

/** The filter with the chunks that may be found, where they are few enough to be told to the index. */
function told(filter: ChunkFilter | undefined, only: ReadonlySet<string> | null): ChunkFilter | undefined {
  if (!only || only.size > mostChunksTold) return filter;
  const asked = filter?.chunkIds;
  return { ...filter, chunkIds: asked ? asked.filter((id) => only.has(id)) : [...only] };
}

/**
 * Asks an arm, `width` hits at first and more each time, until there are `depth` that may be shown or it has no more.
 * What came beyond those is kept for its scores.
 */
async function searchLive(
  { principal, depth, live, only }: Look,
  width: number,
  search: (limit: number) => Promise<ArmHit[]>,
): Promise<ArmList> {
  for (let limit = Math.max(width, depth); ; limit *= 2) {
    const found = await search(limit);
    const more = found.length === limit;
    const hits: ArmHit[] = [];
    let stale = false;
    let seen = 0;
    while (seen < found.length && hits.length < depth) {
      const next = found.slice(seen, seen + depth);
      seen += next.length;
      await live.learn(principal, next);
      const current = next.filter((hit) => live.has(hit));
      stale ||= current.length < next.length;
      hits.push(...(only ? current.filter((hit) => only.has(hit.id)) : current));
    }
    if (hits.length >= depth || !more) return { hits: hits.slice(0, depth), listed: found, more, stale };
  }
}

/** How an arm is looked through. */
interface Look {
  readonly principal: Principal;
  readonly depth: number;
  readonly live: LiveDocuments;
  readonly only: ReadonlySet<string> | null;
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
 * The union of two candidate lists with the score of both arms. A keyword score that the arm did not list is
 * computed by it for just those chunks; where it had listed all it has, there is none: no word matches. A chunk
 * without a vector score is not embedded.
 */
async function scoreUnion(
  keyword: ArmList,
  near: ArmList,
  cross: readonly ArmHit[],
  scores: UnionScores,
): Promise<{ hit: ArmHit; arms: ArmScores }[]> {
  const all = new Map<string, { hit: ArmHit; arms: { keyword?: number; vector?: number } }>();
  for (const hit of [...keyword.hits, ...near.hits]) all.set(hit.id, { hit, arms: {} });
  const put = (arm: 'keyword' | 'vector', hits: readonly ArmHit[]): void => {
    for (const { id, score } of hits) {
      const entry = all.get(id);
      if (entry) entry.arms[arm] = score;
    }
  };
  put('keyword', keyword.listed);
  put('vector', cross);
  put('vector', near.listed);
  const unknown = [...all].filter(([, { arms }]) => arms.keyword === undefined).map(([id]) => id);
  if (keyword.more && unknown.length > 0) put('keyword', await scores.keywords(unknown));
  return [...all.values()];
}
