import { FulcrumError, type WorkOptions } from '../core/index.ts';
import type { Database } from '../database/index.ts';
import {
  type DatasetStore,
  diffRuns,
  erasedAnswers,
  erasedSample,
  erasuresOfRun,
  exportCsv,
  exportHtml,
  exportJunit,
  exportMarkdown,
  exportRunPages,
  findScorer,
  type Gate,
  gate,
  parseSplit,
  type Run,
  type RunDifference,
  type RunReport,
  type RunStore,
  type SamplesOf,
  type ScoreRow,
  type Scorer,
  scoreRows,
  summariseStored,
  takeLook,
  type ViewedResult,
  viewRun,
} from '../evaluation/index.ts';
import type { ExportFormat } from './export-formats.ts';
import { chooseProjectScorers } from './optional-scorers.ts';
import type { RunRequest } from './run-request.ts';

/** Reading finished runs, setting them against each other, and doing them again. */
export interface RunAccess {
  /** One sample of a run: question, answers, citations, scores and evidence. Throws `run-unknown`, `sample-unknown`. */
  showSample(id: string, sample: string): Promise<{ run: Run; views: readonly ViewedResult[] }>;
  /** What changed from one run to another, answers side by side. Throws `run-unknown`, `run-mismatch`, `metric-unknown`. */
  diff(request: {
    before: string;
    after: string;
    metric?: string | undefined;
    limit?: number | undefined;
  }): Promise<RunDifference>;
  /** The candidate run against a baseline run: not worse by the margin or more? Throws as `diff` does. */
  gate(request: GateRequest): Promise<Gate>;
  /** The text of an export, some of it at a time. */
  exportAs(id: string, format: ExportFormat, options: ExportOptions): AsyncGenerator<string>;
  /**
   * The same record again: new answers to every sample, or with `failed` only to the samples of this run that had none.
   * Throws `run-not-repeatable` when dataset or variant are not what they were.
   */
  rerun(id: string, options: RerunOptions): Promise<RunReport>;
}

export interface GateRequest {
  readonly candidate: string;
  readonly baseline: string;
  readonly metric?: string | undefined;
  readonly margin?: number | undefined;
  readonly confidence?: number | undefined;
}

export interface ExportOptions {
  readonly metric?: string | undefined;
  /** Run to set it against, in `junit`, `markdown` and `html`. */
  readonly baseline?: string | undefined;
  readonly margin?: number | undefined;
  /** Least score that is no failure in `junit`; 1 by default. */
  readonly threshold?: number | undefined;
}

export type RerunOptions = WorkOptions &
  Pick<RunRequest, 'concurrency' | 'budget' | 'approve' | 'onEstimate'> & { failed?: boolean };

export interface RunParts {
  readonly store: RunStore;
  readonly datasets: DatasetStore;
  readonly scorers: readonly Scorer[];
  readonly database: Database;
  readonly defaults: { readonly metric: string; readonly margin: number };
  readonly run: (request: RunRequest & { firstRepetition?: number }) => Promise<readonly RunReport[]>;
  /** Definition hash of a variant as it is now. Throws `variant-unknown`. */
  readonly definitionHashOf: (variant: string) => Promise<string>;
}

export function createRunAccess(parts: RunParts): RunAccess {
  const { store, datasets, scorers, defaults } = parts;
  const metricOf = async (given: string | undefined): Promise<{ metric: string; scorers: Scorer[] }> => {
    const metric = given ?? defaults.metric;
    return { metric, scorers: await chooseProjectScorers(scorers, [metric]) };
  };
  const samplesOf = (run: Run): SamplesOf => createSamplesOf(datasets, run);
  const diff: RunAccess['diff'] = async ({ before, after, metric: given, limit }) => {
    const { metric, scorers: known } = await metricOf(given);
    const { direction } = findScorer(known, metric);
    const [first, second] = [await store.get(before), await store.get(after)];
    return diffRuns({
      before: first,
      after: second,
      metric,
      direction,
      store,
      samplesOf: samplesOf(second),
      limit,
    });
  };
  const gateRuns: RunAccess['gate'] = async (request) => {
    const { metric, scorers: known } = await metricOf(request.metric);
    const [candidate, baseline] = [await store.get(request.candidate), await store.get(request.baseline)];
    if (candidate.id === baseline.id)
      throw new FulcrumError('run-mismatch', { problem: 'both are the same run.', metric });
    // Checked for being of one dataset.
    await scoreRows([candidate.id, baseline.id], metric, { store, scorers: known });
    // A changed definition is another candidate, not another look at the old one.
    const rowsOf = async (run: Run): Promise<ScoreRow[]> =>
      (await scoreRows([run.id], metric, { store, scorers: known })).map((row) => ({
        ...row,
        variant: `${run.variant} ${run.definitionHash}`,
      }));
    const [candidateRows, baselineRows] = [await rowsOf(candidate), await rowsOf(baseline)];
    const { look } = await takeLook(parts.database, {
      dataset: candidate.dataset.hash,
      metric,
      rows: [...candidateRows, ...baselineRows],
    });
    return gate({
      candidate: { name: candidate.variant, rows: candidateRows },
      baseline: { name: baseline.variant, rows: baselineRows },
      metric,
      margin: request.margin ?? defaults.margin,
      confidence: request.confidence,
      look,
    });
  };

  return {
    diff,
    gate: gateRuns,
    async showSample(id, wanted) {
      const run = await store.get(id);
      const results = await store.resultsOf(id, [wanted]);
      const sample = (await samplesOf(run)([wanted])).get(wanted) ?? null;
      const answers = await store.answersPage(id, [wanted]);
      const erased = await erasedAnswers(parts.database, id, wanted);
      const left = sample ? null : await erasedSample(parts.database, run.dataset.name, wanted);
      const views = results
        .sort((a, b) => a.repetition - b.repetition)
        .map((result) => ({
          result,
          sample,
          answer: answers.get(`${result.repetition}:${wanted}`) ?? null,
          erasedBy: erased.get(result.repetition),
          erasedSample: left,
        }));
      if (views.length > 0) return { run, views };
      throw new FulcrumError('sample-unknown', { sample: wanted, run: id });
    },
    async *exportAs(id, format, options) {
      const run = await store.get(id);
      if (format === 'jsonl') return yield* exportRunPages(id, store);
      const { metric } = await metricOf(options.metric);
      const { threshold = 1, margin } = options;
      const pages = viewRun(run, { store, samplesOf: samplesOf(run) });
      if (format === 'csv') return yield* exportCsv(run, pages);
      const { baseline } = options;
      const gated =
        baseline === undefined ? null : await gateRuns({ candidate: id, baseline, metric, margin });
      if (format === 'junit') return yield* exportJunit(run, pages, { metric, threshold, gate: gated });
      const report = await summariseStored(run, store);
      if (format === 'html') return yield* exportHtml(run, report, pages, { metric, gate: gated });
      if (gated === null || baseline === undefined)
        return yield exportMarkdown(run, report, { metric, baseline: null });
      const before = await store.get(baseline);
      const difference = await diff({ before: baseline, after: id, metric, limit: 20 });
      const told = { run: before, report: await summariseStored(before, store), gate: gated, difference };
      return yield exportMarkdown(run, report, { metric, baseline: told });
    },
    rerun: (id, options) => rerun(id, options, parts),
  };
}

/** Samples by id from the dataset of a run, as long as it is the one that the run was made on. */
function createSamplesOf(datasets: DatasetStore, run: Run): SamplesOf {
  let dataset: Promise<Awaited<ReturnType<DatasetStore['open']>> | null> | null = null;
  return async (ids) => {
    dataset ??= datasets.open(run.dataset.name).catch((error: unknown) => {
      if (error instanceof FulcrumError && error.code === 'dataset-unknown') return null;
      throw error;
    });
    const found = await dataset;
    return found && found.hash === run.dataset.hash ? found.samplesOf(ids) : new Map();
  };
}

async function rerun(
  id: string,
  { failed = false, ...options }: RerunOptions,
  parts: RunParts,
): Promise<RunReport> {
  const { store, datasets } = parts;
  const run = await store.get(id);
  const refuse = (problem: string): never => {
    throw new FulcrumError('run-not-repeatable', { run: id, problem });
  };
  if (run.origin === 'recorded') refuse('it was recorded elsewhere.');
  const { hash } = await datasets.open(run.dataset.name);
  if (hash !== run.dataset.hash) refuse(`the dataset "${run.dataset.name}" has other samples now.`);
  const erasures = await erasuresOfRun(parts.database, run);
  if (erasures && erasures.samples > 0)
    refuse(
      `${erasures.samples} samples of its dataset were erased with documents that were deleted (${erasures.deletions.join(', ')}).`,
    );
  if ((await parts.definitionHashOf(run.variant)) !== run.definitionHash)
    refuse(`the variant "${run.variant}" is defined differently now, or its corpus has changed.`);
  const firstRepetition = failed ? run.firstRepetition : await nextRepetition(run, store);
  if (failed) await store.reopen(id);
  const [report] = await parts.run({
    ...options,
    dataset: run.dataset.name,
    variants: [run.variant],
    split: run.split === null ? undefined : parseSplit(run.split),
    sample: run.sampleLimit ?? undefined,
    repeats: run.repeats,
    firstRepetition,
    onlyMetrics: run.metrics,
  });
  return report ?? refuse(`the variant "${run.variant}" was skipped.`);
}

/** Index after the last answer that finished runs of the same variant have had to these samples. */
async function nextRepetition(run: Run, store: RunStore): Promise<number> {
  const same = (await store.list()).filter(
    (other) =>
      other.finishedAt !== null &&
      other.dataset.hash === run.dataset.hash &&
      other.definitionHash === run.definitionHash,
  );
  return Math.max(...same.map((other) => other.firstRepetition + other.repeats), run.repeats);
}
