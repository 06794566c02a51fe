import type { MetricSummary, Run, RunReport, SampleResult } from './run.ts';
import type { RunStore } from './run-store.ts';
import { createRunSummary } from './run-summary.ts';

/** Sums a run up from all of its results: every metric with how many samples it rests on. */
export function summariseRun(run: Run, results: readonly SampleResult[]): RunReport {
  const summary = createRunSummary(run.metrics, run.repeats);
  const ordered = [...results].sort(byGroup);
  do for (const result of ordered) summary.add(result);
  while (summary.endPass().length > 0);
  return summary.report(run);
}

/** Sums a stored run up, page by page. */
export async function summariseStored(run: Run, store: RunStore): Promise<RunReport> {
  const summary = createRunSummary(run.metrics, run.repeats);
  do for await (const page of store.pages(run.id, 'group')) for (const result of page) summary.add(result);
  while (summary.endPass().length > 0);
  return summary.report(run);
}

/** Mean of one metric; errors of samples and of the scorer are counted beside it. */
export function summariseMetric(results: readonly SampleResult[], metric: string): MetricSummary {
  const repeats = results.reduce((most, { repetition }) => Math.max(most, repetition + 1), 1);
  const summary = createRunSummary([metric], repeats);
  const ordered = [...results].sort(byGroup);
  do for (const result of ordered) summary.add(result);
  while (summary.endPass().length > 0);
  return summary.report({ id: '', variant: '' }).metrics[metric]!;
}

/** Mean of a metric over the samples of each tag, tags sorted by name. */
export function summariseByTag(
  results: readonly SampleResult[],
  metric: string,
): { tag: string; summary: MetricSummary }[] {
  const tags = [...new Set(results.flatMap((result) => result.tags))].sort();
  return tags.map((tag) => ({
    tag,
    summary: summariseMetric(
      results.filter((result) => result.tags.includes(tag)),
      metric,
    ),
  }));
}

function byGroup(a: SampleResult, b: SampleResult): number {
  if (a.group !== b.group) return a.group < b.group ? -1 : 1;
  if (a.sample !== b.sample) return a.sample < b.sample ? -1 : 1;
  return a.repetition - b.repetition;
}
