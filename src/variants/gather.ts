import {
  addCost,
  addUsage,
  type Context,
  type Cost,
  noCost,
  noUsage,
  type RequestContextRecord,
  type Usage,
} from '../core/index.ts';
import type { Hit, StoredDocument } from '../knowledge/index.ts';
import type { RetrieverConfig } from './config.ts';
import type { Corpus } from './corpus.ts';
import { type EvidenceSelection, selectEvidence } from './evidence/select-evidence.ts';
import { gatherRequestContext, rankedAsBest, withGivenDocuments } from './request-context.ts';
import { spanned } from './spans.ts';
import { searchQuestion } from './understanding/search-question.ts';
import type { Question } from './variant.ts';

/** Hits whose sentences are considered where the config does not say. */
const defaultHits = 5;

/** Hits that a variant reads: as many as it says, or the project, or `defaultHits`. */
export function hitsRead({ retrieval }: Pick<Corpus, 'retrieval'>, config: RetrieverConfig = {}): number {
  const ofProject = retrieval?.limit;
  return config.limit ?? (typeof ofProject === 'number' ? ofProject : defaultHits);
}

/** Evidence of one question, with what finding it took. */
export interface GatheredEvidence {
  readonly evidence: EvidenceSelection;
  readonly contexts: readonly Context[];
  readonly usage: Usage;
  readonly cost: Cost;
  /** What became of providers of request-time context. */
  readonly requestContexts?: readonly RequestContextRecord[] | undefined;
}

/** How diagnostic variants change what is gathered. */
export interface GatherChanges {
  /** Hits that come before those that are found, and count as contexts too. */
  readonly first?: readonly Hit[] | undefined;
  /** Order in which the hits are read; the contexts keep that of the search. */
  readonly arrange?: ((hits: readonly Hit[]) => readonly Hit[]) | undefined;
}

/**
 * Retrieves for a question and chooses its evidence. Nothing found is empty evidence; an index in which nothing was synced
 * throws `index-empty`, for a refusal would say that the corpus had been looked at.
 */
export async function gatherEvidence(
  question: Question,
  corpus: Corpus,
  config: RetrieverConfig = {},
  changes: GatherChanges = {},
): Promise<GatheredEvidence> {
  const { embedding } = corpus;
  const [retrieval, given] = await Promise.all([
    spanned(
      question.onSpan,
      'retrieval',
      () => searchQuestion(question, corpus, config, hitsRead(corpus, config)),
      ({ hits }) => ({ hits: hits.length }),
    ),
    gatherRequestContext(question, corpus),
  ]);
  const documents = given ? withGivenDocuments(corpus.documents, given) : corpus.documents;
  const hits = [
    ...(changes.first ?? []),
    ...(given ? rankedAsBest(given.hits, retrieval.hits) : []),
    ...retrieval.hits,
  ];
  const choose = () =>
    selectEvidence({
      question: question.input,
      hits: changes.arrange?.(hits) ?? hits,
      documents,
      principal: question.principal,
      hidden: question.hiddenEvidence,
      vectors: embedding?.vectors ?? null,
      // The index may hold vectors of another model than sentences are embedded with, while a new index is being built.
      queryVector:
        (retrieval.queryModel ?? embedding?.model.fingerprint) === embedding?.model.fingerprint
          ? retrieval.queryVector
          : null,
      signal: question.signal,
    });
  const evidence = await spanned(question.onSpan, 'evidence', choose, ({ ranked }) => ({
    units: ranked.length,
  }));
  const { embeddedTokens, coreSeconds } = retrieval;
  return {
    evidence,
    contexts: hits.map(contextOf),
    usage: addUsage(retrieval.usage, { embeddedTokens, coreSeconds }, evidence.usage),
    cost: addCost(
      coreSeconds > 0 ? corpus.priceCoreSeconds(coreSeconds) : noCost,
      queryCost(embeddedTokens, corpus),
      retrieval.cost,
      evidence.cost,
    ),
    ...(given && given.records.length > 0 ? { requestContexts: given.records } : {}),
  };
}

/** Cost of embedding the query with a hosted model: its tokens at the rate that sentences were charged. */
function queryCost(tokens: number, { embedding }: Corpus): Cost {
  if (tokens === 0 || !embedding || embedding.model.local) return noCost;
  const rate = embedding.vectors.usdPerToken();
  return {
    usd: rate === null ? null : rate * tokens,
    source: 'price-list',
    priceDate: null,
    basis: `embedded by ${embedding.model.id}`,
  };
}

/** A hit as a context of an answer. */
export function contextOf({ documentId, start, end, score }: Hit): Context {
  return { documentId, start, end, score };
}

/** Length of a document that stands as evidence without a place in it, beyond which it is cut. */
const maxWholeDocument = 20_000;

/**
 * The gold evidence of a sample as evidence of the question: each piece a hit of its own with the sentences that it
 * touches. A document without a place counts whole, its sentences ranked as those of a hit are. A document that may
 * not be read, or is hidden, is left out.
 */
export async function gatherGoldEvidence(question: Question, corpus: Corpus): Promise<GatheredEvidence> {
  const hits = await readGoldHits(question, corpus);
  const embedded = await corpus.embedding?.model.embedQueries([question.input], { signal: question.signal });
  const evidence = await selectEvidence({
    question: question.input,
    hits,
    documents: corpus.documents,
    principal: question.principal,
    hidden: question.hiddenEvidence,
    vectors: corpus.embedding?.vectors ?? null,
    queryVector: embedded?.vectors[0] ?? null,
    signal: question.signal,
  });
  return {
    evidence,
    contexts: hits.map(contextOf),
    usage: addUsage(noUsage, evidence.usage, {
      embeddedTokens: embedded?.tokens ?? 0,
      coreSeconds: embedded?.coreSeconds ?? 0,
    }),
    cost: addCost(embedded?.cost ?? noCost, evidence.cost),
  };
}

/** Each piece of gold evidence that may be read, and is not hidden, as a hit of its own. */
export async function readGoldHits(question: Question, corpus: Corpus): Promise<Hit[]> {
  const hits: Hit[] = [];
  const read = new Map<string, StoredDocument | null>();
  for (const [index, piece] of (question.evidence ?? []).entries()) {
    if (question.hiddenDocuments?.includes(piece.document)) continue;
    if (!read.has(piece.document))
      read.set(piece.document, await corpus.documents.read(piece.document, question.principal));
    const document = read.get(piece.document);
    if (!document) continue;
    const span = goldSpan(document.text, piece);
    hits.push({
      chunkId: `gold-${index}`,
      documentId: document.documentId,
      version: document.version,
      uri: document.uri,
      titlePath: document.title === null ? [] : [document.title],
      ...span,
      text: document.text.slice(span.start, span.end),
      score: 1,
      arms: {},
    });
  }
  return hits;
}

function goldSpan(
  text: string,
  piece: { start?: number | undefined; end?: number | undefined; quote?: string | undefined },
): { start: number; end: number } {
  const found = piece.quote === undefined ? -1 : text.indexOf(piece.quote);
  const start = piece.start ?? (found === -1 ? 0 : found);
  const end =
    piece.end ??
    (found === -1 ? Math.min(text.length, maxWholeDocument) : found + (piece.quote ?? '').length);
  return { start, end: Math.min(end, text.length) };
}
