import type { CorpusFigure, Scorer } from '../scorers/scorer.ts';
import type { SampleResult } from './run.ts';

/** Figures of a run that are no mean of scores (micro F1, F1 of each field), of the scorers that have any. */
export function corpusFigures(results: Iterable<SampleResult>, scorers: readonly Scorer[]): CorpusFigure[] {
  const collectors = scorers.flatMap(({ name, corpus }) => {
    const collector = corpus?.();
    return collector ? [{ name, collector }] : [];
  });
  for (const { scores } of results)
    for (const { name, collector } of collectors) {
      const score = scores[name];
      if (score) collector.add(score);
    }
  return collectors.flatMap(({ collector }) => collector.figures().filter(({ samples }) => samples > 0));
}
