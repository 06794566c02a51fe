import { type EvidenceIndex, indexEvidence } from './evidence-index.ts';
import { type HardFailure, hardFailures } from './hard-failures.ts';
import { lexicalFigures, lexicalScore } from './lexical-support.ts';

/** How far evidence supports a claim. */
export interface Support {
  /** Likeness of words alone, 0 to 1; higher is better supported. 0 for a claim without a word. */
  readonly score: number;
  /** Numbers, units, identifiers, names and negations of the claim that the evidence lacks or contradicts. */
  readonly hardFailures: readonly HardFailure[];
  /** The score reaches `supportThreshold` and nothing fails hard. */
  readonly supported: boolean;
}

/**
 * Score from which a claim without a hard failure counts as supported: the best mean balanced accuracy on BEGIN wow dev and
 * HaluEval one-turn (bench/groundedness.ts --fit).
 */
export const supportThreshold = 0.282;

/**
 * Score from which a cited claim without a hard failure is shown as `supported`: the lowest at which .95 of the claims so called are
 * right on BEGIN wow dev, and .9 of those quoted or supported on HaluEval one-turn (bench/support.ts; `supportedPrecision` has what
 * it is worth on held-out sets).
 */
export const supportedScore = 0.67;

/** Longest claim that is looked at, in UTF-16 code units. */
const maxClaimText = 20_000;

/**
 * Whether evidence supports a claim, by words alone: no model, about a millisecond for a page of evidence. A claim is any text;
 * where it has several sentences all of them must be borne out. Evidence that serves several claims is read once with `indexEvidence`.
 * English only in its negations, number words and stems; a paraphrase in other words is not recognised.
 */
export function checkSupport(claim: string, evidence: string | EvidenceIndex): Support {
  const index = typeof evidence === 'string' ? indexEvidence(evidence) : evidence;
  const text = claim.slice(0, maxClaimText);
  const figures = lexicalFigures(text, index);
  const failures = hardFailures(text, index);
  const score = figures === null ? 0 : lexicalScore(figures);
  return { score, hardFailures: failures, supported: score >= supportThreshold && failures.length === 0 };
}
