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
      const { run, results } = await evaluation.getRun(id.trim());
      const scores = results.map(({ sample, scores: all }) => {
        const score = all[metric];
        return { sample, value: score?.status === 'scored' ? score.value : null };
      });
      return { run: run.id, variant: run.variant, metric, scores };
    }),
  );
}
