import type { CorpusFigure, Scorer } from '../scorers/scorer.ts';
import type { SampleResult } from './run.ts';

/**
 * Figures of a run that are no mean of scores (micro F1, F1 of each field), of the scorers that have any. The results
 * come a page at a time, so that memory does not grow with their number; of a repeated sample every answer counts.
 */
export async function corpusFigures(
  pages: AsyncIterable<readonly SampleResult[]>,
  scorers: readonly Scorer[],
): Promise<CorpusFigure[]> {
  const collectors = scorers.flatMap(({ name, corpus }) => {
    const collector = corpus?.();
    return collector ? [{ name, collector }] : [];
  });
  for await (const results of pages)
    for (const { scores } of results)
      for (const { name, collector } of collectors) {
        const score = scores[name];
        if (score) collector.add(score);
      }
  return collectors.flatMap(({ collector }) => collector.figures().filter(({ samples }) => samples > 0));
}
