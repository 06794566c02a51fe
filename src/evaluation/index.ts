export {
  type CompareOptions,
  compareVariants,
  pairsOf,
  requireSettings,
  samplesFor,
  verdictOf,
  warnings as comparisonWarnings,
} from './comparison/compare-variants.ts';
export {
  type ArmCounts,
  armCountsSchema,
  type Comparison,
  compareOutputSchema,
  comparisonSchema,
  type Verdict,
  verdictSchema,
} from './comparison/comparison.ts';
export { countLook, type LookedAt } from './comparison/looks.ts';
export {
  arrangeRows,
  type MatchedScores,
  matchSamples,
  type ScoreTable,
} from './comparison/match-samples.ts';
export { readScores } from './comparison/read-scores.ts';
export {
  alphaForLook,
  fewestClusters,
  type MeanBounds,
  type PairBounds,
  type SimultaneousBounds,
  simultaneousBounds,
} from './comparison/simultaneous-bounds.ts';
export {
  type AmbiguousQuote,
  type AnchoredSamples,
  anchorEvidence,
  type SourceNames,
} from './datasets/anchor-evidence.ts';
export { type AnchorResult, anchorDatasetFile } from './datasets/anchor-file.ts';
export {
  createDatasetStore,
  type Dataset,
  type DatasetStore,
  type DatasetSummary,
  datasetHash,
} from './datasets/dataset-store.ts';
export {
  type DatasetFormat,
  type ImportOptions,
  type ImportResult,
  importDataset,
  parseSplit,
} from './datasets/import-dataset.ts';
export { readJsonLines } from './datasets/json-lines.ts';
export { lexicalOverlap, overlapBand } from './datasets/lexical-overlap.ts';
export { questionsFromText, type TextPassage } from './datasets/questions-from-text.ts';
export { readSamples } from './datasets/read-samples.ts';
export type {
  Evaluated,
  EvaluatedQuestion,
  RankedSpan,
  ReadDocument,
  RetrieveSpans,
  ScoredSample,
} from './evaluated.ts';
export { metricCatalogue } from './metrics/catalogue/metric-catalogue.ts';
export { type MetricEntry, metricsListOutputSchema } from './metrics/catalogue/metric-entry.ts';
export {
  type GeneratedQuestion,
  type NoiseVerdicts,
  ragasAnswerRelevancy,
  ragasContextEntityRecall,
  ragasContextPrecision,
  ragasContextRecall,
  ragasFaithfulness,
  ragasIdContextPrecision,
  ragasIdContextRecall,
  ragasNoiseSensitivity,
  ragasSemanticSimilarity,
  ragasVersion,
} from './metrics/rag/ragas.ts';
export {
  type CorrectnessInputs,
  ragasAnswerCorrectness,
  ragasFactualCorrectness,
} from './metrics/rag/ragas-correctness.ts';
export { type ClaimMatrices, type ClaimMetrics, claimMetrics } from './metrics/rag/ragchecker.ts';
export {
  type RatingScale,
  trulensGroundedness,
  trulensRating,
  trulensRatingInText,
  trulensVersion,
} from './metrics/rag/trulens.ts';
export type { SupportMatrix } from './metrics/rag/verdicts.ts';
export { type GoldenReport, verifyGolden, verifyOutputSchema } from './metrics/verify/verify-golden.ts';
export { evaluationMigrations } from './migrations.ts';
export type { RunEstimate } from './runs/estimate-runs.ts';
export {
  evaluateRetrieval,
  type RetrievalArm,
  type RetrievalOptions,
  type RetrievalReport,
} from './runs/evaluate-retrieval.ts';
export { exportRun } from './runs/export-run.ts';
export {
  auditRecorded,
  exportRecordedRun,
  importRecordedRun,
  type RecordedAudit,
} from './runs/recorded-run.ts';
export {
  type MetricSummary,
  metricSummarySchema,
  type Run,
  type RunReport,
  runReportSchema,
  runSchema,
  type SampleResult,
  sampleResultSchema,
} from './runs/run.ts';
export { type EvaluationOptions, runEvaluation } from './runs/run-evaluation.ts';
export { createRunStore, type RunStore } from './runs/run-store.ts';
export { scoreRows } from './runs/score-rows.ts';
export { selectSamples } from './runs/select-samples.ts';
export { summariseByTag, summariseMetric, summariseRun } from './runs/summarise-run.ts';
export { type ScoreRow, scoreRowSchema } from './score-row.ts';
export { correctScorer } from './scorers/correct.ts';
export { contentOverlap, correctnessScorer } from './scorers/correctness.ts';
export { holdsFact, normaliseFact } from './scorers/fact-match.ts';
export type { Scorer, ScorerNeed } from './scorers/scorer.ts';
export { applyScorer, createScorers, findScorer } from './scorers/scorers.ts';
export { mostlyNotLatin, textScorers } from './scorers/text-scorers.ts';
export { type ClusterLayout, clusterLayout } from './statistics/cluster-layout.ts';
export { type DifferenceInterval, differenceInterval } from './statistics/difference-interval.ts';
export { type MeanInterval, meanInterval, meanIntervalOf } from './statistics/mean-interval.ts';
export {
  boundSpread,
  type DifferenceSpread,
  detectableDifference,
  plannedPower,
  samplesToPassBar,
  samplesToSettle,
} from './statistics/sample-size.ts';
