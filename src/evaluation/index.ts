// What evaluation needs of a variant and of its documents; the rows that it compares.

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
export type { SpendingOptions } from './keep-to-budget.ts';
export { evaluationMigrations } from './migrations.ts';
export type { RunScores } from './run-scores.ts';
export { type ScoreRow, scoreRowSchema } from './score-row.ts';

// Datasets: reading and writing their formats, keeping, splitting and freezing them.

export type { AmbiguousQuote, SourceNames } from './datasets/anchor-evidence.ts';
export { type AnchorResult, anchorDatasetFile } from './datasets/anchor-file.ts';
export { requireDatasetName } from './datasets/dataset-name.ts';
export {
  createDatasetStore,
  type Dataset,
  type DatasetStore,
  type DatasetSummary,
  datasetHash,
} from './datasets/dataset-store.ts';
export { type ColumnMap, parseColumnMap } from './datasets/formats/column-map.ts';
export { parseFormat } from './datasets/formats/detect-format.ts';
export { type ExportResult, exportDataset } from './datasets/formats/export-dataset.ts';
export { type DatasetFormat, datasetFormats } from './datasets/formats/format.ts';
export type { LostFields } from './datasets/formats/lost-fields.ts';
export { readDatasetFile } from './datasets/formats/read-dataset-file.ts';
export {
  type ImportOptions,
  type ImportResult,
  importDataset,
  parseSplit,
} from './datasets/import-dataset.ts';
export { questionsFromText, type TextPassage } from './datasets/questions-from-text.ts';
export { readSamples } from './datasets/read-samples.ts';
export { type RemovedDataset, removeDataset } from './datasets/remove-dataset.ts';
export { type FrozenDataset, freezeSplit } from './datasets/splits/freeze-split.ts';
export {
  type FrozenSplit,
  findFrozenSplit,
  listTestLooks,
  logTestLook,
  splitTables,
  type TestLook,
} from './datasets/splits/frozen-splits.ts';
export { parseShares, parseStratify, type SplitMethod } from './datasets/splits/split-dataset.ts';
export { stopAtBudget } from './keep-to-budget.ts';

// Erasure: what evaluation gives up when a document is deleted for good.

export {
  type ErasedFromEvaluation,
  type ErasedSample,
  type ErasuresOfRun,
  erasedAnswers,
  erasedSample,
  eraseFromEvaluation,
  erasuresOfRun,
  forgetErasedDocument,
} from './erasure/erase-documents.ts';

// Ground truth: questions from a corpus, proposed facts, review by people, labels of answers.

export { createProposalStore, type ProposalStore } from './facts/proposal-store.ts';
export {
  type FactsEstimate,
  type FactsProposed,
  type ProposeFactsOptions,
  proposeFacts,
} from './facts/propose-facts.ts';
export { type SamplesUnderReview, samplesUnderReview } from './facts/samples-under-review.ts';
export { type CandidateStore, createCandidateStore } from './generation/candidate-store.ts';
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
export { type HiddenGold, hideGold } from './generation/hide-gold.ts';
export { type FoundBand, foundBands } from './generation/round-trip.ts';
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

// Is it a fair test: leaks, size, coverage of traffic.

export { type CoverageOptions, checkCoverage } from './coverage/check-coverage.ts';
export { type CoverageReport, coverageReportSchema } from './coverage/coverage-report.ts';
export { checkLeakage, defaultThresholds, type LeakageOptions } from './leakage/check-leakage.ts';
export type { LeakageRows } from './leakage/find-leaks.ts';
export { createGramIndex, type GramIndex } from './leakage/gram-index.ts';
export { type LeakageReport, leakageReportSchema } from './leakage/leakage-report.ts';
export { type Band, bandOf } from './leakage/memoriser.ts';
export { type VerdictChances, verdictChances } from './power/chance-of-verdict.ts';
export { type PowerPlan, type PowerQuestion, planPower, powerPlanSchema } from './power/plan-power.ts';

// Runs: asking, keeping, reading and exporting them.

export { exportCsv } from './exports/csv.ts';
export { escapeHtml } from './exports/escape-html.ts';
export { escapeMarkdown } from './exports/escape-markdown.ts';
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
export { withoutLearned } from './runs/learned-samples.ts';
export { planRun } from './runs/planned-run.ts';
export {
  auditRecorded,
  exportRecordedRun,
  importRecordedRun,
  type RecordedAudit,
} from './runs/recorded-run.ts';
export {
  type MetricSummary,
  type Run,
  type RunReport,
  runReportSchema,
  type SampleResult,
} from './runs/run.ts';
export { type EvaluationOptions, runEvaluation, type SkippedVariant } from './runs/run-evaluation.ts';
export { overviewOf, type RunOverview } from './runs/run-overview.ts';
export { createRunStore, type RunStore } from './runs/run-store.ts';
export { scoreRows } from './runs/score-rows.ts';
export { scoredAnswers } from './runs/scored-answers.ts';
export { definitionsOfRun, keepScorerDefinitions, refuseMixedScorers } from './runs/scorer-definitions.ts';
export { createScoringSpending, type ScoringSpending } from './runs/scoring-spending.ts';
export { selectSamples } from './runs/select-samples.ts';
export { summariseByTag, summariseRun, summariseStored } from './runs/summarise-run.ts';

// Scorers: built in, configured, of your own.

export {
  type LeaveOneOutOptions,
  type LeaveOneOutReport,
  type LeftOutCitation,
  leaveOneOut,
  type StillSays,
} from './citations/leave-one-out.ts';
export {
  type CitationSupport,
  createCitationSupportScorers,
  judgeCitationSupport,
  type QuotesSupport,
  type SplitStatements,
} from './scorers/citation-support.ts';
export { contentOverlap } from './scorers/correctness.ts';
export { createConfiguredScorers, type ScorerSurroundings } from './scorers/create-configured-scorers.ts';
export {
  defineScorer,
  type JudgeAnswer,
  type OwnScore,
  type OwnScorerOptions,
} from './scorers/define-scorer.ts';
export { chooseScorers, type OptionalScorers, optionalScorers } from './scorers/optional-scorers.ts';
export { scorerDefinitions } from './scorers/prepare-scorers.ts';
export { goldItems, judgeRanking } from './scorers/relevance.ts';
export { ndcgAt, recallAt } from './scorers/retrieval-metrics.ts';
export type { CorpusCollector, CorpusFigure, Scorer, ScorerNeed } from './scorers/scorer.ts';
export { type ScorerConfig, type ScorerEntry, scorerConfigSchema } from './scorers/scorer-config.ts';
export { applyScorer, createScorers, findScorer } from './scorers/scorers.ts';
export { scorersOfDataset } from './scorers/scorers-of-dataset.ts';
export { textScorers } from './scorers/text-scorers.ts';

// Metrics of other tools, and their golden vectors; scores of outputs made by anything.

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
} from './metrics/rag/trulens.ts';
export type { SupportMatrix } from './metrics/rag/verdicts.ts';
export { type GoldenReport, verifyGolden, verifyOutputSchema } from './metrics/verify/verify-golden.ts';
export { type ScoreOutput, scoreOutputSchema, scoreOutputs } from './outputs/score-outputs.ts';

// Judging: claims against evidence, judges, their calibration.

export { type CellStore, createCellStore } from './claims/cell-store.ts';
export { type CellVerdict, cellVerdicts, claimHash, evidenceHash } from './claims/claim-cell.ts';
export { type CheckSupport, type ClaimVerifier, createSupportVerifier } from './claims/claim-verifier.ts';
export { contextTexts } from './claims/context-texts.ts';
export type { SplitSentences } from './claims/split-claims.ts';
export {
  type Calibration,
  calibrateJudge,
  type JudgeAgreement,
} from './judges/calibration/calibrate-judge.ts';
export { readJudgeLabels } from './judges/calibration/judge-labels.ts';
export { type NoiseFloor, noiseFloor } from './judges/calibration/noise-floor.ts';
export { type PoweredMean, poweredMean } from './judges/calibration/powered-mean.ts';
export { comparePairs, type PairwiseReport } from './judges/compare-pairs.ts';
export { createJudge, type Judge, type JudgeSpending } from './judges/judge.ts';
export { judgedEntries, lexicalJudge } from './judges/judge-config.ts';
export { type JudgeFaultReason, reasonWithout } from './judges/judge-fault.ts';
export type { JudgeModel, JudgeReply, JudgeRequest } from './judges/judge-model.ts';
export { createJudgeStore } from './judges/judge-store.ts';
export { createJudgedScorers, findJudge } from './judges/judged-scorers.ts';
export { type MutationName, mutationNames, mutations } from './judges/mutation/mutations.ts';
export { type MutationResult, testScorers } from './judges/mutation/test-scorers.ts';

// Comparison: from score rows to a verdict, its bounds and its looks.

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
  requireWithinScale,
  samplesFor,
  verdictOf,
  warnings as comparisonWarnings,
} from './comparison/compare-variants.ts';
export {
  type ArmCounts,
  type Comparison,
  compareOutputSchema,
  type Description,
  type Verdict,
} from './comparison/comparison.ts';
export {
  describeComparison,
  describeOtherMetrics,
  type OtherDifference,
  winnersCurse,
} from './comparison/describe-comparison.ts';
export { type Flip, type Flips, findFlips } from './comparison/find-flips.ts';
export { type Gate, type GateOptions, gate, gateSchema, gateSentence } from './comparison/gate.ts';
export { alphaForLook, type LookPlan, spendings } from './comparison/look-plan.ts';
export { continueSequence, type Look, takeLook } from './comparison/looks.ts';
export {
  arrangeRows,
  type MatchedScores,
  matchSamples,
  type ScoreTable,
} from './comparison/match-samples.ts';
export { readScores } from './comparison/read-scores.ts';
export { type RiskCoverage, riskCoverage } from './comparison/risk-coverage.ts';
export { type AnswerText, type SampleTexts, textsOfRows, textsOfRuns } from './comparison/sample-texts.ts';
export {
  type BoundsOptions,
  clustersSuffice,
  fewestClusters,
  type MeanBounds,
  type PairBounds,
  type SimultaneousBounds,
  simultaneousBounds,
} from './comparison/simultaneous-bounds.ts';
export { weighRows } from './comparison/weigh-rows.ts';
export { lowerMean, upperMean } from './statistics/bounded-mean.ts';
export { clusterBootstrap } from './statistics/cluster-bootstrap.ts';
export { type ClusterLayout, clusterLayout, clusterSums, weightedMean } from './statistics/cluster-layout.ts';
export { dealFolds } from './statistics/deal-folds.ts';
export {
  type DifferenceInterval,
  differenceInterval,
  differenceLower,
} from './statistics/difference-interval.ts';
export { eventRate } from './statistics/event-rate.ts';
export { type MeanInterval, meanIntervalOf } from './statistics/mean-interval.ts';
export { type MetricRange, scaleToUnit } from './statistics/metric-range.ts';
export { normalUpper } from './statistics/quantiles.ts';
export { boundSpread, samplesToPassBar, samplesToSettle } from './statistics/sample-size.ts';
export { warmGenerator } from './statistics/warm-generator.ts';

// When to refuse, with a guarantee.

export { type CalibrationAnswer, reweighAnswerable, unitHash } from './refusal/calibration-answer.ts';
export {
  certifyRefusal,
  type RefusalCertificate,
  type RefusalTarget,
  refusalCertificateSchema,
} from './refusal/certify-refusal.ts';
export { testThreshold } from './refusal/learn-then-test.ts';

// Why it fails, and two variants in a row.

export { type AttributionArmPlan, attributeFailures } from './attribution/attribute-failures.ts';
export {
  type AttributionReport,
  attributionReportSchema,
  type Placebo,
  placebos,
} from './attribution/attribution-report.ts';
export { isArmName } from './attribution/sample-outcome.ts';
export {
  type CascadesReport,
  type ComposedCascade,
  cascadesReportSchema,
  composeCascades,
} from './cascades/compose-cascades.ts';
