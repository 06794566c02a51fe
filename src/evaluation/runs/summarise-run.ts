import { addCost, addUsage } from '../../core/index.ts';
import { amountMetrics } from '../scorers/effort-scorers.ts';
import { meanInterval } from '../statistics/mean-interval.ts';
import { amountInterval } from './amount-interval.ts';
import type { MetricSummary, Run, RunReport, SampleResult } from './run.ts';

/** Confidence of the intervals of a single run; comparisons make their own, simultaneous ones. */
const confidence = 0.95;

/** Sums a run up: every metric with how many samples it rests on. */
export function summariseRun(run: Run, results: readonly SampleResult[]): RunReport {
  const answered = results.filter((result) => result.error === null);
  return {
    id: run.id,
    variant: run.variant,
    n: results.length,
    metrics: Object.fromEntries(run.metrics.map((metric) => [metric, summariseMetric(results, metric)])),
    usage: addUsage(...answered.map((result) => result.usage)),
    costUsd: addCost(...answered.map((result) => result.cost)).usd,
  };
}

/** Mean of one metric; errors of samples and of the scorer are counted beside it. */
export function summariseMetric(results: readonly SampleResult[], metric: string): MetricSummary {
  const values: number[] = [];
  const clusters: string[] = [];
  let errors = 0;
  for (const { error, scores, group } of results) {
    const score = scores[metric];
    if (error !== null || score?.status === 'error') errors++;
    else if (score?.status === 'scored') {
      values.push(score.value);
      clusters.push(group);
    }
  }
  const counts = { scored: values.length, undefined: results.length - values.length - errors, errors };
  if (values.length === 0) return { mean: null, low: null, high: null, ...counts };
  const interval = amountMetrics.has(metric) ? amountInterval : meanInterval;
  const { mean, low, high } = interval(values, clusters, confidence);
  return { mean, low, high, ...counts };
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
