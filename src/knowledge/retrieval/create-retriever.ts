import { type Cost, FulcrumError, noCost, type Principal, toFulcrumError } from '../../core/index.ts';
import type { Database } from '../../database/index.ts';
import type { EmbeddingModel, RerankingModel } from '../../models/index.ts';
import type { ChunkStore } from '../chunk-store.ts';
import { knowledgeTables } from '../migrations.ts';
import type { RetrievalOverrides, RetrievalSettings } from '../retrieval-settings.ts';
import type { Hit, Retrieval, RetrieveOptions, Retriever } from '../retriever.ts';
import { embeddedShare, type IndexState, indexVersion, readIndexState } from '../sync/index-state.ts';
import { withGenerations } from '../versions/generations.ts';
import { takeDistinct } from './distinct-hits.ts';
import { explainRetrieval } from './explain-retrieval.ts';
import { growHits } from './grow-hits.ts';
import { findPhraseChunks } from './phrase-chunks.ts';
import { detectLanguage, languageNotice } from './query-language.ts';
import { readHits } from './read-hits.ts';
import { type ReadQuery, readQuery } from './read-query.ts';
import { createReadableChunks } from './readable-chunks.ts';
import { rerankHits } from './rerank-hits.ts';
import { resolveSettings } from './resolve-settings.ts';
import { type FoundChunks, searchArms } from './search-arms.ts';
import { createStageClock, type StageClock } from './stage-clock.ts';

/** How often a search that met a sync in the middle of a change starts anew. */
const attempts = 4;
/** Different notices that are told once each; after that many, none is. */
const mostNotices = 50;

export interface RetrieverOptions {
  readonly database: Database;
  readonly store: ChunkStore;
  /**
   * Asked at searches that need a vector, by the id of the model that the index was embedded with, where that is known: it may be
   * another than the config names until the next sync has replaced the index. Null: keyword search only.
   */
  readonly embeddingModel: (id?: string) => Promise<EmbeddingModel | null>;
  /** Asked at the first search that reranks, with the name in the settings. Without it a search that reranks throws. */
  readonly rerankingModel?: ((name: string) => Promise<RerankingModel>) | undefined;
  /** Moves the vector of a query before chunks are searched by it; sentences are still judged by the vector itself. */
  readonly projectQuery?: ((vector: Float32Array) => Promise<Float32Array>) | undefined;
  /** Whether scores must not depend on chunks that the searcher may not read; their number is then left out too. False by default. */
  readonly isolateStatistics?: boolean | undefined;
  /** Settings that differ from `defaultRetrievalSettings`; a call may overrule each. */
  readonly settings?: RetrievalOverrides | undefined;
  /** Told, once each, what a search had to do without. */
  readonly onNotice?: ((notice: string) => void) | undefined;
}

/** What the query's embedding gave, and what it took. */
interface EmbeddedQuery {
  readonly vector: Float32Array;
  readonly tokens: number;
  readonly coreSeconds: number;
}

/** One call of a retriever, read. */
interface Call {
  readonly query: string;
  readonly read: ReadQuery;
  readonly principal: Principal;
  readonly request: RetrieveOptions;
  readonly settings: RetrievalSettings;
  readonly clock: StageClock;
  readonly notices: Set<string>;
}

/** The hits of one attempt. */
interface Attempt {
  readonly found: FoundChunks | null;
  /** Chunks that have the phrases of the query; null where it has none. */
  readonly only: ReadonlySet<string> | null;
  readonly hits: readonly Hit[];
  readonly rerankCost: Cost;
  /** Whether something changed under the search that it may have missed. */
  readonly disturbed: boolean;
}

/**
 * Searches both arms (see `searchArms`), leaves near-duplicates out, reranks and grows as the settings say. `vector`
 * throws what the model throws; `hybrid` falls back to keywords with one notice.
 */
export function createRetriever(options: RetrieverOptions): Retriever {
  const { database } = options;
  const store = withGenerations(options.store, database);
  const tables = knowledgeTables(database);
  const told = new Set<string>();
  /** Languages that passages were found in: a question in one of them is not foreign, and costs nothing more to tell. */
  const languages = new Set<string>();
  const tell = (call: Call, text: string): void => {
    call.notices.add(text);
    if (!told.has(text) && told.size < mostNotices) options.onNotice?.(text);
    told.add(text);
  };

  /** The model that the index was embedded with; null where there is none, or nothing is embedded. */
  const modelOf = async (state: IndexState, call: Call): Promise<EmbeddingModel | null> => {
    if (state.embedded_chunks === 0) return null;
    const model = await options.embeddingModel(state.embedding_model ?? undefined);
    if (!model || model.fingerprint === state.embedding_fingerprint) return model;
    tell(
      call,
      `Keyword search only: the index was embedded by another model than ${model.id}. Run "fulcrum sync".`,
    );
    return null;
  };

  /** Null with one notice where a hybrid search has to do without vectors. */
  const orKeywords = async <T>(call: Call, work: Promise<T>): Promise<T | null> => {
    try {
      return await work;
    } catch (error) {
      const known = toFulcrumError(error);
      if (call.settings.arm === 'vector' || known.code === 'cancelled') throw known;
      tell(call, `Keyword search only: ${known.message} ${known.hint}`);
      return null;
    }
  };

  const rerankingModel = (name: string): Promise<RerankingModel> => {
    if (options.rerankingModel) return options.rerankingModel(name);
    throw new FulcrumError('reranker-unknown', { reranker: name, suggestion: 'This retriever has none.' });
  };

  /** Null where the query has no phrases, or no text that may be read has them: then their words are searched for. */
  const chunksWithPhrases = async (call: Call): Promise<ReadonlySet<string> | null> => {
    const { phrases } = call.read;
    if (phrases.length === 0) return null;
    const chunks = await call.clock.time('phrases', () => findPhraseChunks(tables, call.principal, phrases));
    if (chunks.size > 0) return chunks;
    const quoted = phrases.map((phrase) => `"${shortened(phrase)}"`).join(' and ');
    tell(call, `No passage has ${quoted} word for word; the words were searched for one by one.`);
    return null;
  };

  const readable = createReadableChunks(tables);
  const chunksCounted = async (state: IndexState, principal: Principal): Promise<number> =>
    options.isolateStatistics ? readable(principal, state.corpus_hash) : state.chunks;

  const attempt = async (
    call: Call,
    chunks: number,
    vector: Promise<EmbeddedQuery | null>,
  ): Promise<Attempt> => {
    const { read, principal, request, settings, clock } = call;
    const { limit, rerank } = settings;
    if (limit < 1) return { found: null, only: null, hits: [], rerankCost: noCost, disturbed: false };
    const only = await chunksWithPhrases(call);
    const search = { text: read.text, principal, settings, filter: request.filter, only, chunks, clock };
    const point = vector.then((embedded) => {
      if (!embedded) return null;
      return options.projectQuery ? options.projectQuery(embedded.vector) : embedded.vector;
    });
    const found = await searchArms({ ...search, vector: point }, { store, tables });
    const { hits, missing } = await clock.time('read', () =>
      takeDistinct(found.ranked, Math.max(limit, rerank?.top ?? 0), {
        collapse: settings.nearDuplicates === 'collapse',
        read: (chunks) => readHits(tables, principal.tenant, chunks),
      }),
    );
    const model = (): Promise<RerankingModel> => rerankingModel(rerank?.model ?? '');
    const ordered = rerank
      ? await clock.time('rerank', () =>
          rerankHits(read.text, hits, { model, top: rerank.top, signal: request.signal }),
        )
      : { hits, cost: noCost, notice: null };
    if (ordered.notice !== null) tell(call, ordered.notice);
    const grown = await clock.time('grow', () =>
      growHits(tables, principal.tenant, ordered.hits.slice(0, limit), settings),
    );
    return { found, only, hits: grown, rerankCost: ordered.cost, disturbed: found.stale || missing };
  };

  const retrieveOnce = async (
    query: string,
    principal: Principal,
    request: RetrieveOptions,
  ): Promise<Retrieval> => {
    const settings = resolveSettings(options.settings, request);
    const read = readQuery(query);
    const clock = createStageClock();
    const call: Call = { query, read, principal, request, settings, clock, notices: new Set() };
    let state = await readIndexState(tables, principal.tenant);
    const byVector = settings.arm !== 'keyword' && read.text.trim() !== '' && settings.limit > 0;
    const model = byVector ? await orKeywords(call, modelOf(state, call)) : null;
    // Begun before the index is opened: a local model loads in a thread of its own while this one loads the index's library.
    const vector = model
      ? orKeywords(
          call,
          clock.time('embed', () => embedQuery(model, read.text, request.signal)),
        )
      : Promise.resolve(null);
    // It is awaited below; a keyword search that fails first must not leave it unhandled.
    vector.catch(() => undefined);
    // Told while the query is being embedded; its library takes longer to load than to run.
    const language = detectLanguage(read.text);
    language.catch(() => undefined);
    for (let tries = 1; ; tries++) {
      request.signal?.throwIfAborted();
      if (state.documents === 0) throw new FulcrumError('index-empty');
      const { found, only, hits, rerankCost, disturbed } = await attempt(
        call,
        await chunksCounted(state, principal),
        vector,
      );
      const now = await readIndexState(tables, principal.tenant);
      const moved = now.corpus_hash !== state.corpus_hash;
      state = now;
      // A document that changed while it was searched may have been found in neither of its states.
      if (moved && disturbed && tries < attempts) continue;
      const foreign = await languageNotice(await language, hits, languages);
      if (foreign !== null) tell(call, foreign);
      const embedded = await vector;
      const explained = request.explain && { ...call, found, only, hits, store, tables };
      return {
        query,
        indexVersion: indexVersion(state),
        indexVersionNumber: state.version,
        embeddedShare: embeddedShare(state),
        hits,
        keywordScale: found?.keywordScale ?? 0,
        queryVector: embedded?.vector ?? null,
        queryModel: embedded && model ? model.fingerprint : null,
        embeddedTokens: embedded?.tokens ?? 0,
        coreSeconds: embedded?.coreSeconds ?? 0,
        ...(rerankCost.source === 'none' ? {} : { rerankCost }),
        ...(explained ? { explanation: await explainRetrieval(explained) } : {}),
      };
    }
  };
  const generationOf = async ({ tenant }: Principal): Promise<number> =>
    (await readIndexState(tables, tenant)).generation;
  return {
    /** When another index replaces the live one meanwhile, what was asked of the old one may be lost: then all is asked anew. */
    async retrieve(query, principal, request = {}) {
      for (let tries = 1; ; tries++) {
        const generation = await generationOf(principal);
        const swapped = async (): Promise<boolean> =>
          tries < attempts && (await generationOf(principal)) !== generation;
        try {
          const retrieval = await retrieveOnce(query, principal, request);
          if (!(await swapped())) return retrieval;
        } catch (error) {
          if (!(await swapped())) throw error;
        }
      }
    },
  };
}

/** A phrase as a notice shows it. */
function shortened(phrase: string): string {
  return phrase.length <= 80 ? phrase : `${phrase.slice(0, 79).trimEnd()}…`;
}

async function embedQuery(
  model: EmbeddingModel,
  query: string,
  signal: AbortSignal | undefined,
): Promise<EmbeddedQuery> {
  const { vectors, tokens, coreSeconds } = await model.embedQueries([query], { signal });
  return { vector: vectors[0]!, tokens, coreSeconds };
}
