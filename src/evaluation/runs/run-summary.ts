import { addUsage, noUsage, type Usage } from '../../core/index.ts';
import { amountMetrics } from '../scorers/effort-scorers.ts';
import {
  amountFromMoments,
  collectMoments,
  type MomentsCollector,
  momentsInterval,
} from '../statistics/cluster-moments.ts';
import { knownRange, type MetricRange } from '../statistics/metric-range.ts';
import type { MetricSummary, Run, RunReport, SampleResult } from './run.ts';
import { sampleScore } from './sample-score.ts';

/** Confidence of the intervals of a single run; comparisons make their own, simultaneous ones. */
const confidence = 0.95;

/**
 * Sums a run up from its results, which come ordered by group, sample and repetition; memory does not grow with
 * their number.
 */
export interface RunSummary {
  add(result: SampleResult): void;
  /** Ends a pass. Names the metrics whose values left [0, 1]: for them the results must be added once more. */
  endPass(): readonly string[];
  report(run: Pick<Run, 'id' | 'variant'>): RunReport;
}

export function createRunSummary(metrics: readonly string[], repeats: number): RunSummary {
  const collectors = new Map(metrics.map((metric) => [metric, createMetricSummary(metric, repeats)]));
  const again = new Set<string>();
  let firstPass = true;
  let usage: Usage = noUsage;
  let usd: number | null = 0;
  let samples = 0;
  let open: SampleResult[] = [];
  const close = (): void => {
    if (open.length === 0) return;
    for (const [metric, collector] of collectors)
      if (firstPass || again.has(metric)) collector.add(open, metric);
    if (firstPass) {
      samples++;
      for (const { error, usage: used, cost } of open) {
        if (error !== null) continue;
        usage = addUsage(usage, used);
        if (cost.source !== 'none') usd = usd === null || cost.usd === null ? null : usd + cost.usd;
      }
    }
    open = [];
  };
  return {
    add(result) {
      if (open[0] && open[0].sample !== result.sample) close();
      open.push(result);
    },
    endPass() {
      close();
      firstPass = false;
      again.clear();
      for (const [metric, collector] of collectors) if (collector.endPass()) again.add(metric);
      return [...again];
    },
    report: (run) => ({
      id: run.id,
      variant: run.variant,
      n: samples,
      repeats,
      metrics: Object.fromEntries([...collectors].map(([metric, { summary }]) => [metric, summary()])),
      usage,
      costUsd: usd,
    }),
  };
}

const noNumber = { mean: null, low: null, high: null } as const;

/** Running figures of one metric. */
function createMetricSummary(metric: string, repeats: number) {
  const amount = amountMetrics.has(metric);
  const counts = { scored: 0, undefined: 0, errors: 0 };
  let noAnswers = 0;
  let collector: MomentsCollector = collectMoments();
  let range: MetricRange = knownRange(metric) ?? { low: 0, high: 1 };
  let settled = false;
  let shift: number | null = null;
  let pass = 1;
  let interval: Pick<MetricSummary, 'mean' | 'low' | 'high'> = noNumber;
  const variance = createVarianceSplit(repeats);
  return {
    add(results: readonly SampleResult[], name: string): void {
      const { value, values, noAnswer, failed } = sampleScore(results, name);
      if (pass === 1) {
        if (value !== null) counts.scored++;
        else if (failed) counts.errors++;
        else counts.undefined++;
        if (noAnswer) noAnswers++;
        if (value !== null) variance.add(value, values);
      }
      if (value === null) return;
      shift ??= amount ? value : 0;
      const shifted = amount ? value - shift : (value - range.low) / (range.high - range.low);
      collector.add(shifted, results[0]?.group ?? '');
    },
    /** Whether the values must be seen once more, now that their range is known. */
    endPass(): boolean {
      if (settled) return false;
      const moments = collector.finish();
      pass++;
      settled = true;
      if (moments.samples === 0) return false;
      if (amount) {
        interval = amountFromMoments(moments, confidence, shift ?? 0);
        return false;
      }
      if (pass === 2 && (moments.smallest < 0 || moments.greatest > 1)) {
        range = { low: Math.min(0, moments.smallest), high: Math.max(1, moments.greatest) };
        collector = collectMoments();
        settled = false;
        return true;
      }
      const { mean, low, high } = momentsInterval(moments, confidence);
      const width = range.high - range.low;
      interval = {
        mean: range.low + width * mean,
        low: range.low + width * low,
        high: range.low + width * high,
      };
      return false;
    },
    summary: (): MetricSummary =>
      counts.scored > 0 && counts.scored === noAnswers
        ? { ...noNumber, scored: 0, undefined: counts.undefined + noAnswers, errors: counts.errors }
        : {
            ...interval,
            ...counts,
            ...(noAnswers > 0 ? { noAnswer: noAnswers } : {}),
            ...(repeats > 1 ? { variance: variance.split() } : {}),
          },
  };
}

/**
 * Variance components of a one-way layout: within is the mean of the unbiased variances of the samples, between the
 * variance of the samples' means less what the repeats within explain of it.
 */
function createVarianceSplit(repeats: number) {
  let within = 0;
  let repeated = 0;
  let count = 0;
  let mean = 0;
  let squares = 0;
  return {
    add(value: number, values: readonly number[]): void {
      count++;
      const step = value - mean;
      mean += step / count;
      squares += step * (value - mean);
      if (values.length < 2) return;
      repeated++;
      within += values.reduce((sum, each) => sum + (each - value) ** 2, 0) / (values.length - 1);
    },
    split: (): NonNullable<MetricSummary['variance']> => {
      const inside = repeated === 0 ? null : within / repeated;
      const of = count < 2 ? null : squares / (count - 1);
      return {
        within: inside,
        between: of === null || inside === null ? null : Math.max(0, of - inside / repeats),
      };
    },
  };
}
