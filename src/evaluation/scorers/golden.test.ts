import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { judgeRanking } from './relevance.ts';
import { hitAt, ndcgAt, recallAt, reciprocalRankAt } from './retrieval-metrics.ts';
import { exactMatch, tokenF1 } from './squad.ts';

interface SquadCase {
  id: string;
  metric: 'squad_v1';
  inputs: { prediction: string; references: string[] };
  expected: { exact_match: number; f1: number };
}
interface TrecCase {
  id: string;
  metric: 'ir.single';
  inputs: { qrels: Record<string, number>; run: Record<string, number> };
  expected: Record<'ndcg_cut_10' | 'recip_rank' | 'recall_5' | 'recall_10' | 'P_1', number> | null;
}

const file = join(import.meta.dirname, '..', 'metrics', 'golden', 'metrics.json');
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: (SquadCase | TrecCase)[] };

describe('golden vectors of the reference implementations', () => {
  const squad = cases.filter((one) => one.metric === 'squad_v1');
  it.each(squad)('SQuAD v1.1: $id', ({ inputs, expected }) => {
    expect(exactMatch(inputs.prediction, inputs.references)).toBe(expected.exact_match);
    expect(tokenF1(inputs.prediction, inputs.references)).toBeCloseTo(expected.f1, 10);
  });

  const trec = cases.filter((one) => one.metric === 'ir.single');
  it.each(trec)('trec_eval: $id', ({ inputs: { qrels, run }, expected }) => {
    // trec_eval orders by score, ties by id descending.
    const ranked = Object.entries(run)
      .sort(([a, x], [b, y]) => y - x || (a < b ? 1 : -1))
      .map(([documentId]) => ({ documentId, start: 0, end: 1 }));
    const gold = Object.entries(qrels)
      .filter(([, grade]) => grade > 0)
      .map(([document, grade]) => ({ document, grade }));
    if (gold.length === 0) return; // no relevant document: this room gives no number at all
    const ranking = judgeRanking(ranked, gold);
    expect(ndcgAt(ranking, 10)).toBeCloseTo(expected!.ndcg_cut_10, 10);
    expect(reciprocalRankAt(ranking, Number.POSITIVE_INFINITY)).toBeCloseTo(expected!.recip_rank, 10);
    expect(recallAt(ranking, 5)).toBeCloseTo(expected!.recall_5, 10);
    expect(recallAt(ranking, 10)).toBeCloseTo(expected!.recall_10, 10);
    expect(hitAt(ranking, 1)).toBe(expected!.P_1);
  });

  it('are enough to mean something', () => {
    expect([squad.length, trec.length]).toEqual([21, 22]);
    const judged = trec.filter((one) => Object.values(one.inputs.qrels).some((grade) => grade > 0));
    expect(judged.length).toBeGreaterThanOrEqual(18);
  });
});
