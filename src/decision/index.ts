export { costPer1000, monthlyCost, notePrices, type PriceNote, priceRows } from './cost.ts';
export { type DecideOptions, decide, type ExplainedDecision, explainDecision } from './decide.ts';
export { type Decision, decisionSchema, type VariantDecision, variantDecisionSchema } from './decision.ts';
export type { Evidence } from './evidence.ts';
export { type FrontierPoint, frontierOf } from './frontier.ts';
export { changesFromHalfLife } from './half-life/changes-from-half-life.ts';
export { type EvidenceAge, type HalfLife, halfLifeOf, halfLifeSchema } from './half-life/half-life.ts';
export { type DatedText, type Passage, type PassageAge, passageAges } from './half-life/passage-age.ts';
export { renderHalfLife } from './half-life/render-half-life.ts';
export type { PriceTokens } from './plan/choose-experiment.ts';
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
export type { ReportBasis, ReportInput, ReportSettings } from './report/report-data.ts';
export { samplesOfReport } from './report/report-data.ts';
export { modelReport, type ReportModel } from './report/report-model.ts';
