export {
  type Config,
  configSchema,
  editConfig,
  findConfig,
  initialConfig,
  loadConfig,
  validateConfig,
  writeAtomically,
  writePieces,
} from './config.ts';
export { configuredScorers } from './configured-scorers.ts';
export {
  type BatteryPlan,
  type BatteryRequest,
  type BatteryStage,
  planBattery,
  runBatteryStage,
} from './decision-battery.ts';
export { type DecisionSurroundings, decisionSurroundings } from './decision-surroundings.ts';
export {
  addSource,
  addVariant,
  checkRecording,
  initProject,
  projectPath,
  removeSource,
} from './edit-project.ts';
export { type ExportFormat, exportFormats } from './export-formats.ts';
export { inspectProjectSource } from './inspect-source.ts';
export { openProject, type Project, withProject } from './project.ts';
export type { ProjectOptions } from './project-parts.ts';
export { type EditedProject, removeProjectDataset, removeVariant } from './remove.ts';
export { resolveSource } from './resolve-source.ts';
export type { TunedModels } from './tuned-models.ts';
export { type BaseComparison, compareWithBase } from './wire-base-comparison.ts';
export { rowsFromCode } from './wire-code-rows.ts';
export { type CostRequest, costOfProject, type ProjectCost } from './wire-cost.ts';
export { type CurveRequest, learningCurve } from './wire-curve.ts';
export type { RowsRequest } from './wire-datasets.ts';
export { createProjectDecisions, type ProjectDecisions } from './wire-decision.ts';
export type { ProjectDeletion, ProjectDeletionRequest } from './wire-deletion.ts';
export { type Distillation, distill } from './wire-distill.ts';
export type { Evaluation } from './wire-evaluation.ts';
export type { FactsResult } from './wire-facts.ts';
export { type GatesRequest, gateNames, runGates } from './wire-gates.ts';
export type { GenerateResult, GroundTruth, HiddenCounts } from './wire-ground-truth.ts';
export type { HalfLifeRequest } from './wire-half-life.ts';
export type { Judging } from './wire-judging.ts';
export type { LabelingRequest, LabelingResults, LabelingSession } from './wire-labeling.ts';
export { exportModel, importModel } from './wire-model-bundle.ts';
export {
  type CalendarEntry,
  dropModel,
  lineageOf,
  type ModelLineage,
  modelCalendar,
  promoteModel,
} from './wire-model-registry.ts';
export {
  type PriceUpdate,
  type PriceValues,
  type ProjectPrices,
  pricesOf,
  removePrice,
  setPrice,
  updatePrices,
} from './wire-prices.ts';
export type { PromptSearchRequest } from './wire-prompt-search.ts';
export type { RefusalTuningRequest } from './wire-refusal-tuning.ts';
export type {
  ReviewResults,
  ReviewRoom,
  ReviewSession,
} from './wire-review.ts';
export type { RunAccess } from './wire-runs.ts';
export type { Serving } from './wire-serving.ts';
export type { PricedSyncPlan } from './wire-sync-plan.ts';
export { createTunedModels } from './wire-tuned-models.ts';
export type { ProjectTuning } from './wire-tuning.ts';
export {
  checkTuningData,
  fixTuningData,
  previewTuningData,
  type RowPreview,
  type TuningCheckRequest,
} from './wire-tuning-checks.ts';
export {
  type DatasetRows,
  type RowsFromDataset,
  rowsFromDataset,
  type SplitData,
  type SplitRequest,
  splitTuningData,
} from './wire-tuning-data.ts';
export type { ImportedUsage, UsageImportRequest } from './wire-usage.ts';
export { verifyProvider } from './wire-verify-provider.ts';
export type { DocumentDiffRequest } from './wire-version-diff.ts';
export type { WatchRequest } from './wire-watch.ts';
