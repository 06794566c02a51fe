export { costPer1000, monthlyCost, notePrices, type PriceNote, priceRows } from './cost.ts';
export { type DecideOptions, decide, type ExplainedDecision, explainDecision } from './decide.ts';
export { type Decision, decisionSchema, type VariantDecision, variantDecisionSchema } from './decision.ts';
export type { Evidence } from './evidence.ts';
export { type FrontierPoint, frontierOf } from './frontier.ts';
export { renderReport } from './report/render-report.ts';
export { renderComparison, renderDecision } from './report/render-text.ts';
export {
  renderView,
  samplesOfViews,
  type ViewDetails,
  type ViewName,
  viewNames,
} from './report/render-views.ts';
export type { ReportBasis, ReportInput, ReportSettings } from './report/report-data.ts';
export { samplesOfReport } from './report/report-data.ts';
export { modelReport, type ReportModel } from './report/report-model.ts';
