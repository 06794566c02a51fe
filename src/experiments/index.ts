export { type CurvePoint, type CurveRun, judgeCurve, type LearningCurve } from './curve/learning-curve.ts';
export { type CanaryRank, judgeCanaries } from './gates/canaries.ts';
export { judgeFormat } from './gates/format-validity.ts';
export { type GateOutcome, notMeasured } from './gates/gate-outcome.ts';
export { generalItems } from './gates/general-items.ts';
export { judgeMemoriser, type MemoriserRow } from './gates/memoriser.ts';
export { judgeOverfit, type StepFigures } from './gates/overfit.ts';
export { judgeLoss } from './gates/paired-rate.ts';
export { judgeParity, type ScoredTwice } from './gates/parity.ts';
export {
  type AskBoth,
  type AskModel,
  gateForgetting,
  gateObedience,
  gateRefusal,
  type RefusalRow,
} from './gates/run-gates.ts';
export {
  type InjectionReport,
  injectionReportSchema,
  renderInjectionReport,
  reportInjections,
  type TriedVariant,
} from './injection/injection-report.ts';
export type { ReadText } from './injection/judge-injected.ts';
export { type PlantedDocument, plantedDocuments, privateDocument } from './injection/planted-documents.ts';
export { tryInjections } from './injection/try-injections.ts';
export { asItIs, instructionChoices } from './prompt-search/instruction-choices.ts';
export type { MeasuredPrompt } from './prompt-search/measured-prompt.ts';
export { type PromptReport, promptReportSchema, reportPrompts } from './prompt-search/prompt-report.ts';
export { nameSettings, type PromptSettings } from './prompt-search/prompt-settings.ts';
export { renderPromptReport } from './prompt-search/render-prompt-report.ts';
export { isBudgetUsedUp, type SearchStep, searchPrompts } from './prompt-search/search-prompts.ts';
export { judgedAnswer } from './refusal-tuning/judged-answer.ts';
export { type RefusalReport, refusalReportSchema, reportRefusal } from './refusal-tuning/refusal-report.ts';
export { renderRefusalReport } from './refusal-tuning/render-refusal-report.ts';
export { renderTuningReport } from './retrieval-tuning/render-tuning-report.ts';
export {
  nameTunedSettings,
  type TunedSettings,
  type TuningDimension,
  tuningDimensions,
  tuningSpace,
} from './retrieval-tuning/retrieval-dimensions.ts';
export { objectiveFor, type RankedPassage } from './retrieval-tuning/score-passages.ts';
export { type TuningQuestion, tuneRetrieval } from './retrieval-tuning/tune-retrieval.ts';
export { tunedConfig } from './retrieval-tuning/tuned-config.ts';
export { type TuningReport, tuningReportSchema } from './retrieval-tuning/tuning-report.ts';
