import { addUsage, type Sample } from '../../core/index.ts';
import type { CandidateStore } from '../generation/candidate-store.ts';
import type { QuestionModel } from '../generation/generation.ts';
import { callKey } from '../generation/model-caller.ts';
import { factsRequest, factsTokens } from './facts-request.ts';

/** What proposing facts may cost at most, over the answers that are not there yet. */
export interface FactsEstimate {
  readonly samples: number;
  /** Samples whose answer is there already. */
  readonly cached: number;
  readonly calls: number;
  /** Upper bound of the price of the calls whose price is known. */
  readonly usd: number;
  /** Calls without a known price; they come on top of `usd`. */
  readonly unknown: number;
}

/** Tokens of the markup of a prompt. */
const markupTokens = 24;

/** Adds up the upper bounds of one call for each sample without a kept answer. Nothing is asked of the model. */
export async function estimateFacts(
  model: QuestionModel,
  samples: readonly Sample[],
  store: CandidateStore,
): Promise<FactsEstimate> {
  const total = { samples: samples.length, cached: 0, calls: 0, usd: 0, unknown: 0 };
  for (const sample of samples) {
    const request = factsRequest(sample);
    if ((await store.call(callKey(model, request))) !== null) {
      total.cached++;
      continue;
    }
    total.calls++;
    if (model.local) continue;
    const inputTokens = (await model.countTokens(`${request.system}\n${request.user}`)) + markupTokens;
    const { usd } = model.price(addUsage({ inputTokens, outputTokens: factsTokens, calls: 1 }));
    if (usd === null) total.unknown++;
    else total.usd += usd;
  }
  return total;
}
