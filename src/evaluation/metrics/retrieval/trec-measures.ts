import { hitAt, ndcgAt, type Ranking, recallAt, reciprocalRankAt } from '../../scorers/retrieval-metrics.ts';
import { compareCodePoints } from '../classification/labels.ts';

/** Grade of relevance of each judged document of a query. */
export type Judgements = Readonly<Record<string, number>>;
/** Score of each retrieved document of a query. */
export type RankedScores = Readonly<Record<string, number>>;

const everything = Number.POSITIVE_INFINITY;

/** Measures that have no cut-off, and those that take one as in `ndcg_cut_10`. */
const measures: Readonly<Record<string, (ranked: JudgedRun, k: number) => number>> = {
  ndcg: ({ graded }) => ndcgAt(graded, everything),
  map: ({ binary }) => averagePrecisionAt(binary, everything),
  recip_rank: ({ binary }) => reciprocalRankAt(binary, everything),
  Rprec: ({ binary }) => precisionAt(binary, binary.gold.length),
  set_P: ({ binary }) => (binary.relevant.length === 0 ? 0 : precisionAt(binary, binary.relevant.length)),
  set_recall: ({ binary }) => recallAt(binary, everything),
};
const measuresAt: typeof measures = {
  ndcg_cut: ({ graded }, k) => ndcgAt(graded, k),
  map_cut: ({ binary }, k) => averagePrecisionAt(binary, k),
  recall: ({ binary }, k) => recallAt(binary, k),
  P: ({ binary }, k) => precisionAt(binary, k),
  success: ({ binary }, k) => hitAt(binary, k),
};

/**
 * One measure of one query as trec_eval computes it (pytrec_eval-terrier 0.5.11), by its trec_eval name; null for a
 * name that is not known. Scores are compared as 32-bit numbers, ties by document id descending; the gain is the grade
 * itself. Where nothing is relevant everything is 0.
 * @param relevanceLevel least grade that counts as relevant, for all but nDCG.
 */
export function trecMeasure(
  name: string,
  judgements: Judgements,
  scores: RankedScores,
  relevanceLevel = 1,
): number | null {
  const [, stem = name, cut] = /^(.*)_(\d+)$/.exec(name) ?? [];
  const measure = cut === undefined ? measures[name] : measuresAt[stem];
  if (!measure) return null;
  const value = measure(judgeRun(judgements, scores, relevanceLevel), Number(cut));
  return Number.isNaN(value) ? 0 : value;
}

/** Mean of a measure over queries. Queries that were judged but not run are left out, or count 0 where wanted. */
export function trecMean(
  name: string,
  judgements: Readonly<Record<string, Judgements>>,
  runs: Readonly<Record<string, RankedScores>>,
  options: { missing?: 'leave-out' | 'zero'; relevanceLevel?: number } = {},
): number | null {
  const queries = options.missing === 'zero' ? Object.keys(judgements) : evaluatedQueries(judgements, runs);
  if (queries.length === 0) return null;
  let total = 0;
  for (const query of queries) {
    const run = runs[query];
    const value = run ? trecMeasure(name, judgements[query]!, run, options.relevanceLevel) : 0;
    if (value === null) return null;
    total += value;
  }
  return total / queries.length;
}

/** Queries that were run and have a judged document, ascending. */
export function evaluatedQueries(
  judgements: Readonly<Record<string, Judgements>>,
  runs: Readonly<Record<string, RankedScores>>,
): string[] {
  return Object.keys(judgements)
    .filter((query) => Object.hasOwn(runs, query) && Object.keys(judgements[query]!).length > 0)
    .sort(compareCodePoints);
}

interface JudgedRun {
  /** With grades as gains. */
  readonly graded: Ranking;
  /** With what reaches the relevance level as gold. */
  readonly binary: Ranking;
}

function judgeRun(judgements: Judgements, scores: RankedScores, relevanceLevel: number): JudgedRun {
  const ids = Object.keys(scores).sort(
    (a, b) => Math.fround(scores[b]!) - Math.fround(scores[a]!) || compareCodePoints(b, a),
  );
  const grades = ids.map((id) => (Object.hasOwn(judgements, id) ? judgements[id]! : 0));
  const ranking = (counts: (grade: number) => boolean): Ranking => ({
    gains: grades.map((grade) => (counts(grade) ? grade : 0)),
    newItems: grades.map((grade) => (counts(grade) ? 1 : 0)),
    relevant: grades.map(counts),
    gold: Object.values(judgements).filter(counts),
  });
  return {
    graded: ranking((grade) => grade > 0),
    binary: ranking((grade) => grade >= relevanceLevel),
  };
}

/** Share of the first k places that hold something relevant; empty places count against it. */
function precisionAt({ relevant }: Ranking, k: number): number {
  return relevant.slice(0, k).filter(Boolean).length / k;
}

/** Mean over all relevant documents of the precision at their rank, those not among the first k counting 0. */
function averagePrecisionAt({ relevant, gold }: Ranking, k: number): number {
  let found = 0;
  let precisions = 0;
  for (const [index, hit] of relevant.slice(0, k).entries()) {
    if (!hit) continue;
    found += 1;
    precisions += found / (index + 1);
  }
  return precisions / gold.length;
}
