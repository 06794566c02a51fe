import type { Cost } from '../core/index.ts';
import type { DocumentReader, RequestContext, Retriever } from '../knowledge/index.ts';
import type { EmbeddingModel, LanguageModel } from '../models/index.ts';
import type { SentenceVectors } from './evidence/sentence-vectors.ts';
import type { Editions } from './notices/editions.ts';

/** What the parts of a variant need of the corpus. */
export interface Corpus {
  readonly retriever: Retriever;
  readonly documents: DocumentReader;
  /** Facts of the moment for a live question; none by default. */
  readonly requestContext?: RequestContext | undefined;
  /** Null for keywords alone. */
  readonly embedding: { readonly model: EmbeddingModel; readonly vectors: SentenceVectors } | null;
  /** Models that take questions apart; none by default. */
  readonly languageModel?: ((id: string) => Promise<LanguageModel>) | undefined;
  /** Later editions of documents, for notices beside an answer; none are looked for where absent. */
  readonly editions?: Editions | undefined;
  /** Settings of the retriever that its hits depend on. */
  readonly retrieval?: Readonly<Record<string, unknown>> | undefined;
  /** Prices measured CPU-seconds of local work. */
  readonly priceCoreSeconds: (coreSeconds: number) => Cost;
}
