export { canaryRows, otherSecrets } from './data/canary-rows.ts';
export {
  type CheckReport,
  type CheckRowsOptions,
  checkRows,
  type FrozenTest,
} from './data/checks/check-rows.ts';
export type { Finding, RowPlace } from './data/checks/finding.ts';
export { fixRows, type RowFix } from './data/checks/fix-rows.ts';
export { findPrivateData, redact, redactInside } from './data/checks/private-data.ts';
export { exportLines, type RowExport, rowExportOf, rowExports } from './data/export-rows.ts';
export { rowFormatNames, rowFormats } from './data/formats/formats.ts';
export { type RowField, type RowReadOptions, rowFields } from './data/formats/row-format.ts';
export { type ReadRowsOptions, readRows } from './data/read-rows.ts';
export { type RowSplitMethod, splitRows } from './data/split-rows.ts';
export {
  createTuningDataStore,
  parseReference,
  requireTuningDataName,
  type TuningData,
  type TuningDataStore,
} from './data/tuning-data-store.ts';
export {
  inputOf,
  type RowOrigin,
  rowOriginSchema,
  type Tool,
  type ToolCall,
  type TuningMessage,
  type TuningRow,
  type TuningSplit,
  targetOf,
  tuningMessageSchema,
  tuningRowSchema,
  tuningSplitSchema,
} from './data/tuning-row.ts';
export { type ErasedTuning, eraseFromTuning } from './erase-documents.ts';
export type { FolderEvent } from './folder/folder-events.ts';
export { createFolderProvider, type FolderProviderOptions } from './folder/folder-provider.ts';
export { createHeadClassifier, type HeadClass } from './heads/head-classifier.ts';
export { type Head, readHead } from './heads/head-file.ts';
export { createHeadsProvider } from './heads/heads-provider.ts';
export { project as projectQuery } from './heads/query-projection.ts';
export { hasEnded, type TuningJob, type TuningJobRequest } from './jobs/tuning-job.ts';
export { createTuningJobStore, type TuningJobStore } from './jobs/tuning-job-store.ts';
export { createTuningJobs, type TuningJobs, type WatchOptions } from './jobs/tuning-jobs.ts';
export { describeBase, ensureBaseCheckpoint } from './local/base-checkpoint.ts';
export { createLoraProvider, type LoraProviderOptions } from './local/lora-provider.ts';
export { type LoraSettings, loraSettings } from './local/lora-settings.ts';
export {
  findPythonEnvironment,
  type PythonEnvironment,
  requirePythonEnvironment,
  type SetupOptions,
  setupPythonEnvironment,
  trainerDirectory,
} from './local/python-environment.ts';
export { createOpenAiProvider, type OpenAiProviderOptions } from './providers/openai/openai-provider.ts';
export { createRowCounter } from './providers/openai/openai-rows.ts';
export { draftModel, trainedRows } from './registry/draft-model.ts';
export { mayAsk, readersOfRows } from './registry/model-access.ts';
export {
  type GateResult,
  gateResultSchema,
  type ModelFlag,
  type ModelStage,
  modelStageSchema,
  type TunedModel,
  tunedModelSchema,
} from './registry/tuned-model.ts';
export {
  createTunedModelStore,
  type TunedModelDraft,
  type TunedModelStore,
  withFlag,
  withGates,
} from './registry/tuned-model-store.ts';
export type {
  TuningArtifact,
  TuningCapabilities,
  TuningCheckpoint,
  TuningEstimate,
  TuningEvent,
  TuningMethod,
  TuningMetrics,
  TuningProduct,
  TuningProvider,
  TuningRequest,
  TuningSettings,
  TuningState,
  TuningStatus,
} from './tuning-provider.ts';
