import { reasonWithout } from '../judges/judge-fault.ts';
import type { MetricSummary, Run, RunReport, SampleResult } from './run.ts';
import type { RunStore } from './run-store.ts';
import { createRunSummary, type RunSummary } from './run-summary.ts';

/** A run as a person reads it first. Its size does not grow with the samples, but with their tags. */
export interface RunOverview {
  readonly report: RunReport;
  /** By metric, how often an answer has no number, by reason; the faults of judges have theirs. */
  readonly reasons: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** The first answers that failed, and how many there are. */
  readonly failures: {
    readonly count: number;
    readonly first: readonly { readonly sample: string; readonly code: string; readonly message: string }[];
  };
  /** Mean of the metric that was asked for over the samples of each tag, tags sorted by name. */
  readonly tags: readonly { readonly tag: string; readonly summary: MetricSummary }[];
}

/** Failed answers that are told in full. */
const failuresTold = 20;

/** Reads the results of a run page by page, once and once more where a metric leaves [0, 1]. */
export async function overviewOf(
  run: Run,
  store: RunStore,
  byTag?: string | undefined,
): Promise<RunOverview> {
  const summary = createRunSummary(run.metrics, run.repeats);
  const tags = new Map<string, RunSummary>();
  const reasons = createReasonCounts();
  const first: RunOverview['failures']['first'][number][] = [];
  let count = 0;
  for (let pass = 1, again = true; again; pass++) {
    for await (const page of store.pages(run.id, 'group'))
      for (const result of page) {
        summary.add(result);
        if (byTag !== undefined)
          for (const tag of result.tags) {
            if (!tags.has(tag)) tags.set(tag, createRunSummary([byTag], run.repeats));
            tags.get(tag)!.add(result);
          }
        if (pass > 1) continue;
        reasons.add(result.scores);
        if (result.error === null) continue;
        count++;
        const { code, message } = result.error;
        if (first.length < failuresTold) first.push({ sample: result.sample, code, message });
      }
    again = [summary, ...tags.values()].map((each) => each.endPass().length > 0).some(Boolean);
  }
  const none = { id: run.id, variant: run.variant };
  return {
    report: summary.report(run),
    reasons: reasons.counts(),
    failures: { count, first },
    tags: [...tags]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([tag, own]) => ({ tag, summary: own.report(none).metrics[byTag!]! })),
  };
}

function createReasonCounts() {
  const counts: Record<string, Record<string, number>> = {};
  return {
    add(scores: SampleResult['scores']): void {
      for (const [metric, score] of Object.entries(scores)) {
        if (score.status === 'scored') continue;
        const own = counts[metric] ?? {};
        counts[metric] = own;
        const reason = reasonWithout(score);
        own[reason] = (own[reason] ?? 0) + 1;
      }
    },
    counts: () => counts,
  };
}
