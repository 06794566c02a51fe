import { z } from 'zod';
import type { Refusal } from '../core/index.ts';
import type { EvidenceSelection } from './evidence/select-evidence.ts';

/**
 * Below either figure a question is not answered. They were calibrated on one half of XQuAD-en with half of its gold
 * paragraphs withheld (docs/variants.md has the figures) for bge-small-en-v1.5; other embedding models have other
 * ranges of cosine, so set `minSimilarity` anew with them.
 */
export const defaultRefusal = { minSimilarity: 0.7, minCoverage: 0.4 } as const;

/** Slope of the confidence: a logistic function of how far both figures are above their thresholds. */
const confidenceSlope = { similarity: 12, coverage: 4, offset: 0 } as const;

const share = z.number().min(0).max(1);

/** Config `refusal`: thresholds on raw figures, or false to answer whatever was found. */
export const refusalConfigSchema = z.union([
  z.strictObject({
    /** Lowest cosine of question and best sentence or chunk; not looked at without an embedding model. */
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
    return { refusal: { reason: 'no-documents', detail: 'No readable text was found.' }, confidence: 0 };
  const confidence = evidenceConfidence(evidence);
  if (config === false) return { refusal: null, confidence };
  const { similarity, coverage } = evidence;
  const far = similarity !== null && similarity < config.minSimilarity;
  if (!far && coverage >= config.minCoverage) return { refusal: null, confidence };
  const found = [
    ...(similarity === null
      ? []
      : [`similarity ${similarity.toFixed(2)} (at least ${config.minSimilarity})`]),
    `term coverage ${coverage.toFixed(2)} (at least ${config.minCoverage})`,
  ].join(', ');
  return { refusal: { reason: 'not-in-corpus', detail: found }, confidence };
}

/** Confidence that the evidence answers the question; always from the default thresholds, so runs compare. */
export function evidenceConfidence({
  similarity,
  coverage,
}: Pick<EvidenceSelection, 'similarity' | 'coverage'>): number {
  const exponent =
    confidenceSlope.offset +
    confidenceSlope.similarity * (similarity === null ? 0 : similarity - defaultRefusal.minSimilarity) +
    confidenceSlope.coverage * (coverage - defaultRefusal.minCoverage);
  return 1 / (1 + Math.exp(-exponent));
}
