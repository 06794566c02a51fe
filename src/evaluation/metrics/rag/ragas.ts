import { type Score, scored, undefinedScore } from '../../../core/index.ts';
import { cosine } from './cosine.ts';
import { countTrue, relevantPassages, type SupportMatrix, shareTrue, supportedBy } from './verdicts.ts';

// Arithmetic of the `ragas.metrics.collections` classes of Ragas 0.4.3, checked against vectors made by running them.
// Verdicts and vectors come from whoever judges; a NaN of Ragas is an undefined score with its reason here.

/** Prefix of the names of these metrics: what they compute changed between versions of Ragas. */
export const ragasVersion = 'ragas-0.4.3';

const shareOr = (verdicts: readonly boolean[], reason: string): Score => {
  const share = shareTrue(verdicts);
  return share === null ? undefinedScore(reason) : scored(share);
};

/**
 * Share of the response's statements that the contexts support. Ragas divides by the verdicts that came back, not by
 * the statements that were sent: compare the two numbers before calling this.
 */
export function ragasFaithfulness(verdicts: readonly boolean[]): Score {
  return shareOr(verdicts, 'no-claims');
}

/** Share of the reference's sentences that the contexts carry. */
export function ragasContextRecall(attributed: readonly boolean[]): Score {
  return shareOr(attributed, 'no-claims');
}

/**
 * Mean of the precision at each useful rank. Ragas adds 1e-10 to the divisor, so a perfect list has 0.9999999999;
 * none useful is 0, and so is an empty list (which Ragas rejects before it gets here).
 * @param useful whether each context, in rank order, helps towards the reference (or the response).
 */
export function ragasContextPrecision(useful: readonly boolean[]): Score {
  let found = 0;
  let precisions = 0;
  for (const [index, verdict] of useful.entries()) {
    if (!verdict) continue;
    found += 1;
    precisions += found / (index + 1);
  }
  return scored(precisions / (found + 1e-10));
}

/** Share of the distinct entities of the reference that the contexts name, by exact string; 0 without any. */
export function ragasContextEntityRecall(
  referenceEntities: readonly string[],
  contextEntities: readonly string[],
): Score {
  const wanted = new Set(referenceEntities);
  return scored(wanted.intersection(new Set(contextEntities)).size / (wanted.size + 1e-8));
}

/** The same as the legacy class computes it: divided by the entities before repetitions are removed. */
export function ragasLegacyContextEntityRecall(
  referenceEntities: readonly string[],
  contextEntities: readonly string[],
): Score {
  const both = new Set(referenceEntities).intersection(new Set(contextEntities)).size;
  return scored(both / (referenceEntities.length + 1e-8));
}

/** Verdicts that noise sensitivity is computed from. */
export interface NoiseVerdicts {
  readonly referenceByContext: SupportMatrix;
  readonly responseByContext: SupportMatrix;
  /** Whether the reference entails each statement of the response. */
  readonly responseByReference: readonly boolean[];
}

/**
 * Share of the response's statements that are wrong and that a relevant context (`relevant`), or only irrelevant ones
 * (`irrelevant`), led to; lower is better. A context is relevant when it entails a statement of the reference.
 */
export function ragasNoiseSensitivity(verdicts: NoiseVerdicts, mode: 'relevant' | 'irrelevant'): Score {
  const { referenceByContext, responseByContext, responseByReference } = verdicts;
  if (responseByReference.length === 0) return undefinedScore('no-claims');
  if (responseByContext.length === 0) return undefinedScore('no-contexts');
  if (referenceByContext.some((row) => row.length === 0)) return undefinedScore('no-reference-claims');
  const relevant = relevantPassages(referenceByContext);
  const claims = responseByReference.length;
  const byRelevant = supportedBy(responseByContext, claims, (passage) => relevant[passage] === true);
  const byIrrelevant = supportedBy(responseByContext, claims, (passage) => relevant[passage] !== true);
  const blamed = responseByReference.map((correct, claim) =>
    mode === 'relevant'
      ? !correct && byRelevant[claim]!
      : !correct && byIrrelevant[claim]! && !byRelevant[claim]!,
  );
  return scored(countTrue(blamed) / claims);
}

/** A question that was generated from the response. */
export interface GeneratedQuestion {
  readonly question: string;
  readonly vector: readonly number[];
  /** Whether the response was judged to be evasive. */
  readonly noncommittal: boolean;
}

/**
 * Mean cosine of the question and the generated ones, 0 when every one was called evasive; may be negative. Empty
 * generated questions are left out together with their flag, and when none is left the score is 0.
 */
export function ragasAnswerRelevancy(
  questionVector: readonly number[],
  generated: readonly GeneratedQuestion[],
): Score {
  const kept = generated.filter(({ question }) => question !== '');
  if (kept.length === 0) return scored(0);
  const evasive = kept.every(({ noncommittal }) => noncommittal);
  let total = 0;
  for (const { vector } of kept) {
    const similarity = cosine(vector, questionVector);
    if (similarity === null) return undefinedScore('zero-vector');
    total += similarity;
  }
  return scored(evasive ? 0 : total / kept.length);
}

/** Raw cosine of two texts' vectors; with a threshold other than 0, 1 or 0 by whether it is reached. */
export function ragasSemanticSimilarity(
  referenceVector: readonly number[],
  responseVector: readonly number[],
  threshold: number | null = null,
): Score {
  const similarity = cosine(referenceVector, responseVector);
  // NaN >= threshold is false in Ragas, which would be a 0 that nobody measured.
  if (similarity === null) return undefinedScore('zero-vector');
  return scored(threshold ? (similarity >= threshold ? 1 : 0) : similarity);
}

/** Distinct retrieved ids that are in the reference, over the distinct retrieved ids. */
export function ragasIdContextPrecision(
  retrieved: readonly (string | number)[],
  reference: readonly (string | number)[],
): Score {
  return overlapOver(retrieved, reference, 'nothing-retrieved');
}

/** Distinct reference ids that were retrieved, over the distinct reference ids. */
export function ragasIdContextRecall(
  retrieved: readonly (string | number)[],
  reference: readonly (string | number)[],
): Score {
  return overlapOver(reference, retrieved, 'no-gold');
}

function overlapOver(
  divisor: readonly (string | number)[],
  other: readonly (string | number)[],
  reason: string,
): Score {
  const ids = new Set(divisor.map(String));
  if (ids.size === 0) return undefinedScore(reason);
  return scored(ids.intersection(new Set(other.map(String))).size / ids.size);
}
