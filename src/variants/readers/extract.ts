import { type Citation, type Claim, noCost, noUsage } from '../../core/index.ts';
import { citationOf, quoteSpans } from '../citations/quote-spans.ts';
import { verifyCitation } from '../citations/verify-citation.ts';
import type { EvidenceSelection } from '../evidence/select-evidence.ts';
import type { Reading } from './reading.ts';

/** Sentences that `extract` quotes where the config does not say. */
export const defaultSentences = 2;

/** Sentences whose score is below this share of the best one's are not quoted. */
export const leastScoreShare = 0.7;

/**
 * Answers with the best sentences themselves, each span with its marker, in the order of hit and document; needs no
 * language model. A span whose citation does not verify is left out and counted.
 */
export function readByExtraction(evidence: EvidenceSelection, sentences = defaultSentences): Reading {
  const citations: Citation[] = [];
  let removed = 0;
  const least = leastScoreShare * (evidence.ranked[0]?.score ?? 0);
  const chosen = evidence.ranked.slice(0, sentences).filter((unit) => unit.score >= least);
  for (const span of quoteSpans(chosen)) {
    const citation = citationOf(span, citations.length + 1, 'quoted');
    const text = span.units[0]?.document.text ?? '';
    if (citation && verifyCitation(citation, text) === null) citations.push(citation);
    else removed++;
  }
  const lines = citations.map(({ quote, marker }) => `${quote} [${marker}]`);
  let start = 0;
  const claims = lines.map((line, index): Claim => {
    const claim = { start, end: start + line.length, markers: [index + 1], state: 'quoted' as const };
    start = claim.end + 1;
    return claim;
  });
  return {
    answer: lines.join('\n'),
    citations,
    ...(claims.length > 0 ? { claims } : {}),
    removedCitations: removed,
    refusal:
      citations.length > 0
        ? null
        : { reason: 'not-in-corpus', detail: 'Nothing that can be quoted was found.' },
    usage: noUsage,
    cost: noCost,
  };
}
