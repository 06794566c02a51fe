import { localOwner, type WorkOptions } from '../core/index.ts';
import type { RankedPassage, TunedSettings, TuningQuestion } from '../experiments/index.ts';
import {
  estimateTokens,
  fuse,
  type Hit,
  type RetrievalOverrides,
  type Retriever,
} from '../knowledge/index.ts';

/** Candidates that are kept for each question, with the scores of both arms. */
const kept = 200;
/** Reranked hits where the config does not say. */
const rerankedHits = 20;

/** A candidate that any weight may rank. */
interface Candidate extends RankedPassage {
  readonly chunkId: string;
  readonly arms: Hit['arms'];
}

/** The candidates of a question, and the keyword score that counts as 1 among them at least. */
interface Candidates {
  readonly chunks: readonly Candidate[];
  readonly keywordScale: number;
}

export interface TunedSearchOptions extends WorkOptions {
  /** The retriever of an index with chunks of this size. */
  readonly retrieverFor: (chunkSize: number) => Promise<Retriever>;
  /** What the config says of search. */
  readonly configured: RetrievalOverrides;
  /** Hits that are asked for where the budget decides how many are read. */
  readonly hitsToBudget: number;
}

/** Searches questions with settings under test. */
export type TunedSearch = (
  settings: TunedSettings,
  questions: readonly TuningQuestion[],
) => Promise<RankedPassage[][]>;

/**
 * Asks the index once for each question and chunk size and keeps the scores of both arms, so that another weight or k is only
 * arithmetic; settings that change hits in another way are asked for as any caller would.
 */
export function createTunedSearch(options: TunedSearchOptions): TunedSearch {
  const { configured, hitsToBudget, signal } = options;
  const candidates = new Map<string, Candidates>();
  const isPlain = (settings: TunedSettings): boolean =>
    settings.neighbours === 0 &&
    settings['near-duplicates'] === 'keep' &&
    settings.rerank === null &&
    !configured.parents &&
    (configured.arm ?? 'hybrid') === 'hybrid';

  const retrieve = async (
    settings: TunedSettings,
    question: TuningQuestion,
    overrides: RetrievalOverrides,
  ) => {
    const retriever = await options.retrieverFor(settings['chunk-size']);
    const { hits, keywordScale = 0 } = await retriever.retrieve(question.input, localOwner, {
      ...overrides,
      filter: question.hiddenDocuments && { exceptDocuments: question.hiddenDocuments },
      signal,
    });
    return { hits, keywordScale };
  };

  const candidatesOf = async (settings: TunedSettings, question: TuningQuestion): Promise<Candidates> => {
    const key = JSON.stringify([settings['chunk-size'], question.id]);
    const known = candidates.get(key);
    if (known) return known;
    const { hits, keywordScale } = await retrieve(settings, question, {
      ...{ limit: kept, neighbours: 0, nearDuplicates: 'keep', rerank: null },
    });
    const chunks = hits.map((hit) => ({ ...passageOf(hit), chunkId: hit.chunkId, arms: hit.arms }));
    const found = { chunks, keywordScale };
    candidates.set(key, found);
    return found;
  };

  const searchOne = async (settings: TunedSettings, question: TuningQuestion): Promise<RankedPassage[]> => {
    const limit = settings.k ?? hitsToBudget;
    if (isPlain(settings))
      return rankBy(await candidatesOf(settings, question), settings.weight).slice(0, limit);
    const { hits } = await retrieve(settings, question, {
      vectorWeight: settings.weight,
      limit,
      neighbours: settings.neighbours,
      nearDuplicates: settings['near-duplicates'],
      rerank:
        settings.rerank === null
          ? null
          : { model: settings.rerank, top: configured.rerank?.top ?? rerankedHits },
    });
    return hits.map(passageOf);
  };

  return async (settings, questions) => {
    const lists: RankedPassage[][] = [];
    for (const question of questions) {
      signal?.throwIfAborted();
      lists.push(await searchOne(settings, question));
      options.onProgress?.({
        ...{ phase: 'searching', done: lists.length, total: questions.length, unit: 'questions' },
      });
    }
    return lists;
  };
}

function passageOf({ documentId, start, end, text }: Hit): RankedPassage {
  return { documentId, start, end, tokens: estimateTokens(text) };
}

/** The candidates in the order that the retriever would give them at this weight. */
function rankBy({ chunks, keywordScale }: Candidates, weight: number): Candidate[] {
  const scores = fuse(
    chunks.map(({ arms }) => arms),
    weight,
    keywordScale,
  );
  return chunks
    .map((candidate, index) => ({ candidate, score: scores[index]! }))
    .sort((a, b) => b.score - a.score || (a.candidate.chunkId < b.candidate.chunkId ? -1 : 1))
    .map(({ candidate }) => candidate);
}
