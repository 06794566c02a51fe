/** The triad of TruLens, by its names in the config. */
export const trulensMetricNames = ['groundedness', 'context-relevance', 'answer-relevance'] as const;
export type TrulensMetric = (typeof trulensMetricNames)[number];
