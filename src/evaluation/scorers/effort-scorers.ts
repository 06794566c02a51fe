import { scored, undefinedScore } from '../../core/index.ts';
import { answerText } from './answer-text.ts';
import type { Scorer } from './scorer.ts';

/** Wall-clock seconds of one answer, under the concurrency of the run; no number for a recorded one that does not say. */
export const latencyScorer: Scorer = {
  name: 'latency',
  description: 'seconds from question to last word, under the concurrency of the run',
  direction: 'lower',
  needs: [],
  score: ({ answer }) =>
    answer.unmeasured?.includes('seconds') ? undefinedScore('time-unknown') : scored(answer.seconds),
};

/** Input and output tokens of the language model, as it reported them; no number where a pipeline does not say. */
export const tokensScorer: Scorer = {
  name: 'tokens',
  description: 'input and output tokens of the language model',
  direction: 'lower',
  needs: [],
  score: ({ answer }) =>
    answer.unmeasured?.includes('usage')
      ? undefinedScore('usage-unknown')
      : scored(answer.usage.inputTokens + answer.usage.outputTokens),
};

/** USD of one answer; unknown is no number, never 0. */
export const costScorer: Scorer = {
  name: 'cost',
  description: 'USD of one answer',
  direction: 'lower',
  needs: [],
  score: ({ answer }) =>
    answer.cost.usd === null ? undefinedScore('price-unknown') : scored(answer.cost.usd),
};

/** Words of an answer, for a budget of length; applied when it is asked for. */
export const wordsScorer: Scorer = {
  name: 'words',
  description: 'words of the answer without its citation markers; 0 for a refusal',
  direction: 'lower',
  needs: [],
  score: ({ answer }) => scored((answerText(answer).match(/[\p{L}\p{N}]\S*/gu) ?? []).length),
};

/** Metrics that are amounts without an upper limit, not shares between 0 and 1. */
export const amountMetrics: ReadonlySet<string> = new Set(
  [latencyScorer, tokensScorer, costScorer, wordsScorer].map((scorer) => scorer.name),
);
