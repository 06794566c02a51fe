import { type Citation, noCost, noUsage } from '../../core/index.ts';
import { citationOf, quoteSpans } from '../citations/quote-spans.ts';
import { verifyCitation } from '../citations/verify-citation.ts';
import type { EvidenceSelection } from '../evidence/select-evidence.ts';
import type { Reading } from './reading.ts';

/** Sentences that `extract` quotes where the config does not say. */
export const defaultSentences = 2;

/**
 * Answers with the best sentences themselves, each span with its marker, in the order of hit and document; needs no
 * language model. A span whose citation does not verify is left out and counted.
 */
export function readByExtraction(evidence: EvidenceSelection, sentences = defaultSentences): Reading {
  const citations: Citation[] = [];
  let removed = 0;
  for (const span of quoteSpans(evidence.ranked.slice(0, sentences))) {
    const citation = citationOf(span, citations.length + 1, 'quoted');
    const text = span.units[0]?.document.text ?? '';
    if (citation && verifyCitation(citation, text) === null) citations.push(citation);
    else removed++;
  }
  return {
    answer: citations.map(({ quote, marker }) => `${quote} [${marker}]`).join('\n'),
    citations,
    removedCitations: removed,
    refusal:
      citations.length > 0
        ? null
        : { reason: 'not-in-corpus', detail: 'Nothing that can be quoted was found.' },
    usage: noUsage,
    cost: noCost,
  };
}
