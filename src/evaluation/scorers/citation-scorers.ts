import { type Citation, type Sample, type Score, scored, undefinedScore } from '../../core/index.ts';
import type { ScoredSample } from '../evaluated.ts';
import { holdsFact } from './fact-match.ts';
import { goldItems, overlaps } from './relevance.ts';
import type { Scorer } from './scorer.ts';

/** Share of the citations that support the answer. */
export const citationPrecisionScorer: Scorer = {
  name: 'citation-precision',
  description: 'share of the citations that overlap gold evidence or hold a fact',
  direction: 'higher',
  needs: ['evidence', 'citations'],
  score(judged) {
    const reason = withoutNumber(judged);
    if (reason) return reason;
    const { citations } = judged.answer;
    if (citations.length === 0) return undefinedScore('no-citations');
    const supporting = citations.filter((citation) => supports(citation, judged.sample));
    return scored(supporting.length / citations.length);
  },
};

/**
 * Share of the gold that the citations carry: of the pieces of evidence that one overlaps, or of the facts that one
 * holds, whichever is larger, since the same fact may stand in a place that nobody marked. An answer without
 * citations carries none.
 */
export const citationRecallScorer: Scorer = {
  name: 'citation-recall',
  description: 'share of the gold evidence or of the facts that the citations carry',
  direction: 'higher',
  needs: ['evidence', 'citations'],
  score(judged) {
    const reason = withoutNumber(judged);
    if (reason) return reason;
    const { sample, answer } = judged;
    const gold = goldItems(sample.evidence);
    const facts = sample.facts ?? [];
    const cited = (test: (citation: Citation) => boolean): boolean => answer.citations.some(test);
    const evidenceShare = share(gold, (item) => cited((citation) => overlaps(citation, item)));
    const factShare = share(facts, (forms) => cited(({ quote }) => holdsFact(quote, forms)));
    return scored(Math.max(evidenceShare, factShare));
  },
};

function withoutNumber({ sample, answer }: ScoredSample): Score | null {
  if (!sample.answerable) return undefinedScore('unanswerable');
  if (goldItems(sample.evidence).length === 0 && !sample.facts?.length) return undefinedScore('no-gold');
  return answer.refusal === null ? null : undefinedScore('abstained');
}

function supports(citation: Citation, sample: Sample): boolean {
  return (
    goldItems(sample.evidence).some((item) => overlaps(citation, item)) ||
    (sample.facts ?? []).some((forms) => holdsFact(citation.quote, forms))
  );
}

function share<T>(items: readonly T[], test: (item: T) => boolean): number {
  return items.length === 0 ? 0 : items.filter(test).length / items.length;
}
