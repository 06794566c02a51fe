export {
  compareSlices,
  fewestSliceClusters,
  type Slice,
  type SliceDifference,
  type Slices,
} from './comparison/compare-slices.ts';
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
  type Description,
  descriptionSchema,
  type Verdict,
  verdictSchema,
} from './comparison/comparison.ts';
export {
  describeComparison,
  describeOtherMetrics,
  type OtherDifference,
  winnersCurse,
} from './comparison/describe-comparison.ts';
export { type Flip, type Flips, findFlips } from './comparison/find-flips.ts';
export { alphaForLook, type LookPlan, type Spending, spendings } from './comparison/look-plan.ts';
export { continueSequence, type Look, type LookedAt, takeLook } from './comparison/looks.ts';
export {
  arrangeRows,
  type MatchedScores,
  matchSamples,
  type ScoreTable,
} from './comparison/match-samples.ts';
export { readScores } from './comparison/read-scores.ts';
export { type RiskCoverage, riskCoverage } from './comparison/risk-coverage.ts';
export {
  type AnsweredRun,
  type AnswerText,
  type SampleTexts,
  textsOfRows,
  textsOfRuns,
} from './comparison/sample-texts.ts';
export {
  type BoundsOptions,
  clustersSuffice,
  fewestClusters,
  fewestEffectiveClusters,
  type MeanBounds,
  type PairBounds,
  type SimultaneousBounds,
  simultaneousBounds,
} from './comparison/simultaneous-bounds.ts';
export { type TagWeights, weighRows } from './comparison/weigh-rows.ts';
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
export { holdsFact, normaliseFact } from './scorers/fact-match.ts';
export type { Scorer, ScorerNeed } from './scorers/scorer.ts';
export { applyScorer, createScorers, findScorer } from './scorers/scorers.ts';
export { type BettingInterval, bettingInterval } from './statistics/betting.ts';
export { clusterBootstrap } from './statistics/cluster-bootstrap.ts';
export { type ClusterLayout, clusterLayout } from './statistics/cluster-layout.ts';
export { clusterWilson } from './statistics/cluster-wilson.ts';
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
export { type SignFlip, signFlipTest } from './statistics/sign-flip.ts';
