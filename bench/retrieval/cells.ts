import {
  clusterLayout,
  differenceInterval,
  judgeRanking,
  ndcgAt,
  recallAt,
} from '../../src/evaluation/index.ts';
import type { RankedPassage } from '../../src/experiments/index.ts';
import { spanRecall } from '../../src/experiments/retrieval-tuning/score-passages.ts';
import type { JudgedCorpus, JudgedQuestion } from './judged-sets.ts';

/** Tokens of retrieved text at which evidence-span recall is taken. */
const budgets = [500, 1000];

/** Metrics of a kind of corpus, the first of them the one that claims are made about. */
export function metricsOf(kind: JudgedCorpus['kind']): string[] {
  return kind === 'documents'
    ? ['nDCG@10', 'recall@10']
    : [...budgets.map((budget) => `span recall@${budget} tokens`), 'nDCG@10 of spans'];
}

/** Values of all metrics of a kind, in the order of `metricsOf`. */
export function judge(
  kind: JudgedCorpus['kind'],
  passages: readonly RankedPassage[],
  { gold }: JudgedQuestion,
): number[] {
  const ranking = judgeRanking(passages, gold);
  return kind === 'documents'
    ? [ndcgAt(ranking, 10), recallAt(ranking, 10)]
    : [...budgets.map((budget) => spanRecall(passages, gold, budget)), ndcgAt(ranking, 10)];
}

/** One comparison of ours with another on one set by one metric. */
export interface Cell {
  readonly set: string;
  readonly metric: string;
  readonly against: string;
  readonly questions: number;
  readonly groups: number;
  readonly ours: number;
  readonly theirs: number;
  readonly difference: number;
  /** Ends of the interval at .95, for this cell alone. */
  readonly low: number;
  readonly high: number;
  /** Whether the interval of this cell alone excludes 0; `not below` says that no loss was shown, not that there is none. */
  readonly verdict: 'above' | 'not below' | 'below';
  /** The interval where so many cells share the error (Bonferroni). */
  readonly among: (cells: number) => { readonly low: number; readonly high: number };
  /** Whether the lower end must lie above minus this, and does. */
  readonly within: { readonly limit: number; readonly holds: boolean } | null;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The paired difference of two lists of values on the same questions, clustered by group. */
export function compareCell(
  named: { set: string; metric: string; against: string; within?: number | undefined },
  questions: readonly JudgedQuestion[],
  ours: readonly number[],
  theirs: readonly number[],
): Cell {
  const layout = clusterLayout(questions.map(({ group }) => group));
  const differences = ours.map((value, index) => value - theirs[index]!);
  const among = (cells: number) => differenceInterval(differences, layout, 0.025 / cells);
  const { difference, low, high } = among(1);
  const { within, ...names } = named;
  return {
    ...names,
    questions: questions.length,
    groups: layout.count,
    ours: mean(ours),
    theirs: mean(theirs),
    ...{ difference, low, high },
    verdict: low > 0 ? 'above' : high < 0 ? 'below' : 'not below',
    among,
    within: within === undefined ? null : { limit: within, holds: low > -within },
  };
}
