import { FulcrumError } from '../../core/index.ts';
import type { ScoreRow } from '../score-row.ts';
import type { Scorer } from '../scorers/scorer.ts';
import { findScorer } from '../scorers/scorers.ts';
import type { Run, SampleResult } from './run.ts';
import type { RunStore } from './run-store.ts';

/**
 * The scores of runs as comparisons take them. Of a metric that is better when lower (latency, cost) the negative
 * is given, since rows are better when higher. Two runs of one variant are told apart by their ids.
 * Throws `run-unknown`, `metric-unknown`, or `run-mismatch` for runs of different data.
 */
export async function scoreRows(
  runIds: readonly string[],
  metric: string,
  { store, scorers }: { store: RunStore; scorers: readonly Scorer[] },
): Promise<ScoreRow[]> {
  const { direction } = findScorer(scorers, metric);
  const runs = await Promise.all([...new Set(runIds)].map((id) => store.get(id)));
  refuseMixedData(runs, metric);
  const rows: ScoreRow[] = [];
  for (const run of runs) {
    const variant = rowVariantName(run, runs);
    for (const result of await store.results(run.id))
      rows.push({
        sample: result.sample,
        variant,
        metric,
        group: result.group,
        costUsd: result.error === null ? result.cost.usd : null,
        deployable: run.deployable,
        ...rowValue(result, metric, direction === 'higher' ? 1 : -1),
      });
  }
  return rows;
}

/** Name of a run in score rows: its variant, told apart by the id where another of the runs has the same one. */
export function rowVariantName(run: Run, runs: readonly Run[]): string {
  const repeated = runs.some((other) => other.id !== run.id && other.variant === run.variant);
  return repeated ? `${run.variant} (${run.id})` : run.variant;
}

function refuseMixedData(runs: readonly Run[], metric: string): void {
  const first = runs[0];
  const other = runs.find(({ dataset }) => dataset.hash !== first?.dataset.hash);
  if (!first || !other) return;
  const problem = `${first.id} is on ${first.dataset.name} (${first.dataset.hash.slice(0, 8)}), ${other.id} on ${other.dataset.name} (${other.dataset.hash.slice(0, 8)}).`;
  throw new FulcrumError('run-mismatch', { problem, metric });
}

function rowValue(
  result: SampleResult,
  metric: string,
  sign: 1 | -1,
): { value: number | null; reason?: string } {
  const score = result.scores[metric];
  if (result.error !== null || score?.status === 'error') return { value: null, reason: 'error' };
  if (score?.status === 'scored') return { value: sign * score.value };
  return { value: null, reason: score?.reason ?? 'not-scored' };
}
