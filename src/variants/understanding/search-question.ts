import { addCost, addUsage, type Cost, noCost, noUsage, type Usage } from '../../core/index.ts';
import { combineFilters, type Hit, type RetrieveOptions } from '../../knowledge/index.ts';
import type { RetrieverConfig } from '../config.ts';
import type { Corpus } from '../corpus.ts';
import type { Question } from '../variant.ts';
import { decomposeByModel, fuseSearches } from './decompose.ts';

/** Hits of a question, or of its parts together, and what finding them took. */
export interface QuestionSearch {
  readonly hits: readonly Hit[];
  /** Vector of the whole question; null where there is none. */
  readonly queryVector: Float32Array | null;
  /** Fingerprint of the model that made it; see `Retrieval`. */
  readonly queryModel?: string | null | undefined;
  /** Of all queries. */
  readonly embeddedTokens: number;
  readonly coreSeconds: number;
  /** Of models that took the question apart or ordered its hits. */
  readonly usage: Usage;
  readonly cost: Cost;
}

/** What a config and a question say of a search, filters of both joined by "and". */
export function searchOptions(question: Question, config: RetrieverConfig, limit: number): RetrieveOptions {
  const { filter, condense: _condense, decompose: _decompose, ...settings } = config;
  const metadata = Object.entries(filter?.metadata ?? {}).map(([key, values]) => [key, [values].flat()]);
  return {
    ...settings,
    limit,
    filter: combineFilters(
      { sources: question.sources, exceptDocuments: question.hiddenDocuments },
      filter && { ...filter, metadata: metadata.length === 0 ? undefined : Object.fromEntries(metadata) },
      question.filter,
    ),
    signal: question.signal,
  };
}

/** Searches for a question; one that a model takes apart is searched whole and by its parts, at the same time. */
export async function searchQuestion(
  question: Question,
  corpus: Corpus,
  config: RetrieverConfig,
  limit: number,
): Promise<QuestionSearch> {
  const { retriever, languageModel } = corpus;
  const apart =
    config.decompose && languageModel
      ? await decomposeByModel(question.input, await languageModel(config.decompose), question.signal)
      : { parts: [], usage: noUsage, cost: noCost };
  const options = searchOptions(question, config, limit);
  const searches = await Promise.all(
    [question.input, ...apart.parts].map((text) => retriever.retrieve(text, question.principal, options)),
  );
  const sum = (member: 'embeddedTokens' | 'coreSeconds'): number =>
    searches.reduce((total, search) => total + search[member], 0);
  return {
    hits:
      searches.length === 1
        ? searches[0]!.hits
        : fuseSearches(
            searches.map(({ hits }) => hits),
            limit,
          ),
    queryVector: searches[0]!.queryVector,
    queryModel: searches[0]!.queryModel,
    embeddedTokens: sum('embeddedTokens'),
    coreSeconds: sum('coreSeconds'),
    usage: addUsage(apart.usage),
    cost: addCost(apart.cost, ...searches.map(({ rerankCost }) => rerankCost ?? noCost)),
  };
}
