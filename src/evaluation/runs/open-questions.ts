import type { Answer, Principal, Sample, SplitName } from '../../core/index.ts';
import type { SampleSource } from '../datasets/sample-source.ts';
import type { Evaluated } from '../evaluated.ts';
import { planRun } from './planned-run.ts';
import type { Run } from './run.ts';
import type { RunStore } from './run-store.ts';

/** One answer that a run still lacks. */
export interface OpenQuestion {
  readonly sample: Sample;
  /** Index among the answers to the sample in this run, from 0. */
  readonly repetition: number;
  readonly key: string;
  /** The answer that an earlier run had; null when it must be asked for. */
  readonly cached: Answer | null;
}

/** What of a run is still to be done, a page of samples at a time; `done` is told how many answers are there. */
export async function* openQuestions(options: {
  readonly run: Run;
  readonly variant: Evaluated;
  readonly principal: Principal;
  readonly source: SampleSource;
  readonly split?: SplitName | undefined;
  readonly sample?: number | undefined;
  readonly store: RunStore;
  readonly done: (answers: number) => void;
}): AsyncGenerator<OpenQuestion> {
  const { run, variant, principal, source, store } = options;
  for await (const samples of source.pages(options.split, options.sample)) {
    const answered = new Set(
      (
        await store.answered(
          run.id,
          samples.map(({ id }) => id),
        )
      ).map(({ sample, repetition }) => `${repetition}:${sample}`),
    );
    if (answered.size > 0) options.done(answered.size);
    for (let repetition = 0; repetition < run.repeats; repetition++) {
      const { questions } = planRun(variant, samples, principal, run.firstRepetition + repetition);
      const open = questions.filter(({ sample }) => !answered.has(`${repetition}:${sample.id}`));
      const cached = await store.cachedAnswers(open.map(({ key }) => key));
      for (const { sample, key } of open) yield { sample, repetition, key, cached: cached.get(key) ?? null };
    }
  }
}
