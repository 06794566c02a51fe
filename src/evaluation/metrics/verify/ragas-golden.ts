import { z } from 'zod';
import type { Score } from '../../../core/index.ts';
import {
  ragasAnswerRelevancy,
  ragasContextEntityRecall,
  ragasContextPrecision,
  ragasContextRecall,
  ragasFaithfulness,
  ragasIdContextPrecision,
  ragasIdContextRecall,
  ragasLegacyContextEntityRecall,
  ragasNoiseSensitivity,
  ragasSemanticSimilarity,
} from '../rag/ragas.ts';
import { ragasAnswerCorrectness, ragasFactualCorrectness } from '../rag/ragas-correctness.ts';
import { type GoldenMetric, goldenMetric } from './golden-metric.ts';

const verdict = z.union([z.boolean(), z.number()]).transform(Boolean);
const verdicts = z.array(verdict);
const vector = z.array(z.number());
const ids = z.array(z.union([z.string(), z.number()]));
const noParams = z.object({});

const contextPrecision = goldenMetric(
  z.object({ verdicts_in_rank_order: verdicts }),
  noParams,
  ({ verdicts_in_rank_order }) => numberOf(ragasContextPrecision(verdicts_in_rank_order)),
);
const entities = z.object({
  reference_entities: z.array(z.string()),
  context_entities: z.array(z.string()),
});
const claims = z.object({
  response_claims_supported_by_reference: verdicts,
  reference_claims_supported_by_response: verdicts,
});
const noise = z.object({
  reference_statement_supported_by_context: z.array(verdicts),
  response_statement_supported_by_context: z.array(verdicts),
  response_statement_supported_by_reference: verdicts,
});

const noiseSensitivity = (mode: 'relevant' | 'irrelevant'): GoldenMetric =>
  goldenMetric(noise, noParams, (given) =>
    numberOf(
      ragasNoiseSensitivity(
        {
          referenceByContext: given.reference_statement_supported_by_context,
          responseByContext: given.response_statement_supported_by_context,
          responseByReference: given.response_statement_supported_by_reference,
        },
        mode,
      ),
    ),
  );

const factualCorrectness = (mode: 'precision' | 'recall' | 'f1'): GoldenMetric =>
  goldenMetric(claims, z.object({ beta: z.number().default(1) }), (given, { beta }) =>
    numberOf(
      ragasFactualCorrectness(
        given.response_claims_supported_by_reference,
        given.reference_claims_supported_by_response,
        { mode, beta },
      ),
    ),
  );

/** Vectors made by running Ragas 0.4.3 with scripted verdicts. */
export const ragasGolden: Readonly<Record<string, GoldenMetric>> = {
  'ragas.faithfulness': goldenMetric(
    z.object({ statements_generated: z.number().optional(), verdicts }),
    noParams,
    (given) => (given.statements_generated === 0 ? null : numberOf(ragasFaithfulness(given.verdicts))),
  ),
  'ragas.context_recall': goldenMetric(z.object({ attributed: verdicts }), noParams, ({ attributed }) =>
    numberOf(ragasContextRecall(attributed)),
  ),
  'ragas.context_precision.with_reference': contextPrecision,
  'ragas.context_precision.without_reference': contextPrecision,
  'ragas.context_entity_recall': goldenMetric(entities, noParams, (given) =>
    numberOf(ragasContextEntityRecall(given.reference_entities, given.context_entities)),
  ),
  'ragas.legacy.context_entity_recall': goldenMetric(entities, noParams, (given) =>
    numberOf(ragasLegacyContextEntityRecall(given.reference_entities, given.context_entities)),
  ),
  'ragas.noise_sensitivity.relevant': noiseSensitivity('relevant'),
  'ragas.noise_sensitivity.irrelevant': noiseSensitivity('irrelevant'),
  'ragas.answer_relevancy': goldenMetric(
    z.object({
      question_vec: vector,
      generated: z.array(z.object({ question: z.string(), vec: vector, noncommittal: verdict })),
    }),
    noParams,
    ({ question_vec, generated }) =>
      numberOf(
        ragasAnswerRelevancy(
          question_vec,
          generated.map(({ question, vec, noncommittal }) => ({ question, vector: vec, noncommittal })),
        ),
      ),
  ),
  'ragas.answer_correctness': goldenMetric(
    z.object({
      response_statements: z.number(),
      reference_statements: z.number(),
      tp: z.number(),
      fp: z.number(),
      fn: z.number(),
      response_vec: vector.optional(),
      reference_vec: vector.optional(),
    }),
    z.object({
      weights: z.tuple([z.number(), z.number()]).default([0.75, 0.25]),
      beta: z.number().default(1),
    }),
    (given, options) =>
      numberOf(
        ragasAnswerCorrectness(
          {
            responseStatements: given.response_statements,
            referenceStatements: given.reference_statements,
            truePositives: given.tp,
            falsePositives: given.fp,
            falseNegatives: given.fn,
            responseVector: given.response_vec,
            referenceVector: given.reference_vec,
          },
          options,
        ),
      ),
  ),
  'ragas.factual_correctness.precision': factualCorrectness('precision'),
  'ragas.factual_correctness.recall': factualCorrectness('recall'),
  'ragas.factual_correctness.f1': factualCorrectness('f1'),
  'ragas.semantic_similarity': goldenMetric(
    z.object({ reference_vec: vector, response_vec: vector }),
    z.object({ threshold: z.number().nullish() }),
    (given, { threshold }) =>
      numberOf(ragasSemanticSimilarity(given.reference_vec, given.response_vec, threshold ?? null)),
  ),
  'ragas.id_based': goldenMetric(
    z.object({ retrieved: ids, reference: ids }),
    noParams,
    ({ retrieved, reference }) => ({
      context_precision: numberOf(ragasIdContextPrecision(retrieved, reference)),
      context_recall: numberOf(ragasIdContextRecall(retrieved, reference)),
    }),
  ),
};

/** The number of a score; null where there is none. */
export function numberOf(score: Score): number | null {
  return score.status === 'scored' ? score.value : null;
}
