export { costPer1000, monthlyCost, notePrices, type PriceNote, priceRows } from './cost.ts';
export { type DecideOptions, decide, type ExplainedDecision, explainDecision } from './decide.ts';
export { type Decision, decisionSchema, type VariantDecision, variantDecisionSchema } from './decision.ts';
export type { Evidence } from './evidence.ts';
export { type ReportOptions, renderReport } from './report/render-report.ts';
export { renderComparison, renderDecision } from './report/render-text.ts';
