export type { RequestProfile, UsageRows } from './cost/arm-inputs.ts';
export type { Amount, Figure, UnknownFigure } from './cost/figure.ts';
export { costPer1000, monthlyCost, notePrices, type PriceNote, priceRows } from './cost.ts';
export { type DecideOptions, decide, type ExplainedDecision, explainDecision } from './decide.ts';
export { type Decision, decisionSchema, type VariantDecision, variantDecisionSchema } from './decision.ts';
export type { Evidence } from './evidence.ts';
export { type FrontierPoint, frontierOf } from './frontier.ts';
export { renderReport } from './report/render-report.ts';
export { renderComparison, renderDecision } from './report/render-text.ts';
export { renderView, type ViewDetails, type ViewName, viewNames } from './report/render-views.ts';
export type { ReportBasis, ReportInput, ReportSettings } from './report/report-data.ts';
export { modelReport, type ReportModel } from './report/report-model.ts';
export { parseUsageMap, type UsageColumnMap } from './usage-import/formats/csv.ts';
export type { ReadUsageOptions } from './usage-import/read-usage.ts';
export { summariseUsage, type UsageSummary } from './usage-import/summarise-usage.ts';
export type { ModelUsage, PricedTokens, PriceTokens } from './usage-import/usage-by-model.ts';
export { type UsageFormatName, usageFormatNames } from './usage-import/usage-format.ts';
export { columnsOfUsage, profileOfUsage } from './usage-import/usage-profile.ts';
export type { UsageRow } from './usage-import/usage-row.ts';
export {
  importUsage,
  listUsage,
  readUsageRows,
  removeUsage,
  type UsageImport,
  type UsageSet,
  usageMigrations,
} from './usage-import/usage-store.ts';
