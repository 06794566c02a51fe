import type { Principal, SplitName } from '../../core/index.ts';
import type { SampleSource } from '../datasets/sample-source.ts';
import type { Evaluated } from '../evaluated.ts';
import { watchLeaks } from './learned-samples.ts';
import { planRun, questionOf } from './planned-run.ts';
import { runPool } from './run-pool.ts';
import type { RunStore } from './run-store.ts';

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

export interface EstimateOptions {
  readonly source: SampleSource;
  readonly split?: SplitName | undefined;
  readonly sample?: number | undefined;
  readonly variants: readonly Evaluated[];
  readonly principal: Principal;
  readonly repeats: number;
  readonly firstRepetition: number;
  readonly store: RunStore;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Adds up the estimates of every answer that is still to be had; nothing is asked of a model. Throws `sample-leaked`
 * when a variant learned from a sample that it would be tested on.
 */
export async function estimateRuns(options: EstimateOptions): Promise<RunEstimate> {
  const { source, variants, principal, repeats, store, signal } = options;
  const total = { answers: 0, cached: 0, usd: 0, unknown: 0, inputTokens: 0, outputTokens: 0 };
  const watches = variants.map(watchLeaks);
  for await (const samples of source.pages(options.split, options.sample)) {
    signal?.throwIfAborted();
    for (const sample of samples) for (const watch of watches) watch.look(sample);
    for (const variant of variants) {
      const open = new Map(samples.map((sample) => [sample, 0]));
      for (let repeat = 0; repeat < repeats; repeat++) {
        const { questions } = planRun(variant, samples, principal, options.firstRepetition + repeat);
        const known = await store.knownAnswers(questions.map(({ key }) => key));
        for (const { sample, key } of questions)
          if (known.has(key)) total.cached++;
          else open.set(sample, open.get(sample)! + 1);
      }
      const asked = [...open].filter(([, answers]) => answers > 0);
      await runPool(asked, variant.concurrency ?? 1, signal, async ([sample, answers]) => {
        const { usd, inputTokens, outputTokens } = await variant.estimate(
          questionOf(sample, principal, signal),
        );
        total.answers += answers;
        if (usd === null) total.unknown += answers;
        else total.usd += usd * answers;
        total.inputTokens += inputTokens * answers;
        total.outputTokens += outputTokens * answers;
      });
    }
  }
  for (const watch of watches) watch.finish();
  return total;
}
