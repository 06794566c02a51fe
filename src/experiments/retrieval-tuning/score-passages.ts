import type { Evidence } from '../../core/index.ts';
import { judgeRanking, ndcgAt, recallAt } from '../../evaluation/index.ts';

/** A retrieved piece of a document as tuning judges it, best first in its list. */
export interface RankedPassage {
  readonly documentId: string;
  readonly start: number;
  readonly end: number;
  /** Estimated tokens of its text. */
  readonly tokens: number;
}

/** What search is tuned by. */
export type TuningObjective =
  | { readonly kind: 'span-recall'; readonly budgetTokens: number }
  | { readonly kind: 'document-ndcg'; readonly k: number };

/**
 * Whether the evidence has places: the objective is then how much of it the retrieved text holds, else how high its documents
 * rank. Evidence with and without places: what most questions have.
 */
export function objectiveFor(
  questions: readonly { readonly gold: readonly Evidence[] }[],
  budgetTokens: number,
): TuningObjective {
  const placed = questions.filter(({ gold }) => hasPlaces(gold)).length;
  return 2 * placed >= questions.length && placed > 0
    ? { kind: 'span-recall', budgetTokens }
    : { kind: 'document-ndcg', k: 10 };
}

/** Whether every piece says where in its document it is. */
export function hasPlaces(gold: readonly Evidence[]): boolean {
  return gold.every(({ start, end }) => start !== undefined && end !== undefined);
}

/** Score in [0, 1] of what was retrieved for one question. */
export function scorePassages(
  passages: readonly RankedPassage[],
  gold: readonly Evidence[],
  objective: TuningObjective,
): number {
  return objective.kind === 'span-recall'
    ? spanRecall(passages, gold, objective.budgetTokens)
    : ndcgAt(judgeRanking(passages, gold.map(wholeDocument)), objective.k);
}

/** Share of the gold documents among the first `k` documents. */
export function documentRecall(
  passages: readonly RankedPassage[],
  gold: readonly Evidence[],
  k: number,
): number {
  return recallAt(judgeRanking(passages, gold.map(wholeDocument)), k);
}

function wholeDocument({ document, grade }: Evidence): Evidence {
  return grade === undefined ? { document } : { document, grade };
}

/**
 * Share of the gold text that the retrieved text holds, cut at the budget: passages in their order until it is used up, the last
 * one cut in proportion to its tokens. Text that is retrieved twice costs twice. Each piece of gold counts the same.
 */
export function spanRecall(
  passages: readonly RankedPassage[],
  gold: readonly Evidence[],
  budgetTokens: number,
): number {
  const read: { documentId: string; start: number; end: number }[] = [];
  let left = budgetTokens;
  for (const { documentId, start, end, tokens } of passages) {
    if (left <= 0) break;
    const share = tokens <= left ? 1 : left / tokens;
    read.push({ documentId, start, end: start + Math.floor((end - start) * share) });
    left -= tokens;
  }
  const shares = gold.map(({ document, start = 0, end = 0 }) =>
    coveredShare(
      { start, end },
      read.filter(({ documentId }) => documentId === document),
    ),
  );
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

function coveredShare(
  { start, end }: { start: number; end: number },
  spans: readonly { start: number; end: number }[],
): number {
  let covered = 0;
  let at = start;
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    const from = Math.max(at, span.start);
    const to = Math.min(end, span.end);
    if (to <= from) continue;
    covered += to - from;
    at = to;
  }
  return end > start ? covered / (end - start) : 0;
}
