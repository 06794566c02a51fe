import type { ScoredUnit } from '../evidence/select-evidence.ts';
import { cosine } from '../evidence/sentence-vectors.ts';
import { informativeTerms, termCoverage, termWeights } from '../evidence/terms.ts';
import { type QuoteSpan, quoteSpans } from './quote-spans.ts';

/** Least gain in support for which a second sentence is quoted beside the best. */
const secondSentenceGain = 0.15;

/**
 * The one or two neighbouring sentences of a passage that best bear a claim: by the share of the claim's terms in
 * them and, where vectors are given, by cosine. A second sentence is taken when it brings further terms of the claim.
 */
export function bestSupport(
  claim: string,
  passage: readonly ScoredUnit[],
  vectors?: { readonly claim: Float32Array; readonly units: readonly Float32Array[] },
): QuoteSpan | null {
  const terms = passage.map((unit) => new Set(informativeTerms(unit.text)));
  const weights = termWeights(claim, terms);
  const scores = passage.map((_unit, index) => {
    const vector = vectors?.units[index];
    const similarity = vectors && vector ? cosine(vectors.claim, vector) : 0;
    return termCoverage(weights, terms[index] ?? new Set()) + similarity;
  });
  const best = scores.indexOf(Math.max(...scores));
  const unit = passage[best];
  if (!unit) return null;
  const alone = termCoverage(weights, terms[best] ?? new Set());
  const gains = [best - 1, best + 1].map((index) => {
    const other = passage[index];
    if (!other || quoteSpans([unit, other]).length > 1) return { index, gain: 0 };
    const joint = new Set([...(terms[best] ?? []), ...(terms[index] ?? [])]);
    return { index, gain: termCoverage(weights, joint) - alone };
  });
  const second = gains.sort((a, b) => b.gain - a.gain)[0];
  const other = second && second.gain >= secondSentenceGain ? passage[second.index] : undefined;
  return quoteSpans(other ? [unit, other] : [unit])[0] ?? null;
}

/** Whether the claim stands word for word in the quote (case, white space and markup aside). */
export function isQuoted(claim: string, quote: string): boolean {
  const plain = plainWords(claim);
  return plain !== '' && ` ${plainWords(quote)} `.includes(` ${plain} `);
}

function plainWords(text: string): string {
  return (
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  ).join(' ');
}
