import { FulcrumError } from '../core/index.ts';
import type { DocumentReader, GivenContext, Hit } from '../knowledge/index.ts';
import type { Corpus } from './corpus.ts';
import type { Question } from './variant.ts';

/**
 * What providers of request-time context give for a live question; null where there are none. A question of a dataset
 * asks none: its answer must be the same tomorrow.
 */
export async function gatherRequestContext(question: Question, corpus: Corpus): Promise<GivenContext | null> {
  const [name] = Object.keys(question.context ?? {});
  if (!corpus.requestContext && name !== undefined)
    throw new FulcrumError('context-value-invalid', {
      name,
      problem: 'the config names no provider of context',
      suggestion: '',
    });
  if (!corpus.requestContext || question.sampleId !== undefined) return null;
  return corpus.requestContext.gather({
    principal: question.principal,
    values: question.context ?? {},
    signal: question.signal,
  });
}

/** The documents of the corpus, and those that live as long as this question. */
export function withGivenDocuments(documents: DocumentReader, given: GivenContext): DocumentReader {
  const own = new Map(given.documents.map((document) => [document.documentId, document]));
  return {
    async read(documentId, principal, version) {
      const document = own.get(documentId);
      if (!document) return documents.read(documentId, principal, version);
      return version === undefined || version === document.version ? document : null;
    },
  };
}

/** Given hits count as much as the best one found: what was fetched for this question is never crowded out. */
export function rankedAsBest(given: readonly Hit[], found: readonly Hit[]): Hit[] {
  const best = Math.max(...found.map(({ score }) => score), 0) || 1;
  return given.map((hit) => ({ ...hit, score: best }));
}
