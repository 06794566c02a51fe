import { type Score, scored, undefinedScore } from '../../core/index.ts';
import type { RankedSpan, ScoredSample } from '../evaluated.ts';
import { goldItems, judgeRanking } from './relevance.ts';
import { hitAt, ndcgAt, type Ranking, recallAt, reciprocalRankAt } from './retrieval-metrics.ts';
import type { Scorer } from './scorer.ts';

/** Scorers of what the variant had before it, at these cut-offs. */
export function retrievalScorers(cutOffs: readonly number[]): Scorer[] {
  return cutOffs.flatMap((k) => [
    retrievalScorer(`hit@${k}`, `gold evidence is among the first ${k} passages`, (ranking) =>
      hitAt(ranking, k),
    ),
    retrievalScorer(`recall@${k}`, `share of the gold evidence in the first ${k} passages`, (ranking) =>
      recallAt(ranking, k),
    ),
    retrievalScorer(`mrr@${k}`, `one over the rank of the first relevant of ${k} passages`, (ranking) =>
      reciprocalRankAt(ranking, k),
    ),
    retrievalScorer(
      `ndcg@${k}`,
      `discounted gain of the first ${k} passages over the ideal order`,
      (ranking) => ndcgAt(ranking, k),
    ),
  ]);
}

function retrievalScorer(name: string, description: string, value: (ranking: Ranking) => number): Scorer {
  return {
    name,
    description,
    direction: 'higher',
    needs: ['evidence', 'contexts'],
    score: (judged) => scoreContexts(judged, value),
  };
}

/** Nothing retrieved is 0; a variant that does not retrieve, or does not say from which documents, has no number. */
function scoreContexts(
  { sample, answer, retrieves }: ScoredSample,
  value: (ranking: Ranking) => number,
): Score {
  const gold = goldItems(sample.evidence);
  if (gold.length === 0) return undefinedScore('no-gold');
  if (retrieves === false) return undefinedScore('no-retriever');
  const { contexts } = answer;
  if (contexts.length === 0 && retrieves === undefined) return undefinedScore('no-contexts');
  if (contexts.length > 0 && contexts.every(({ documentId }) => documentId === null))
    return undefinedScore('contexts-without-documents');
  const bySpan = gold.some((item) => item.start !== undefined);
  const hits: RankedSpan[] = [];
  for (const [rank, { documentId, start, end }] of contexts.entries()) {
    if (bySpan && documentId !== null && start === null) return undefinedScore('contexts-without-offsets');
    // A passage of an unknown document holds its rank.
    hits.push({ documentId: documentId ?? `\u0000${rank}`, start: start ?? 0, end: end ?? 0 });
  }
  return scored(value(judgeRanking(hits, gold)));
}
