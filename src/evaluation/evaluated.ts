import type { Answer, Cost, Evidence, Principal, Sample, WorkOptions } from '../core/index.ts';

/** A variant as evaluation sees it; supplied by `app`. Structurally a `Variant` of the variants room. */
export interface Evaluated {
  readonly name: string;
  readonly kind: string;
  readonly deployable: boolean;
  readonly definition: Readonly<Record<string, unknown>>;
  /** Whether its contexts come from a retriever; unknown where absent, then judged by whether it names contexts. */
  readonly retrieves?: boolean | undefined;
  /** Answers that it can work on at once without slowing each other; 1 by default. */
  readonly concurrency?: number | undefined;
  /** Samples that it was shown or trained on; a run over any of them is refused. */
  readonly learnedFrom?: readonly LearnedSample[] | undefined;
  /** Why it cannot answer at all here (its prompt does not fit, for instance), or null; it is then skipped. */
  cannotRun?(principal: Principal): Promise<string | null>;
  estimate(
    question: EvaluatedQuestion,
  ): Promise<{ inputTokens: number; outputTokens: number; usd: number | null }>;
  answer(question: EvaluatedQuestion): Promise<Answer>;
}

/** What is known of a sample that a variant learned from. */
export interface LearnedSample {
  readonly id: string;
  readonly input: string;
  readonly group?: string | undefined;
}

export interface EvaluatedQuestion {
  readonly input: string;
  readonly principal: Principal;
  readonly sampleId?: string | undefined;
  readonly evidence?: readonly Evidence[] | undefined;
  /** Ids of documents that retrieval must leave out, before ranking. */
  readonly hiddenDocuments?: readonly string[] | undefined;
  /** Spans of documents that evidence must leave out. */
  readonly hiddenEvidence?: readonly RankedSpan[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Looks up the canonical text of a document of the corpus; null where it is not there. Supplied by `app`. */
export type ReadDocument = (
  documentId: string,
) => Promise<{ text: string; version: string; uri: string } | null>;

/** A retrieved chunk as retrieval metrics need it. */
export interface RankedSpan {
  readonly documentId: string;
  readonly start: number;
  readonly end: number;
}

/** Retrieves for a query with one arm, best first. Supplied by `app`. */
export type RetrieveSpans = (
  query: string,
  arm: 'keyword' | 'vector' | 'hybrid',
  limit: number,
) => Promise<RankedSpan[]>;

/** What a scorer sees of one sample. */
export interface ScoredSample {
  readonly sample: Sample;
  readonly answer: Answer;
  /** As the variant declares it. */
  readonly retrieves?: boolean | undefined;
}

/** Embeds texts as documents: one vector of unit length each, in their order. Supplied by `app`. */
export type EmbedTexts = (texts: readonly string[], work?: EmbedOptions) => Promise<readonly Float32Array[]>;

export interface EmbedOptions extends WorkOptions {
  /** Told what the vectors took. */
  readonly onEmbedded?: ((tokens: number, cost: Cost) => void) | undefined;
}
