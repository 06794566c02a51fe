/** Metrics of the `rag` scorers, by their name in the config. */
export const ragMetricNames = [
  'faithfulness',
  'context-precision',
  'context-recall',
  'noise-sensitivity-relevant',
  'noise-sensitivity-irrelevant',
  'answer-correctness',
  'answer-relevancy',
  'hallucination',
  'self-knowledge',
] as const;
export type RagMetric = (typeof ragMetricNames)[number];
