import type { Evaluation } from '../app/index.ts';
import type { RunScores } from '../evaluation/index.ts';

/** Scores of the runs named with commas between; none where nothing is named. Throws `run-unknown` or `metric-unknown`. */
export async function runScores(
  evaluation: Evaluation,
  runs: string | undefined,
  metric: string,
): Promise<RunScores[]> {
  if (runs === undefined) return [];
  await evaluation.requireMetric(metric);
  return Promise.all(
    runs.split(',').map(async (id) => {
      const run = await evaluation.getRun(id.trim());
      const scores: { sample: string; value: number | null }[] = [];
      for await (const page of evaluation.results(run.id))
        for (const { sample, scores: all } of page) {
          const score = all[metric];
          scores.push({ sample, value: score?.status === 'scored' ? score.value : null });
        }
      return { run: run.id, variant: run.variant, metric, scores };
    }),
  );
}
