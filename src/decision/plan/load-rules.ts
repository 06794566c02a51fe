import type { PlanAnswers } from './plan-answers.ts';
import type { Standing } from './standing.ts';

/** Requests a month under which a machine of one's own for a tuned model stands idle. */
const idleBelow = 100_000;
/** Requests a month from which a small model's price may pay for what tuning and hosting cost. */
const paysAbove = 1_000_000;
/** Milliseconds under which a large model with a long prompt is rarely done. */
const fast = 1_000;
/** Tokens that take about a second to read even on a fast service. */
const slowPrefix = 30_000;

/** What follows from volume and speed; only what can be said without a price is said here. */
export function loadRules({ volume, maxP95Ms, corpusTokens }: PlanAnswers): Standing[] {
  const found: Standing[] = [];
  if (volume !== undefined && volume < idleBelow)
    for (const approach of ['tuned', 'hybrid'] as const)
      found.push({
        approach,
        state: 'open',
        requirement: 'volume',
        reason: `at ${volume.toLocaleString('en-US')} requests a month a machine of its own stands idle; only billing by token or scaling to zero can pay`,
        settles: 'cost',
      });
  if (volume !== undefined && volume > paysAbove)
    for (const approach of ['rag', 'full-context'] as const)
      found.push({
        approach,
        state: 'open',
        requirement: 'volume',
        reason: `at ${volume.toLocaleString('en-US')} requests a month a small tuned model may do the same for less`,
        settles: 'cost',
      });
  if (maxP95Ms !== undefined && maxP95Ms < fast) {
    if ((corpusTokens ?? 0) > slowPrefix)
      found.push({
        approach: 'full-context',
        state: 'open',
        requirement: 'maxP95Ms',
        reason: `reading so long a prompt may take more than ${maxP95Ms} ms`,
        settles: 'speed',
      });
    found.push({
      approach: 'rag',
      state: 'open',
      requirement: 'maxP95Ms',
      reason: `retrieval and a longer prompt must fit in ${maxP95Ms} ms`,
      settles: 'speed',
    });
  }
  return found;
}
