import { type Answer, localOwner, packageVersion, type Sample, type WorkOptions } from '../core/index.ts';
import type { Database } from '../database/index.ts';
import {
  type AnchorResult,
  anchorDatasetFile,
  auditRecorded,
  type ColumnMap,
  createDatasetStore,
  createRunStore,
  createScorers,
  type Dataset,
  type DatasetFormat,
  type DatasetStore,
  type Evaluated,
  evaluateRetrieval,
  exportRecordedRun,
  exportRun,
  findScorer,
  type ImportResult,
  importDataset,
  importRecordedRun,
  parseSplit,
  type ReadDocument,
  type RecordedAudit,
  type RetrievalReport,
  type RetrieveSpans,
  type Run,
  type RunEstimate,
  type RunReport,
  type RunStore,
  runEvaluation,
  type SampleResult,
  type ScoreRow,
  type Scorer,
  type SourceNames,
  scoreRows,
  summariseRun,
} from '../evaluation/index.ts';
import type { DocumentCatalogue, Retriever } from '../knowledge/index.ts';
import type { Variant } from '../variants/index.ts';
import type { Config } from './config.ts';
import { resolveSource } from './resolve-source.ts';
import { createDatasetTools, type DatasetProject, type DatasetTools } from './wire-datasets.ts';

/** Answers at a time of variants that wait for somebody else's machine; work done here goes one by one. */
const remoteConcurrency = 4;

/** The parts of a project that evaluation is wired to. */
export interface EvaluatedProject extends DatasetProject {
  readonly config: Config;
  database(): Promise<Database>;
  knowledge(): Promise<{ readonly documents: DocumentCatalogue; readonly retriever: Retriever }>;
  variants(): Promise<{ get(name: string): Promise<Variant> }>;
}

/** Datasets and runs of a project. */
export interface Evaluation {
  readonly datasets: Pick<DatasetStore, 'list' | 'get' | 'save'>;
  readonly datasetTools: DatasetTools;
  readonly scorers: readonly Scorer[];
  /** Throws what `importDataset` of the evaluation room throws; `source` resolves ids without one. */
  importDataset(request: ImportRequest): Promise<ImportResult>;
  anchorDataset(request: {
    path: string;
    out?: string | undefined;
    source?: string | undefined;
  }): Promise<AnchorResult>;
  /** Measures search alone, keyword, vector and hybrid (keyword only where nothing is embedded by config). */
  retrieval(request: { dataset: string; split?: string | undefined; k: number }): Promise<RetrievalReport>;
  run(request: RunRequest): Promise<RunReport[]>;
  /** Newest first. */
  listRuns(): Promise<Run[]>;
  /** Throws `run-unknown`. */
  getRun(id: string): Promise<{ run: Run; report: RunReport; results: SampleResult[] }>;
  exportRun(id: string): Promise<string>;
  exportRecordedRun(id: string): Promise<string>;
  importRecordedRun(path: string): Promise<RunReport>;
  /** Scores of runs for comparisons; throws `run-unknown`, `run-mismatch` or `metric-unknown`. */
  scoreRows(runIds: readonly string[], metric: string): Promise<ScoreRow[]>;
  /** Agreement of answers given now with a recorded run. */
  audit(run: string, live: readonly { sample: Sample; answer: Answer }[]): Promise<RecordedAudit>;
  /** Throws `metric-unknown` for a metric that no scorer makes. */
  requireMetric(metric: string): void;
}

export interface ImportRequest {
  readonly path: string;
  readonly name: string;
  readonly format?: DatasetFormat | undefined;
  readonly split?: string | undefined;
  readonly source?: string | undefined;
  readonly map?: ColumnMap | undefined;
  readonly delimiter?: string | undefined;
}

export interface RunRequest extends WorkOptions {
  readonly dataset: string;
  readonly variants: readonly string[];
  readonly split?: string | undefined;
  readonly sample?: number | undefined;
  readonly concurrency?: number | undefined;
  readonly budget?: number | undefined;
  readonly approve?: ((estimate: RunEstimate) => Promise<boolean>) | undefined;
  readonly onEstimate?: ((estimate: RunEstimate) => void) | undefined;
}

/** Wires the evaluation room to the corpus, the variants and the database of a project. */
export async function createEvaluation(project: EvaluatedProject, options: WorkOptions): Promise<Evaluation> {
  const database = await project.database();
  const datasets = createDatasetStore(database);
  const store = createRunStore(database);
  const scorers = createScorers();
  const readDocument: ReadDocument = async (documentId) =>
    (await project.knowledge()).documents.read(documentId, localOwner);

  const datasetTools = await createDatasetTools(project, { ...options, datasets, readDocument });

  const logLook = (dataset: Dataset, split: string | undefined, reason: string, detail: string) =>
    datasetTools.logLook(
      dataset.name,
      dataset.content.filter((sample) => split === undefined || sample.split === split),
      reason,
      detail,
    );

  return {
    datasets,
    datasetTools,
    scorers,
    ...runAccess(store, scorers),
    importDataset: async ({ source, ...request }) =>
      importDataset({
        ...request,
        source: source === undefined ? undefined : resolveSource(project.config, source),
        sources: sourceNames(project, source),
        readDocument,
        listDocuments: async (name) =>
          (await (await project.knowledge()).documents.list(localOwner, { source: name })).map(
            ({ documentId }) => documentId,
          ),
        store: datasets,
      }),
    anchorDataset: ({ source, ...request }) =>
      anchorDatasetFile({ ...request, sources: sourceNames(project, source), readDocument }),
    retrieval: async ({ dataset, split, k }) => {
      const chosen = await datasets.get(dataset);
      await logLook(chosen, split, 'eval retrieval', `k ${k}`);
      return evaluateRetrieval({
        ...options,
        dataset: chosen,
        split: split === undefined ? undefined : parseSplit(split),
        arms: project.config.embedding === false ? ['keyword'] : ['keyword', 'vector', 'hybrid'],
        k,
        retrieve: spansOf(project, options),
      });
    },
    run: async ({ dataset, variants, split, ...request }) => {
      const chosen: Dataset = await datasets.get(dataset);
      const catalogue = await project.variants();
      await logLook(chosen, split, 'eval run', variants.join(', '));
      const evaluated: Evaluated[] = [];
      for (const name of new Set(variants)) evaluated.push(asEvaluated(await catalogue.get(name)));
      const runs = await runEvaluation({
        ...options,
        ...request,
        dataset: chosen,
        variants: evaluated,
        split: split === undefined ? undefined : parseSplit(split),
        principal: localOwner,
        scorers,
        store,
        version: packageVersion(),
      });
      return Promise.all(runs.map(async (run) => summariseRun(run, await store.results(run.id))));
    },
  };
}

/** The part that needs nothing but the database. */
function runAccess(store: RunStore, scorers: readonly Scorer[]) {
  return {
    listRuns: () => store.list(),
    async getRun(id: string) {
      const run = await store.get(id);
      const results = await store.results(id);
      return { run, report: summariseRun(run, results), results };
    },
    exportRun: (id: string) => exportRun(id, store),
    exportRecordedRun: (id: string) => exportRecordedRun(id, store),
    async importRecordedRun(path: string) {
      const run = await importRecordedRun(path, store);
      return summariseRun(run, await store.results(run.id));
    },
    scoreRows: (runIds: readonly string[], metric: string) => scoreRows(runIds, metric, { store, scorers }),
    async audit(id: string, live: readonly { sample: Sample; answer: Answer }[]) {
      await store.get(id);
      return auditRecorded(await store.results(id), live);
    },
    requireMetric: (metric: string) => void findScorer(scorers, metric),
  };
}

function sourceNames({ config }: EvaluatedProject, source: string | undefined): SourceNames {
  return { known: Object.keys(config.sources), resolve: () => resolveSource(config, source) };
}

/** A variant with what evaluation must know of its kind. */
function asEvaluated(variant: Variant): Evaluated {
  const { kind, definition } = variant;
  const remote =
    kind === 'external' || (typeof definition.model === 'string' && !definition.model.startsWith('local/'));
  return {
    name: variant.name,
    kind,
    deployable: variant.deployable,
    definition,
    // An external pipeline may or may not retrieve; whether it names contexts tells.
    retrieves: kind === 'external' ? undefined : kind === 'extract' || kind === 'rag',
    concurrency: remote ? remoteConcurrency : 1,
    estimate: (question) => variant.estimate(question),
    answer: (question) => variant.answer(question),
  };
}

function spansOf(project: EvaluatedProject, { signal }: WorkOptions): RetrieveSpans {
  return async (query, arm, limit) => {
    const { retriever } = await project.knowledge();
    const { hits } = await retriever.retrieve(query, localOwner, { arm, limit, signal });
    return hits.map(({ documentId, start, end }) => ({ documentId, start, end }));
  };
}
