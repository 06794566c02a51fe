import { z } from 'zod';
import type { Refusal } from '../core/index.ts';
import type { EvidenceSelection } from './evidence/select-evidence.ts';

/**
 * Below any of these figures a question is not answered. `minConfidence` was calibrated on one half of XQuAD-en with
 * half of its gold paragraphs withheld (docs/variants.md has the figures); the two floors are off by default.
 */
export const defaultRefusal = { minConfidence: 0.45, minSimilarity: 0, minCoverage: 0 } as const;

/**
 * Logistic regression of "the two best sentences hold the answer" on the raw figures, fitted on the same half for
 * bge-small-en-v1.5. Other embedding models have other ranges of cosine, so set `minConfidence` anew with them.
 */
const withSimilarity = { constant: -2.19, similarity: 20.3, similarityAt: 0.7, coverage: 5.71 } as const;
const coverageAlone = { constant: -3.94, coverage: 7.04 } as const;

const share = z.number().min(0).max(1);

/** Config `refusal`: lowest figures with which a question is answered, or false to answer whatever was found. */
export const refusalConfigSchema = z.union([
  z.strictObject({
    /** Lowest confidence, which is made from the two figures below. */
    minConfidence: share.default(defaultRefusal.minConfidence),
    /** Lowest cosine of question and best sentence; not looked at without an embedding model. */
    minSimilarity: share.default(defaultRefusal.minSimilarity),
    /** Lowest weighted share of the question's terms in the evidence. */
    minCoverage: share.default(defaultRefusal.minCoverage),
  }),
  z.literal(false),
]);
export type RefusalConfig = z.infer<typeof refusalConfigSchema>;

/** What the evidence allows: an answer with a confidence in [0, 1], or a refusal with its reason. */
export interface EvidenceJudgement {
  readonly refusal: Refusal | null;
  readonly confidence: number;
}

/** Decides from raw similarity and term coverage whether evidence is near enough to answer from. */
export function judgeEvidence(evidence: EvidenceSelection, config: RefusalConfig): EvidenceJudgement {
  if (evidence.ranked.length === 0)
    return { refusal: { reason: 'not-in-corpus', detail: 'No passage was found.' }, confidence: 0 };
  const confidence = evidenceConfidence(evidence);
  if (config === false) return { refusal: null, confidence };
  const { similarity, coverage } = evidence;
  const far = similarity !== null && similarity < config.minSimilarity;
  if (!far && coverage >= config.minCoverage && confidence >= config.minConfidence)
    return { refusal: null, confidence };
  const found = [
    `confidence ${confidence.toFixed(2)} (at least ${config.minConfidence})`,
    `similarity ${similarity?.toFixed(2) ?? 'unknown'} (at least ${config.minSimilarity})`,
    `term coverage ${coverage.toFixed(2)} (at least ${config.minCoverage})`,
  ];
  return { refusal: { reason: 'not-in-corpus', detail: found.join(', ') }, confidence };
}

/** Confidence in [0, 1] that the evidence holds the answer, from raw figures only, whatever thresholds are set. */
export function evidenceConfidence({
  similarity,
  coverage,
}: Pick<EvidenceSelection, 'similarity' | 'coverage'>): number {
  const exponent =
    similarity === null
      ? coverageAlone.constant + coverageAlone.coverage * coverage
      : withSimilarity.constant +
        withSimilarity.similarity * (similarity - withSimilarity.similarityAt) +
        withSimilarity.coverage * coverage;
  return 1 / (1 + Math.exp(-exponent));
}
