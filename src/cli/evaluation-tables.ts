import Table from 'cli-table3';
import type { MetricSummary, RetrievalReport, Run, RunReport } from '../evaluation/index.ts';

/** Runs side by side: one line a metric that any of them has a number for. */
export function runsTable(runs: readonly RunReport[]): string {
  const table = new Table({ head: ['metric', ...runs.map((run) => `${run.variant}`)], style: plain });
  const metrics = [...new Set(runs.flatMap((run) => Object.keys(run.metrics)))];
  for (const metric of metrics) {
    const summaries = runs.map((run) => run.metrics[metric]);
    if (summaries.some((summary) => summary !== undefined && (summary.scored > 0 || summary.errors > 0)))
      table.push([metric, ...summaries.map(summaryText)]);
  }
  table.push([
    'cost of the run',
    ...runs.map((run) => (run.costUsd === null ? 'unknown' : `$${figure(run.costUsd)}`)),
  ]);
  table.push(['run', ...runs.map((run) => run.id)]);
  return table.toString();
}

/** `mean [low, high] scored of n`, with errors where there were any. */
export function summaryText(summary: MetricSummary | undefined): string {
  if (!summary || summary.mean === null)
    return summary && summary.errors > 0 ? `none; ${summary.errors} errors` : 'no number';
  const { mean, low, high, scored, errors } = summary;
  const interval = low === null || high === null ? '' : ` [${figure(low)}, ${figure(high)}]`;
  const total = scored + summary.undefined + errors;
  return `${figure(mean)}${interval} ${scored} of ${total}${errors > 0 ? `, ${errors} errors` : ''}`;
}

/** One line an arm. */
export function retrievalTable({ dataset, n, arms }: RetrievalReport): string {
  const metrics = Object.keys(Object.values(arms)[0] ?? {});
  const table = new Table({ head: ['arm', ...metrics], style: plain });
  for (const [arm, values] of Object.entries(arms))
    table.push([arm, ...metrics.map((metric) => (values?.[metric] ?? 0).toFixed(3))]);
  return `Search alone on "${dataset}", ${n} questions with evidence:\n${table.toString()}`;
}

/** One line a run. */
export function runLine(run: Run): string {
  const scope = [run.split ?? 'all', run.sampleLimit === null ? '' : `first ${run.sampleLimit}`]
    .filter(Boolean)
    .join(', ');
  const state = run.finishedAt === null ? 'unfinished' : run.origin === 'recorded' ? 'recorded' : 'finished';
  return `${run.id}  ${run.variant}  ${run.dataset.name} (${scope})  ${run.samples} samples  ${state}  ${run.startedAt}`;
}

const plain = { head: [], border: [] };

/** Three decimals, or three significant digits for what would read 0. */
function figure(value: number): string {
  if (value !== 0 && Math.abs(value) < 0.01) return value.toPrecision(3);
  return value >= 100 ? value.toFixed(0) : value.toFixed(3);
}
