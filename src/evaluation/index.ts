export { type AttributionArmPlan, attributeFailures } from './attribution/attribute-failures.ts';
export { type AttributionReport, attributionReportSchema } from './attribution/attribution-report.ts';
export { isArmName } from './attribution/sample-outcome.ts';
export {
  type CascadesReport,
  type ComposedCascade,
  cascadesReportSchema,
  composeCascades,
} from './cascades/compose-cascades.ts';
export { type CellStore, createCellStore } from './claims/cell-store.ts';
export {
  type CellVerdict,
  type ClaimCell,
  cellVerdicts,
  claimHash,
  evidenceHash,
} from './claims/claim-cell.ts';
export {
  type CheckSupport,
  type ClaimVerifier,
  createJudgeVerifier,
  createSupportVerifier,
} from './claims/claim-verifier.ts';
export { contextTexts } from './claims/context-texts.ts';
export { type RagMetric, ragMetricNames } from './claims/rag-metric-names.ts';
export { createRagScorers } from './claims/rag-scorers.ts';
export { type SplitSentences, splitClaims } from './claims/split-claims.ts';
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
export { type Gate, type GateOptions, gate, gateSchema, gateSentence } from './comparison/gate.ts';
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
export { type CoverageOptions, checkCoverage } from './coverage/check-coverage.ts';
export { type CoverageReport, coverageReportSchema } from './coverage/coverage-report.ts';
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
  type ColumnMap,
  type MappableField,
  mappableFields,
  parseColumnMap,
} from './datasets/formats/column-map.ts';
export { detectFormat, parseFormat } from './datasets/formats/detect-format.ts';
export { type ExportResult, exportDataset } from './datasets/formats/export-dataset.ts';
export { type DatasetFormat, datasetFormats } from './datasets/formats/format.ts';
export type { LostFields } from './datasets/formats/lost-fields.ts';
export { readDatasetFile } from './datasets/formats/read-dataset-file.ts';
export { timeTagPrefix } from './datasets/formats/sample-from-fields.ts';
export {
  type ImportOptions,
  type ImportResult,
  importDataset,
  parseSplit,
} from './datasets/import-dataset.ts';
export { readJsonLines } from './datasets/json-lines.ts';
export { lexicalOverlap, overlapBand } from './datasets/lexical-overlap.ts';
export { questionsFromText, type TextPassage } from './datasets/questions-from-text.ts';
export { readSamples } from './datasets/read-samples.ts';
export { type SampleSource, sampleSource } from './datasets/sample-source.ts';
export { type FrozenDataset, freezeSplit } from './datasets/splits/freeze-split.ts';
export {
  type FrozenSplit,
  findFrozenSplit,
  listTestLooks,
  logTestLook,
  splitTables,
  type TestLook,
} from './datasets/splits/frozen-splits.ts';
export {
  parseShares,
  parseStratify,
  type SplitMethod,
  type SplitResult,
  splitSamples,
} from './datasets/splits/split-dataset.ts';
export type { StoredDataset } from './datasets/stored-dataset.ts';
export type {
  EmbedTexts,
  Evaluated,
  EvaluatedQuestion,
  LearnedSample,
  RankedSpan,
  ReadDocument,
  RetrieveSpans,
  ScoredSample,
} from './evaluated.ts';
export { exportCsv } from './exports/csv.ts';
export { escapeHtml } from './exports/escape-html.ts';
export { exportHtml } from './exports/html.ts';
export { exportJunit } from './exports/junit.ts';
export { exportMarkdown, type MarkdownBaseline } from './exports/markdown.ts';
export {
  answerText as viewedAnswer,
  expectedText,
  type SamplesOf,
  scoreText,
  type ViewedResult,
  viewRun,
} from './exports/run-view.ts';
export { ruleLimits } from './facts/facts-by-rule.ts';
export { createProposalStore, type ProposalStore } from './facts/proposal-store.ts';
export {
  type FactsEstimate,
  type FactsProposed,
  type ProposeFactsOptions,
  proposeFacts,
} from './facts/propose-facts.ts';
export { type SamplesUnderReview, samplesUnderReview } from './facts/samples-under-review.ts';
export { type CandidateStore, createCandidateStore } from './generation/candidate-store.ts';
export { clozeLimits } from './generation/cloze.ts';
export type { GenerationCoverage } from './generation/coverage.ts';
export type { GenerationEstimate } from './generation/estimate-generation.ts';
export { type Generated, type GenerationOptions, generateDataset } from './generation/generate-dataset.ts';
export {
  type CorpusPassage,
  type FindPassages,
  type GenerationCorpus,
  gateNames,
  type QuestionKind,
  type QuestionModel,
  questionKinds,
} from './generation/generation.ts';
export { type HiddenGold, hiddenGoldTag, hideGold } from './generation/hide-gold.ts';
export { type FoundBand, foundBands } from './generation/round-trip.ts';
export {
  type Calibration,
  calibrateJudge,
  type JudgeAgreement,
} from './judges/calibration/calibrate-judge.ts';
export { type JudgeLabel, judgeLabelSchema, readJudgeLabels } from './judges/calibration/judge-labels.ts';
export { type NoiseFloor, noiseFloor } from './judges/calibration/noise-floor.ts';
export {
  type PairedJudgement,
  type PoweredDifference,
  predictionPoweredDifference,
} from './judges/calibration/prediction-powered.ts';
export { type CorrectedRate, leastInformedness, roganGladen } from './judges/calibration/rogan-gladen.ts';
export { comparePairs, type PairwiseReport } from './judges/compare-pairs.ts';
export { createJudge, type Judge, type JudgeSpending } from './judges/judge.ts';
export {
  type JudgeConfig,
  type JudgedScorerConfig,
  judgeConfigSchema,
  judgedEntries,
  judgedScorerConfigSchema,
  lexicalJudge,
} from './judges/judge-config.ts';
export { countFaults, type JudgeFaultReason, judgeFaultReasons } from './judges/judge-fault.ts';
export type { JudgeModel, JudgeReply, JudgeRequest } from './judges/judge-model.ts';
export { createPairwiseScorer, judgePair } from './judges/judge-pair.ts';
export { createJudgeStore } from './judges/judge-store.ts';
export { createJudgedScorers, findJudge } from './judges/judged-scorers.ts';
export { type MutationName, mutationNames, mutations } from './judges/mutation/mutations.ts';
export { type MutationResult, testScorers } from './judges/mutation/test-scorers.ts';
export { createRubricScorer } from './judges/rubric-scorer.ts';
export { checkLeakage, defaultThresholds, type LeakageOptions } from './leakage/check-leakage.ts';
export type { LeakageRows } from './leakage/find-leaks.ts';
export { createGramIndex, type GramIndex, type Neighbour } from './leakage/gram-index.ts';
export { type LeakageReport, leakageReportSchema } from './leakage/leakage-report.ts';
export { bandLimits, probeMemoriser } from './leakage/memoriser.ts';
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
export { type OutputRow, outputRowSchema } from './outputs/output-row.ts';
export { scoredMetricNames } from './outputs/row-metric.ts';
export { type ScoreOutput, scoreOutputSchema, scoreOutputs } from './outputs/score-outputs.ts';
export { type PowerPlan, type PowerQuestion, planPower, powerPlanSchema } from './power/plan-power.ts';
export { type Agreement, measureAgreement, type PairAgreement, type Rating } from './review/agreement.ts';
export { type AppliedReviews, applyReviews } from './review/apply-reviews.ts';
export type { EvidenceView } from './review/evidence-in-context.ts';
export { estimateFromLabels, type LabelEstimate, type LabelEstimates } from './review/label-estimates.ts';
export { exportLabels, importLabels, labelRows } from './review/label-file.ts';
export {
  type AnswerToLabel,
  type LabelItem,
  type LabelledRun,
  type LabelQueue,
  labelQueue,
  labelsOf,
  openItems,
} from './review/label-queue.ts';
export { type LabelSuspect, labelSuspects } from './review/label-suspects.ts';
export {
  type AnswerLabel,
  differenceOf,
  type Review,
  type ReviewDecision,
  type SampleEdit,
  sampleHash,
} from './review/review.ts';
export { exportReview, importReview } from './review/review-file.ts';
export { currentReviews, type ReviewItem, reviewItem, reviewQueue } from './review/review-queue.ts';
export { createReviewStore, type KeptLabel, type ReviewStore } from './review/review-store.ts';
export type { RunScores } from './run-scores.ts';
export { corpusFigures } from './runs/corpus-figures.ts';
export { diffRuns, type RunDifference, type RunFlip } from './runs/diff-runs.ts';
export type { RunEstimate } from './runs/estimate-runs.ts';
export {
  evaluateRetrieval,
  type RetrievalArm,
  type RetrievalOptions,
  type RetrievalReport,
} from './runs/evaluate-retrieval.ts';
export { exportRun, exportRunPages } from './runs/export-run.ts';
export { planRun } from './runs/planned-run.ts';
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
export { type EvaluationOptions, runEvaluation, type SkippedVariant } from './runs/run-evaluation.ts';
export { createRunStore, type RunStore } from './runs/run-store.ts';
export { scoreRows } from './runs/score-rows.ts';
export { scoredAnswers } from './runs/scored-answers.ts';
export { definitionsOfRun, keepScorerDefinitions, refuseMixedScorers } from './runs/scorer-definitions.ts';
export { selectSamples } from './runs/select-samples.ts';
export { summariseByTag, summariseMetric, summariseRun, summariseStored } from './runs/summarise-run.ts';
export { type ScoreRow, scoreRowSchema } from './score-row.ts';
export { answerText } from './scorers/answer-text.ts';
export { correctScorer } from './scorers/correct.ts';
export { contentOverlap, correctnessScorer } from './scorers/correctness.ts';
export { createConfiguredScorers, type ScorerSurroundings } from './scorers/create-configured-scorers.ts';
export {
  defineScorer,
  type JudgeAnswer,
  type OwnScore,
  type OwnScorerOptions,
} from './scorers/define-scorer.ts';
export { holdsFact, normaliseFact } from './scorers/fact-match.ts';
export { chooseScorers, type OptionalScorers, optionalScorers } from './scorers/optional-scorers.ts';
export { prepareScorers, scorerDefinitions } from './scorers/prepare-scorers.ts';
export { goldItems } from './scorers/relevance.ts';
export type { CorpusCollector, CorpusFigure, Scorer, ScorerNeed } from './scorers/scorer.ts';
export {
  type ScorerConfig,
  type ScorerEntry,
  scorerConfigSchema,
  scorerEntrySchema,
} from './scorers/scorer-config.ts';
export { applyScorer, createScorers, findScorer } from './scorers/scorers.ts';
export { mostlyNotLatin, textScorers } from './scorers/text-scorers.ts';
export { type BettingInterval, bettingInterval } from './statistics/betting.ts';
export { clusterBootstrap } from './statistics/cluster-bootstrap.ts';
export { type ClusterLayout, clusterLayout } from './statistics/cluster-layout.ts';
export { clusterWilson } from './statistics/cluster-wilson.ts';
export { dealFolds, type Folds } from './statistics/deal-folds.ts';
export { type DifferenceInterval, differenceInterval } from './statistics/difference-interval.ts';
export { type EventRate, eventRate, type WatchedCluster } from './statistics/event-rate.ts';
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
