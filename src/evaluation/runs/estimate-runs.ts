import type { Principal } from '../../core/index.ts';
import type { PlannedRun } from './planned-run.ts';
import { questionOf } from './planned-run.ts';
import { runPool } from './run-pool.ts';

/** What runs may cost at most, over the answers that are not in the cache. */
export interface RunEstimate {
  /** Answers to be had, and those that are there already. */
  readonly answers: number;
  readonly cached: number;
  /** Upper bound of the price of the answers whose price is known. */
  readonly usd: number;
  /** Answers without a known price; they come on top of `usd`. */
  readonly unknown: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Adds up the estimates of every answer that is still to be had; nothing is asked of a model. */
export async function estimateRuns(
  plans: readonly PlannedRun[],
  known: ReadonlySet<string>,
  principal: Principal,
  signal?: AbortSignal,
): Promise<RunEstimate> {
  const total = { answers: 0, cached: 0, usd: 0, unknown: 0, inputTokens: 0, outputTokens: 0 };
  for (const { variant, questions } of plans) {
    const open = questions.filter(({ key }) => !known.has(key));
    total.answers += open.length;
    total.cached += questions.length - open.length;
    await runPool(open, variant.concurrency ?? 1, signal, async ({ sample }) => {
      const { usd, inputTokens, outputTokens } = await variant.estimate(
        questionOf(sample, principal, signal),
      );
      if (usd === null) total.unknown++;
      else total.usd += usd;
      total.inputTokens += inputTokens;
      total.outputTokens += outputTokens;
    });
  }
  return total;
}
