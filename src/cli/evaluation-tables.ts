import Table from 'cli-table3';
import type {
  CorpusFigure,
  ErasuresOfRun,
  MetricSummary,
  RetrievalReport,
  Run,
  RunOverview,
  RunReport,
} from '../evaluation/index.ts';

/** Metrics that a table leaves out; `--json` has them. */
const onlyInJson = new Set(['recall@1', 'mrr@1', 'ndcg@1', 'mrr@5', 'ndcg@5', 'hit@10']);

/** Why answers have no number: how many by reason, by metric. */
type Reasons = RunOverview['reasons'];

/**
 * Runs side by side: one line for each metric that any of them has a number for.
 * @param reasons by run id, for what has no number (`runsWithoutNumber`).
 */
export function runsTable(
  runs: readonly RunReport[],
  reasons: Readonly<Record<string, Reasons>> = {},
): string {
  const table = new Table({
    head: ['metric', ...runs.map((run) => run.variant)],
    style: plain,
    chars: compact,
  });
  const metrics = [...new Set(runs.flatMap((run) => Object.keys(run.metrics)))];
  for (const metric of metrics) {
    if (isShown(metric, runs))
      table.push([metric, ...runs.map((run) => summaryText(run.metrics[metric], reasons[run.id]?.[metric]))]);
  }
  table.push(['failed samples', ...runs.map((run) => `${run.metrics.latency?.errors ?? 0} of ${run.n}`)]);
  table.push([
    'cost of the run',
    ...runs.map((run) => (run.costUsd === null ? 'unknown' : `$${figure(run.costUsd)}`)),
  ]);
  table.push(['run', ...runs.map((run) => run.id)]);
  return table.toString();
}

/** The runs that have a cell without a number in their table. */
export function runsWithoutNumber(runs: readonly RunReport[]): RunReport[] {
  return runs.filter((run) =>
    Object.entries(run.metrics).some(
      ([metric, summary]) => summary.mean === null && summary.undefined > 0 && isShown(metric, runs),
    ),
  );
}

function isShown(metric: string, runs: readonly RunReport[]): boolean {
  return !onlyInJson.has(metric) && runs.some((run) => (run.metrics[metric]?.scored ?? 0) > 0);
}

/**
 * `mean [low, high] of n`, n being the samples with a number; those that were scored as unanswerable beside it.
 * @param reasons why answers have no number, where that is known.
 */
export function summaryText(
  summary: MetricSummary | undefined,
  reasons: Readonly<Record<string, number>> = {},
): string {
  if (!summary) return 'not measured';
  if (summary.mean === null) {
    const failed = summary.errors > 0 && Object.keys(reasons).length === 0 ? ['failed'] : [];
    const why = [...Object.keys(reasons), ...failed].join(', ');
    return why === '' ? 'no number' : `no number (${why})`;
  }
  const { mean, low, high, scored, noAnswer = 0 } = summary;
  const apart = noAnswer === 0 ? '' : ` (${noAnswer} unanswerable)`;
  const interval = low === null || high === null ? '' : ` [${figure(low)}, ${figure(high)}]`;
  return `${figure(mean)}${interval} of ${scored}${apart}`;
}

/** A whole run: how it was made, what it measured, and what has no number and why. */
export function overviewText(
  {
    run,
    erasures,
    report,
    reasons,
    failures,
    tags,
  }: { readonly run: Run; readonly erasures?: ErasuresOfRun } & RunOverview,
  figures: readonly CorpusFigure[],
  byTag: string | undefined,
): string {
  const more = failures.count - failures.first.length;
  return [
    runLine(run),
    `dataset hash ${run.dataset.hash}`,
    ...(erasures ? [erasuresLine(erasures)] : []),
    `definition ${JSON.stringify(run.definition)}`,
    `Fulcrum ${run.version}, Node ${run.node}, ${run.concurrency} at a time`,
    runsTable([report], { [run.id]: reasons }),
    ...figures.map(figureLine),
    ...reasonLines(report, reasons),
    ...tags.map(({ tag, summary }) => `${byTag} of ${tag}: ${summaryText(summary)}`),
    ...failures.first.map(({ sample, code, message }) => `${sample}: ${code}: ${message}`),
    ...(more > 0 ? [`${more} more failed answers; --json has them all.`] : []),
  ].join('\n');
}

/** What deletions of documents took from a run. */
function erasuresLine({ answers, samples, deletions }: ErasuresOfRun): string {
  return `cannot be rebuilt: ${answers} answers and ${samples} samples of its dataset were erased with documents that were deleted (${deletions.join(', ')}); scores stay`;
}

/** A figure of a whole run that is no mean of scores. */
export function figureLine({ name, value, samples }: CorpusFigure): string {
  return `${name}: ${value === null ? 'not defined' : value.toFixed(4)} over ${samples} samples`;
}

/** Why answers have no number, of the metrics that have one for some and of those whose scorer failed. */
function reasonLines({ metrics }: RunReport, reasons: RunOverview['reasons']): string[] {
  return Object.entries(reasons).flatMap(([metric, counts]) => {
    const { scored = 0, errors = 0 } = metrics[metric] ?? {};
    if (onlyInJson.has(metric) || (scored === 0 && errors === 0)) return [];
    const parts = Object.entries(counts).map(([reason, count]) => `${count} ${reason}`);
    return [`${metric} without a number: ${parts.join(', ')}`];
  });
}

/** One line an arm. */
export function retrievalTable({ dataset, n, arms }: RetrievalReport): string {
  const metrics = Object.keys(Object.values(arms)[0] ?? {});
  const table = new Table({ head: ['arm', ...metrics], style: plain, chars: compact });
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
/** No lines between rows. */
const compact = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };

/** Three decimals, or two significant digits for what would read 0. */
function figure(value: number): string {
  if (Math.abs(value) < 0.0005 && Math.abs(value) > 1e-6) return value.toPrecision(2);
  return value >= 100 ? value.toFixed(0) : value.toFixed(3);
}
