import type { Score } from '../../../core/index.ts';
import { type RatingScale, trulensRatingInText } from '../rag/trulens.ts';

/** One vector of TruLens ratings, whose key describes the case in words. */
export interface TrulensCase {
  readonly metric: string;
  readonly recompute: () => unknown;
}

const likert: RatingScale = { lowest: 0, highest: 3 };

/**
 * Reads a key such as `relevance 3 of 0..3`, `context_relevance 0..10 scale 7`, `context_relevance text 'Score: 2'` or
 * `relevance out of range 9`; null where it says something else. A judge's reply is text also where it is a number.
 */
export function readTrulensCase(key: string): TrulensCase | null {
  const { metric, rest } = /^(?<metric>\w+) (?<rest>.+)$/su.exec(key)?.groups ?? {};
  if (metric === undefined || rest === undefined) return null;
  const { low, high } = /(?<low>-?\d+)\.\.(?<high>-?\d+)/.exec(rest)?.groups ?? {};
  const scale = low === undefined ? likert : { lowest: Number(low), highest: Number(high) };
  const quoted = /(['"])(?<text>.*)\1$/su.exec(rest)?.groups?.text;
  const reply = quoted ?? rest.replace(/-?\d+\.\.-?\d+/, '').match(/-?\d+(?:\.\d+)?/)?.[0];
  if (reply === undefined) return null;
  return { metric: `trulens.${metric}`, recompute: () => written(trulensRatingInText(reply, scale)) };
}

/** What the file writes: the number, or FAILED. */
function written(score: Score): unknown {
  return score.status === 'scored' ? score.value : 'FAILED';
}
