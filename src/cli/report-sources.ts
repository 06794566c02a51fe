import type { Evaluation } from '../app/index.ts';
import type { ReportSource } from '../decision/index.ts';

/** What stands behind the scores of each run: the samples it answered, its model, its day. */
export async function sourcesOfRuns(
  evaluation: Evaluation,
  runs: readonly string[],
): Promise<ReportSource[]> {
  const sources: ReportSource[] = [];
  for (const id of runs) {
    const run = await evaluation.getRun(id);
    const { model } = run.definition;
    const taken = sources.some(({ variant }) => variant === run.variant);
    sources.push({
      variant: taken ? `${run.variant} (${run.id})` : run.variant,
      run: run.id,
      what: [
        `${run.split === null ? 'all samples' : `split ${run.split}`} of ${run.dataset.name}`,
        ...(typeof model === 'string' ? [`model ${model}`] : []),
      ].join(', '),
      date: run.startedAt.slice(0, 10),
    });
  }
  return sources;
}
