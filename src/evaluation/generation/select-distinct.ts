import { characterGrams, comparableText } from '../leakage/comparable-text.ts';
import { jaccard, nearDuplicate } from './gates.ts';
import type { Candidate } from './generation.ts';

/** Candidates that become samples, and all of them with the gate `distinct` measured. */
export interface DistinctCandidates {
  readonly candidates: readonly Candidate[];
  readonly judged: readonly Candidate[];
}

/**
 * Takes the first `count` candidates that passed the other gates and resemble no earlier one (Jaccard similarity of character
 * 5-grams under `nearDuplicate`). What comes after the last one taken is not judged.
 */
export function selectDistinct(candidates: readonly Candidate[], count: number): DistinctCandidates {
  const taken: Candidate[] = [];
  const judged: Candidate[] = [];
  const seen: Set<string>[] = [];
  const ids = new Set<string>();
  for (const candidate of candidates) {
    if (taken.length >= count) break;
    if (candidate.rejected !== null || candidate.sample === null) {
      judged.push(candidate);
      continue;
    }
    const grams = characterGrams(comparableText(candidate.sample.input));
    const repeated =
      ids.has(candidate.sample.id) || seen.some((other) => jaccard(grams, other) >= nearDuplicate);
    const result: Candidate = {
      ...candidate,
      gates: { ...candidate.gates, distinct: repeated ? 'failed' : 'passed' },
      rejected: repeated ? 'near-duplicate' : null,
    };
    judged.push(result);
    if (repeated) continue;
    ids.add(candidate.sample.id);
    seen.push(grams);
    taken.push(result);
  }
  return { candidates: taken, judged };
}
