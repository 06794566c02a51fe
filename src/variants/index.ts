export { type ArmName, type ArmPlan, armConfigs, armNames } from './arms/arm-configs.ts';
export { judgeClaim, statementsOfAnswer } from './citations/claim-states.ts';
export { type CitationProblem, maxQuotedSentences, verifyCitation } from './citations/verify-citation.ts';
export type { Classified, Classifier } from './classify.ts';
export { type GenerateConfig, type VariantConfig, variantConfigSchema } from './config.ts';
export {
  createVariants,
  type VariantSummary,
  type Variants,
  type VariantsOptions,
} from './create-variants.ts';
export { type QuotableUnit, quotableUnits } from './evidence/quotable-units.ts';
export {
  defaultSentenceWeights,
  type EvidenceSelection,
  type ScoredUnit,
  type SelectEvidenceOptions,
  type SentenceWeights,
  selectEvidence,
} from './evidence/select-evidence.ts';
export { createSentenceVectors, type SentenceVectors } from './evidence/sentence-vectors.ts';
export { externalOutputSchema, readExternalOutput } from './external/external-output.ts';
export { readRecording } from './external/recording.ts';
export { fewShotDefaults } from './few-shot.ts';
export { answersInWords, isTuned, kindOf } from './kind-of.ts';
export type { FewShotSample } from './readers/few-shot-turns.ts';
export { type OutputSchema, readOutputSchema, readSchemaFile } from './readers/output-schema.ts';
export { generationDefaults, instructionsOf } from './readers/prompting.ts';
export { closedBookInstructions, groundedInstructions, refusalPhrase } from './readers/prompts.ts';
export {
  defaultRefusal,
  type EvidenceJudgement,
  evidenceConfidence,
  judgeEvidence,
  type RefusalConfig,
  refusalConfigSchema,
} from './refusal.ts';
export { type OnSpan, spanned, type WorkSpan } from './spans.ts';
export { checkSupport, type Support, supportedScore, supportThreshold } from './support/check-support.ts';
export { type EvidenceIndex, indexEvidence } from './support/evidence-index.ts';
export type { HardFailure } from './support/hard-failures.ts';
export { type LexicalFigures, lexicalFigures, lexicalWeights } from './support/lexical-support.ts';
export { supportedPrecision } from './support/supported-precision.ts';
export { condenseByRules } from './understanding/condense.ts';
export { readTurns } from './understanding/read-turns.ts';
export type { Question, Turn, Variant, VariantKind, VariantPrompt } from './variant.ts';
