export type { ArmCost, CostLine, Crossover, Region } from './cost/arm-cost.ts';
export {
  type ArmInputs,
  type ArmKind,
  type ArmQuality,
  armKinds,
  type Hosting,
  type Losses,
  type Maintenance,
  type RequestProfile,
  type UnitPrices,
  type Upfront,
  type UsageColumn,
  type UsageRows,
} from './cost/arm-inputs.ts';
export { type BuildArmsOptions, buildArms, type ImportedProfile, lossesOf } from './cost/build-arms.ts';
export { type CostMeasure, type CostPlan, compileArm, costFunction } from './cost/compile-arm.ts';
export { costAtVolume } from './cost/cost-at-volume.ts';
export { type CostsConfig, costsConfigSchema } from './cost/cost-config.ts';
export { type CostFunction, usdAt } from './cost/cost-function.ts';
export { type CostReport, costReport, costReportSchema } from './cost/cost-report.ts';
export { crossoverOf } from './cost/crossover.ts';
export { type Draws, drawFigures } from './cost/draw-figures.ts';
export {
  type Amount,
  enteredFigure,
  type Figure,
  type FigureSource,
  isKnown,
  listedFigure,
  measuredFigure,
  type UnknownFigure,
  unknownFigure,
} from './cost/figure.ts';
export { percent, plain, usd, volumeText } from './cost/format-figures.ts';
export { type MeasuredArm, type MeasuredRequest, measuredParts } from './cost/measured-arm.ts';
export { cheapestAt, cheapestRegions, type PricedArm } from './cost/regions.ts';
export { type TippingValue, tippingValues } from './cost/tipping-values.ts';
export { type WhatIf, type WhatIfOptions, whatIf } from './cost/what-if.ts';
export { costPer1000, monthlyCost, notePrices, type PriceNote, priceRows } from './cost.ts';
export { type DecideOptions, decide, type ExplainedDecision, explainDecision } from './decide.ts';
export { type Decision, decisionSchema, type VariantDecision, variantDecisionSchema } from './decision.ts';
export type { Costing } from './decision-costs.ts';
export type { Evidence } from './evidence.ts';
export { type FrontierPoint, frontierOf } from './frontier.ts';
export { changesFromHalfLife } from './half-life/changes-from-half-life.ts';
export { type EvidenceAge, type HalfLife, halfLifeOf, halfLifeSchema } from './half-life/half-life.ts';
export { type DatedText, type Passage, type PassageAge, passageAges } from './half-life/passage-age.ts';
export { renderHalfLife } from './half-life/render-half-life.ts';
export { humanMetric } from './human-scores.ts';
export { latencyMetric } from './latency.ts';
export type { OutlookFacts } from './outlook.ts';
export { renderOutlook } from './outlook-text.ts';
export type { PriceCalls } from './plan/choose-experiment.ts';
export { makePlan, type PlanOptions } from './plan/make-plan.ts';
export { type Plan, planSchema } from './plan/plan.ts';
export {
  type PlanAnswers,
  type PlanQuestion,
  planAnswersSchema,
  planQuestions,
} from './plan/plan-answers.ts';
export { readPlanAnswers, readPlanWords } from './plan/read-plan-answers.ts';
export { renderPlan } from './plan/render-plan.ts';
export { renderReport } from './report/render-report.ts';
export { renderComparison, renderDecision } from './report/render-text.ts';
export {
  renderView,
  samplesOfViews,
  type ViewDetails,
  type ViewName,
  viewNames,
} from './report/render-views.ts';
export type { ReportBasis, ReportInput, ReportSource } from './report/report-data.ts';
export { samplesOfReport } from './report/report-data.ts';
export {
  type ReportDocument,
  reportDocument,
  reportDocumentSchema,
  reportMarkdown,
} from './report/report-document.ts';
export { modelReport, type ReportModel } from './report/report-model.ts';
export type { ReportSettings } from './report/report-settings.ts';
export { checkDecision, type DecisionNow, pricesIn, type Trigger } from './saved/check-decision.ts';
export { createDecisionStore, type DecisionStore, type SavedDecision } from './saved/decision-store.ts';
export { eraseFromDecisions } from './saved/erase-documents.ts';
export {
  type BundleCheck,
  bundleSchema,
  type DecisionBundle,
  makeBundle,
  verifyBundle,
} from './seal/bundle.ts';
export { requireSealed, type Seal, type SealContent, sealHash } from './seal/seal.ts';
export { createSealStore, type SealStore } from './seal/seal-store.ts';
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
} from './usage-import/usage-store.ts';
