import { type MetricEntry, metricEntry } from './metric-entry.ts';

const ragas = (
  name: string,
  meaning: string,
  needs: readonly string[],
  more: Parameters<typeof metricEntry>[5] = {},
): MetricEntry =>
  metricEntry(`ragas-0.4.3.${name}`, meaning, 'ragas', 'claims', needs, {
    vectors: [`ragas.${name}`],
    ...more,
  });

const ragchecker = (
  name: string,
  meaning: string,
  more: Parameters<typeof metricEntry>[5] = {},
): MetricEntry =>
  metricEntry(`ragchecker.${name}`, meaning, 'ragchecker', 'claims', ['claim x evidence matrices'], more);

const trulens = (name: string, meaning: string, vectors: string[] = []): MetricEntry =>
  metricEntry(`trulens-2.16.0.${name}`, meaning, 'trulens', 'claims', ['ratings of a judge'], { vectors });

/** Metrics that are arithmetic on what a judge said. */
export const claimEntries: readonly MetricEntry[] = [
  ragas('faithfulness', "share of the answer's statements that the contexts support", ['verdicts']),
  ragas('context_recall', "share of the reference's sentences that the contexts carry", ['verdicts']),
  ragas('context_precision.with_reference', 'mean precision at the ranks useful for the reference', [
    'verdicts',
  ]),
  ragas('context_precision.without_reference', 'mean precision at the ranks useful for the answer', [
    'verdicts',
  ]),
  ragas('context_entity_recall', 'share of the distinct entities of the reference in the contexts', [
    'entities',
  ]),
  ragas('legacy.context_entity_recall', 'the same, repetitions counted in the divisor', ['entities']),
  ragas('noise_sensitivity.relevant', 'wrong statements that a relevant context led to', ['verdicts'], {
    direction: 'lower',
  }),
  ragas(
    'noise_sensitivity.irrelevant',
    'wrong statements that only irrelevant contexts led to',
    ['verdicts'],
    {
      direction: 'lower',
    },
  ),
  ragas(
    'answer_relevancy',
    'likeness of the question and those made from the answer',
    ['questions', 'vectors'],
    {
      range: [-1, 1],
    },
  ),
  ragas(
    'answer_correctness',
    'F of statements against the reference and likeness, weighted',
    ['counts', 'vectors'],
    {
      range: [-1, 1],
    },
  ),
  ragas('factual_correctness.precision', "share of the answer's claims in the reference, 2 decimals", [
    'verdicts',
  ]),
  ragas('factual_correctness.recall', 'supported claims over those and what is missing, 2 decimals', [
    'verdicts',
  ]),
  ragas('factual_correctness.f1', 'F-beta of claims, 2 decimals', ['verdicts']),
  ragas(
    'semantic_similarity',
    'cosine of answer and reference, or whether it reaches a threshold',
    ['vectors'],
    {
      range: [-1, 1],
    },
  ),
  ragas('id_based', 'set precision and recall of retrieved ids', ['ids']),
  ragchecker('precision', "share of the answer's claims that the reference entails"),
  ragchecker('recall', "share of the reference's claims that the answer entails"),
  ragchecker('f1', 'harmonic mean of the two'),
  ragchecker('claim_recall', "share of the reference's claims that some passage carries"),
  ragchecker('context_precision', 'share of the passages that carry a claim of the reference'),
  ragchecker('context_utilization', 'share of the retrieved claims of the reference that the answer has too'),
  ragchecker('faithfulness', "share of the answer's claims that some passage supports"),
  ragchecker('noise_sensitivity_relevant', 'wrong claims that a relevant passage supports', {
    direction: 'lower',
  }),
  ragchecker('noise_sensitivity_irrelevant', 'wrong claims that only irrelevant passages support', {
    direction: 'lower',
  }),
  ragchecker('hallucination', 'wrong claims that no passage supports', { direction: 'lower' }),
  ragchecker('self_knowledge', 'right claims that no passage supports', { direction: 'none' }),
  trulens('context_relevance', "a judge's rating of a passage for the question, 0..3 brought to [0, 1]", [
    'trulens.context_relevance',
  ]),
  trulens('relevance', "a judge's rating of the answer for the question, 0..3 brought to [0, 1]", [
    'trulens.relevance',
  ]),
  trulens('groundedness', "mean of a judge's ratings of the answer's sentences against the source"),
];
