import type { Score } from '../../../core/index.ts';
import { type RatingScale, trulensRating, trulensRatingInText } from '../rag/trulens.ts';

/** One vector of `trulens.json`: its key describes the case in words. */
export interface TrulensCase {
  readonly metric: string;
  readonly recompute: () => unknown;
}

const likert: RatingScale = { lowest: 0, highest: 3 };

/**
 * Reads a key such as `relevance 3 of 0..3`, `context_relevance 0..10 scale 7`, `context_relevance text 'Score: 2'` or
 * `relevance out of range 9`; null where it says something else. A rating that cannot be read or is out of range is
 * expected as a string that starts with FAILED.
 */
export function readTrulensCase(key: string): TrulensCase | null {
  const [, metric, rest] = /^(\w+) (.+)$/su.exec(key) ?? [];
  if (metric === undefined || rest === undefined) return null;
  const [, before, after] = /(?:^|\s)(-?\d+)\.\.(-?\d+)(?:\s|$)/.exec(rest) ?? [];
  const scale = before === undefined ? likert : { lowest: Number(before), highest: Number(after) };
  const text = /\btext (['"])(?<quoted>.*)\1$/su.exec(rest)?.groups?.quoted;
  if (text !== undefined)
    return { metric: name(metric), recompute: () => write(trulensRatingInText(text, scale)) };
  const rating = rest.replace(/-?\d+\.\.-?\d+/, '').match(/-?\d+(?:\.\d+)?/)?.[0];
  if (rating === undefined) return null;
  return { metric: name(metric), recompute: () => write(trulensRating(Number(rating), scale)) };
}

const name = (metric: string): string => `trulens.${metric}`;

/** What the file writes: the number, or FAILED. */
function write(score: Score): unknown {
  return score.status === 'scored' ? score.value : 'FAILED';
}
