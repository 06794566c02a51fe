import { FulcrumError, type Principal, toFulcrumError } from '../../core/index.ts';
import type { Database } from '../../database/index.ts';
import type { EmbeddingModel } from '../../models/index.ts';
import type { ArmHit, ChunkFilter, ChunkStore } from '../chunk-store.ts';
import { knowledgeTables } from '../migrations.ts';
import type { ArmName, RetrievalOverrides, RetrievalSettings } from '../retrieval-settings.ts';
import type { Retrieval, RetrieveOptions, Retriever } from '../retriever.ts';
import { embeddedShare, type IndexState, indexVersion, readIndexState } from '../sync/index-state.ts';
import { type ArmScores, fuse } from './fuse.ts';
import { type RankedChunk, readHits, readLiveRevisions } from './live-chunks.ts';
import { resolveSettings } from './resolve-settings.ts';

/** Candidates of each arm that are fused, unless more hits are asked for. */
const candidates = 100;
/** How often a search that met a sync in the middle of a change starts anew. */
const attempts = 4;

export interface RetrieverOptions {
  readonly database: Database;
  readonly store: ChunkStore;
  /** Asked at the first search that needs a vector. Null: keyword search only. */
  readonly embeddingModel: () => Promise<EmbeddingModel | null>;
  /** Settings that differ from `defaultRetrievalSettings`; a call may overrule each. */
  readonly settings?: RetrievalOverrides | undefined;
  /** Told once when vectors cannot be used although there are some. */
  readonly onNotice?: ((notice: string) => void) | undefined;
}

/** What the query's embedding gave, and what it took. */
interface EmbeddedQuery {
  readonly vector: Float32Array;
  readonly tokens: number;
  readonly coreSeconds: number;
}

/** The documents and chunks of one arm that may be shown now. */
interface LiveHits {
  readonly hits: readonly ArmHit[];
  /** Whether the index had more to offer than was asked for. */
  readonly cut: boolean;
  /** Whether hits were left out because they are not live. */
  readonly stale: boolean;
}

/**
 * Searches both arms, drops what is not live, scores the union of the arms' candidates exactly in both and fuses
 * (see `fuse`). `vector` throws what the model throws; `hybrid` falls back to keywords with one notice.
 */
export function createRetriever(options: RetrieverOptions): Retriever {
  const { database, store } = options;
  const tables = knowledgeTables(database);
  let noticed = false;

  const notice = (text: string): void => {
    if (!noticed) options.onNotice?.(`Keyword search only: ${text}`);
    noticed = true;
  };

  /** The model that the index was embedded with; null where there is none, or nothing is embedded. */
  const modelOf = async (state: IndexState): Promise<EmbeddingModel | null> => {
    if (state.embedded_chunks === 0) return null;
    const model = await options.embeddingModel();
    if (!model || model.fingerprint === state.embedding_fingerprint) return model;
    notice(`the index was embedded by another model than ${model.id}. Run "fulcrum sync".`);
    return null;
  };

  /** Null with one notice where a hybrid search has to do without vectors. */
  const orKeywords = async <T>(arm: ArmName, work: Promise<T>): Promise<T | null> => {
    try {
      return await work;
    } catch (error) {
      const known = toFulcrumError(error);
      if (arm === 'vector' || known.code === 'cancelled') throw known;
      notice(`${known.message} ${known.hint}`);
      return null;
    }
  };

  /** Asks an arm for more until there are `depth` live hits or no more hits. */
  const searchLive = async (
    principal: Principal,
    depth: number,
    search: (limit: number) => Promise<ArmHit[]>,
    live: LiveDocuments,
  ): Promise<LiveHits> => {
    for (let limit = depth; ; limit *= 2) {
      const found = await search(limit);
      await live.learn(principal, found);
      const hits = found.filter((hit) => live.has(hit));
      const more = found.length === limit;
      if (hits.length >= depth || !more)
        return {
          hits: hits.slice(0, depth),
          cut: more || hits.length > depth,
          stale: hits.length < found.length,
        };
    }
  };

  const search = async (
    query: string,
    principal: Principal,
    request: RetrievalSettings & { readonly filter?: ChunkFilter | undefined },
    vector: Promise<EmbeddedQuery | null>,
  ): Promise<{ ranked: RankedChunk[]; stale: boolean }> => {
    const { filter, arm, limit, vectorWeight } = request;
    const depth = Math.max(candidates, limit);
    const live = createLiveDocuments(tables);
    const byKeyword = async (): Promise<LiveHits> =>
      arm === 'vector'
        ? { hits: [], cut: false, stale: false }
        : searchLive(principal, depth, (size) => store.searchKeywords(principal, query, size, filter), live);
    const byVector = async (): Promise<LiveHits & { query: Float32Array | null }> => {
      const embedded = await vector;
      if (!embedded) return { hits: [], cut: false, stale: false, query: null };
      const { vector: point } = embedded;
      const hits = await searchLive(
        principal,
        depth,
        (size) => store.searchVectors(principal, point, size, filter),
        live,
      );
      return { ...hits, query: point };
    };
    const [keyword, near] = await Promise.all([byKeyword(), byVector()]);
    const found = await scoreUnion(store, principal, query, keyword, near);
    const scores = fuse(
      found.map(({ arms }) => arms),
      arm === 'vector' ? 1 : near.query === null ? 0 : vectorWeight,
    );
    const ranked = found
      .map(({ hit, arms }, index) => ({ hit, arms, score: scores[index]!, ...live.of(hit) }))
      .sort((a, b) => b.score - a.score || (a.hit.id < b.hit.id ? -1 : 1))
      .slice(0, limit);
    return { ranked, stale: keyword.stale || near.stale };
  };

  const retrieve = async (
    query: string,
    principal: Principal,
    request: RetrieveOptions = {},
  ): Promise<Retrieval> => {
    const { signal } = request;
    const settings = resolveSettings(options.settings, request);
    const { arm, limit } = settings;
    let state = await readIndexState(tables, principal.tenant);
    const byVector = arm !== 'keyword' && query.trim() !== '' && limit > 0;
    const model = byVector ? await orKeywords(arm, modelOf(state)) : null;
    // Begun before the index is opened: a local model loads in a thread of its own while this one loads the index's library.
    const vector = model ? orKeywords(arm, embedQuery(model, query, signal)) : Promise.resolve(null);
    // It is awaited below; a keyword search that fails first must not leave it unhandled.
    vector.catch(() => undefined);
    for (let attempt = 1; ; attempt++) {
      signal?.throwIfAborted();
      if (state.documents === 0) throw new FulcrumError('index-empty');
      const { ranked, stale } =
        limit < 1
          ? { ranked: [], stale: false }
          : await search(query, principal, { ...settings, filter: request.filter }, vector);
      const hits = await readHits(tables, principal.tenant, ranked);
      const now = await readIndexState(tables, principal.tenant);
      const moved = now.corpus_hash !== state.corpus_hash;
      state = now;
      // A document that changed while it was searched may have been found in neither of its states.
      if (moved && (stale || hits.length < ranked.length) && attempt < attempts) continue;
      const embedded = await vector;
      return {
        query,
        indexVersion: indexVersion(state),
        embeddedShare: embeddedShare(state),
        hits,
        queryVector: embedded?.vector ?? null,
        embeddedTokens: embedded?.tokens ?? 0,
        coreSeconds: embedded?.coreSeconds ?? 0,
      };
    }
  };
  return { retrieve };
}

async function embedQuery(
  model: EmbeddingModel,
  query: string,
  signal: AbortSignal | undefined,
): Promise<EmbeddedQuery> {
  const { vectors, tokens, coreSeconds } = await model.embedQueries([query], { signal });
  return { vector: vectors[0]!, tokens, coreSeconds };
}

interface LiveDocuments {
  learn(principal: Principal, hits: readonly ArmHit[]): Promise<void>;
  has(hit: ArmHit): boolean;
  of(hit: ArmHit): { uri: string; version: string };
}

/** What is live, read once for each document of a search. */
function createLiveDocuments(tables: ReturnType<typeof knowledgeTables>): LiveDocuments {
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
  keyword: LiveHits,
  near: LiveHits & { query: Float32Array | null },
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
    near.query && near.cut && byVector.chunkIds.length > 0
      ? store.searchVectors(principal, near.query, byVector.chunkIds.length, byVector)
      : [],
  ]);
  put('keyword', keywords);
  put('vector', vectors);
  return [...all.values()];
}
