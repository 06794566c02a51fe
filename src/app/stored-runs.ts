import type { Answer, Sample } from '../core/index.ts';
import type { Database } from '../database/index.ts';
import {
  auditRecorded,
  type CascadesReport,
  type CorpusFigure,
  composeCascades,
  corpusFigures,
  type DatasetStore,
  definitionsOfRun,
  type ErasuresOfRun,
  erasuresOfRun,
  exportRecordedRun,
  exportRun,
  importRecordedRun,
  overviewOf,
  type RecordedAudit,
  type Run,
  type RunOverview,
  type RunReport,
  type RunStore,
  refuseMixedScorers,
  type SampleResult,
  type SampleTexts,
  type ScoreRow,
  type Scorer,
  scoreRows,
  summariseStored,
  textsOfRuns,
} from '../evaluation/index.ts';
import { chooseProjectScorers, projectOptionalScorers } from './optional-scorers.ts';

/** What is done with runs that are there, from the database alone. */
export interface StoredRuns {
  /** Newest first. */
  listRuns(): Promise<Run[]>;
  /** Throws `run-unknown`. */
  getRun(id: string): Promise<Run>;
  /** Whether a run has a single answer; one in which every sample failed has none. */
  hasAnswer(id: string): Promise<boolean>;
  /** What a run measured, read page by page; with `byTag` also the mean of that metric by tag. Throws `run-unknown`. */
  overview(id: string, byTag?: string): Promise<{ run: Run; erasures?: ErasuresOfRun } & RunOverview>;
  /** The results of a run a page at a time, ordered by sample and repetition. Throws `run-unknown`. */
  results(id: string): AsyncGenerator<readonly SampleResult[]>;
  /** Figures of a whole run that are no mean of scores, of the scorers in the config. Throws `run-unknown`. */
  corpusFigures(id: string): Promise<CorpusFigure[]>;
  /** How the configured and own scorers of a run were defined, by metric. Throws `run-unknown`. */
  scorerDefinitions(id: string): Promise<Record<string, unknown>>;
  exportRun(id: string): Promise<string>;
  /** Some lines at a time. */
  exportRecordedRun(id: string): AsyncGenerator<string>;
  importRecordedRun(path: string): Promise<RunReport>;
  /** Scores of runs for comparisons; throws `run-unknown`, `run-mismatch` or `metric-unknown`. */
  scoreRows(runIds: readonly string[], metric: string): Promise<ScoreRow[]>;
  /** Questions and answers of these samples in runs, by sample; throws `run-unknown`. */
  sampleTexts(runIds: readonly string[], samples: readonly string[]): Promise<Map<string, SampleTexts>>;
  /** Agreement of answers given now with a recorded run. */
  audit(run: string, live: readonly { sample: Sample; answer: Answer }[]): Promise<RecordedAudit>;
  /** Throws `metric-unknown` for a metric that no scorer makes. */
  requireMetric(metric: string): Promise<void>;
  /** Cascades of two runs from their stored results, with their score rows; asks no variant. */
  cascades(request: CascadesRequest): Promise<{ report: CascadesReport; rows: ScoreRow[] }>;
}

export interface CascadesRequest {
  readonly runs: readonly string[];
  readonly metric: string;
  readonly folds?: number | undefined;
  readonly tolerance?: number | undefined;
  readonly confidence?: number | undefined;
}

export interface StoredRunsParts {
  readonly database: Database;
  readonly store: RunStore;
  readonly scorers: readonly Scorer[];
  readonly datasets: DatasetStore;
}

export function createStoredRuns({ database, store, scorers, datasets }: StoredRunsParts): StoredRuns {
  return {
    listRuns: () => store.list(),
    getRun: (id: string) => store.get(id),
    hasAnswer: (id: string) => store.hasAnswer(id),
    async overview(id: string, byTag?: string) {
      const run = await store.get(id);
      const erasures = await erasuresOfRun(database, run);
      return { run, ...(erasures && { erasures }), ...(await overviewOf(run, store, byTag)) };
    },
    async *results(id: string) {
      await store.get(id);
      yield* store.pages(id, 'sample');
    },
    async corpusFigures(id: string) {
      const { metrics } = await store.get(id);
      const optional = metrics.filter((name) => Object.hasOwn(projectOptionalScorers, name));
      return corpusFigures(store.pages(id, 'sample'), await chooseProjectScorers(scorers, optional));
    },
    exportRun: (id: string) => exportRun(id, store),
    exportRecordedRun: (id: string) => exportRecordedRun(id, store),
    async importRecordedRun(path: string) {
      const run = await importRecordedRun(path, store);
      return summariseStored(run, store);
    },
    async sampleTexts(runIds: readonly string[], samples: readonly string[]) {
      const runs = await Promise.all(
        [...new Set(runIds)].map(async (id) => {
          const answers = await store.answersPage(id, samples);
          return {
            run: await store.get(id),
            results: await store.resultsOf(id, samples),
            answers: new Map(samples.flatMap((sample) => firstAnswer(answers, sample))),
          };
        }),
      );
      // A recorded run may be of a dataset that this project does not hold.
      const held = new Set((await datasets.list()).map(({ name }) => name));
      const names = [...new Set(runs.map(({ run }) => run.dataset.name))].filter((name) => held.has(name));
      const found = await Promise.all(
        names.map(async (name) => [...(await (await datasets.open(name)).samplesOf(samples)).values()]),
      );
      return textsOfRuns(runs, found.flat());
    },
    cascades: async ({ runs, metric, ...how }: CascadesRequest) =>
      composeCascades(runs, metric, {
        ...how,
        store,
        scorers: await chooseProjectScorers(scorers, [metric]),
      }),
    async scoreRows(runIds: readonly string[], metric: string) {
      await refuseMixedScorers(database, runIds, metric);
      return scoreRows(runIds, metric, { store, scorers: await chooseProjectScorers(scorers, [metric]) });
    },
    async scorerDefinitions(id: string) {
      await store.get(id);
      return definitionsOfRun(database, id);
    },
    async audit(id: string, live: readonly { sample: Sample; answer: Answer }[]) {
      await store.get(id);
      return auditRecorded(await store.results(id), live);
    },
    async requireMetric(metric: string) {
      await chooseProjectScorers(scorers, [metric]);
    },
  };
}

function firstAnswer(answers: ReadonlyMap<string, Answer>, sample: string): [string, Answer][] {
  const answer = answers.get(`0:${sample}`);
  return answer ? [[sample, answer]] : [];
}
