import { z } from 'zod';
import { evaluatedQueries, trecMean, trecMeasure } from '../retrieval/trec-measures.ts';
import { type GoldenMetric, goldenMetric } from './golden-metric.ts';

const byDocument = z.record(z.string(), z.number());
const byQuery = z.record(z.string(), byDocument);
const params = z.object({
  relevance_level: z.number().default(1),
  gain: z.string().startsWith('linear').optional(),
});

/** Measures that the vectors hold; more are known by their trec_eval names. */
const names = [
  'ndcg_cut_10',
  'ndcg',
  'map',
  'recip_rank',
  'recall_5',
  'recall_10',
  'P_1',
  'P_5',
  'P_10',
] as const;

/** Vectors of trec_eval, run through pytrec_eval. */
export const retrievalGolden: Readonly<Record<string, GoldenMetric>> = {
  'ir.single': goldenMetric(
    z.object({ qrels: byDocument, run: byDocument }),
    params,
    ({ qrels, run }, { relevance_level }) =>
      Object.fromEntries(names.map((name) => [name, trecMeasure(name, qrels, run, relevance_level)])),
  ),
  'ir.multi': goldenMetric(
    z.object({ qrels: byQuery, run: byQuery }),
    params,
    ({ qrels, run }, { relevance_level }) => {
      const means = (missing: 'leave-out' | 'zero'): object =>
        Object.fromEntries(
          names.map((name) => [
            name,
            trecMean(name, qrels, run, { missing, relevanceLevel: relevance_level }),
          ]),
        );
      return {
        evaluated_queries: evaluatedQueries(qrels, run),
        mean_over_evaluated: means('leave-out'),
        mean_over_all_qrels_missing_as_0: means('zero'),
      };
    },
  ),
};
