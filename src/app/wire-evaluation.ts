import { type Answer, localOwner, packageVersion, type Sample, type WorkOptions } from '../core/index.ts';
import type { Database } from '../database/index.ts';
import {
  type AnchorResult,
  type AttributionReport,
  anchorDatasetFile,
  auditRecorded,
  type CascadesReport,
  type ColumnMap,
  type CorpusFigure,
  chooseScorers,
  composeCascades,
  corpusFigures,
  createDatasetStore,
  createRunStore,
  createScorers,
  type DatasetFormat,
  type DatasetStore,
  type DatasetSummary,
  definitionsOfRun,
  type Evaluated,
  evaluateRetrieval,
  exportRecordedRun,
  exportRun,
  findScorer,
  type ImportResult,
  importDataset,
  importRecordedRun,
  keepScorerDefinitions,
  parseSplit,
  planRun,
  type ReadDocument,
  type RecordedAudit,
  type RetrievalReport,
  type RetrieveSpans,
  type Run,
  type RunReport,
  type RunStore,
  refuseMixedScorers,
  runEvaluation,
  type SampleResult,
  type SampleTexts,
  type ScoreRow,
  type Scorer,
  type SourceNames,
  scoreRows,
  summariseRun,
  summariseStored,
  textsOfRuns,
} from '../evaluation/index.ts';
import type { DocumentCatalogue, Retriever } from '../knowledge/index.ts';
import type { EmbeddingModel } from '../models/index.ts';
import type { Variant, Variants } from '../variants/index.ts';
import type { Config } from './config.ts';
import { configuredScorers } from './configured-scorers.ts';
import { resolveSource } from './resolve-source.ts';
import type { RunRequest } from './run-request.ts';
import { type AttributionRequest, attributeVariant } from './wire-attribution.ts';
import { createDatasetTools, type DatasetProject, type DatasetTools } from './wire-datasets.ts';
import type { ProjectJudges } from './wire-judges.ts';
import { createRunAccess, type RunAccess } from './wire-runs.ts';

/** Answers at a time of variants that wait for somebody else's machine; work done here goes one by one. */
const remoteConcurrency = 4;

/** The parts of a project that evaluation is wired to. */
export interface EvaluatedProject extends DatasetProject {
  readonly directory: string;
  readonly config: Config;
  embeddingModel(): Promise<EmbeddingModel | null>;
  database(): Promise<Database>;
  knowledge(): Promise<{ readonly documents: DocumentCatalogue; readonly retriever: Retriever }>;
  variants(): Promise<Pick<Variants, 'get' | 'list' | 'make'>>;
  /** Absent where nothing judges. */
  judges?(): Promise<ProjectJudges>;
}

/** Datasets and runs of a project. */
export interface Evaluation {
  readonly datasets: Pick<DatasetStore, 'list' | 'get' | 'save' | 'open'>;
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
  /** Cascades of two runs from their stored results, with their score rows; asks no variant. */
  cascades(request: CascadesRequest): Promise<{ report: CascadesReport; rows: ScoreRow[] }>;
  /** Where the failures of a variant come from; see `attributeVariant`. */
  attribute(request: AttributionRequest): Promise<AttributionReport>;
  /** Reading runs, setting them against each other, exporting them and doing them again. */
  readonly runs: RunAccess;
  /** Newest first. */
  listRuns(): Promise<Run[]>;
  /** Throws `run-unknown`. */
  getRun(id: string): Promise<{ run: Run; report: RunReport; results: SampleResult[] }>;
  /** Figures of a whole run that are no mean of scores, of the scorers in the config. Throws `run-unknown`. */
  corpusFigures(id: string): Promise<CorpusFigure[]>;
  /** How the configured and own scorers of a run were defined, by metric. Throws `run-unknown`. */
  scorerDefinitions(id: string): Promise<Record<string, unknown>>;
  exportRun(id: string): Promise<string>;
  exportRecordedRun(id: string): Promise<string>;
  importRecordedRun(path: string): Promise<RunReport>;
  /** Scores of runs for comparisons; throws `run-unknown`, `run-mismatch` or `metric-unknown`. */
  scoreRows(runIds: readonly string[], metric: string): Promise<ScoreRow[]>;
  /** Questions and answers of runs, by sample; throws `run-unknown`. */
  sampleTexts(runIds: readonly string[]): Promise<Map<string, SampleTexts>>;
  /** Agreement of answers given now with a recorded run. */
  audit(run: string, live: readonly { sample: Sample; answer: Answer }[]): Promise<RecordedAudit>;
  /** Throws `metric-unknown` for a metric that no scorer makes. */
  requireMetric(metric: string): Promise<void>;
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

export interface CascadesRequest {
  readonly runs: readonly string[];
  readonly metric: string;
  readonly folds?: number | undefined;
  readonly tolerance?: number | undefined;
  readonly confidence?: number | undefined;
}

/** Wires the evaluation room to the corpus, the variants and the database of a project. */
export async function createEvaluation(project: EvaluatedProject, options: WorkOptions): Promise<Evaluation> {
  const database = await project.database();
  const datasets = createDatasetStore(database);
  const store = createRunStore(database);
  const judges = await project.judges?.();
  const present = [...createScorers(), ...(judges?.scorers() ?? [])];
  const scorers = [...present, ...(await configuredScorers(project, present))];
  const readDocument: ReadDocument = async (documentId) =>
    (await project.knowledge()).documents.read(documentId, localOwner);

  const datasetTools = await createDatasetTools(project, { ...options, datasets, readDocument });

  const logLook = (dataset: DatasetSummary, split: string | undefined, reason: string, detail: string) => {
    const seen = split === undefined || split === 'test' ? (dataset.splits.test ?? 0) : 0;
    return datasetTools.logLook(dataset.name, seen, reason, detail);
  };

  const run = async ({
    dataset,
    variants,
    made = {},
    split,
    metrics,
    onlyMetrics,
    ...request
  }: RunRequest) => {
    const chosen = await datasets.open(dataset);
    const known = await chooseScorers(scorers, [...(metrics ?? []), ...(onlyMetrics ?? [])]);
    const catalogue = await project.variants();
    const evaluated: Evaluated[] = [];
    for (const name of new Set(variants)) evaluated.push(asEvaluated(await catalogue.get(name)));
    for (const [name, config] of Object.entries(made))
      evaluated.push(asEvaluated(await catalogue.make(name, config)));
    await logLook(chosen, split, 'eval run', evaluated.map(({ name }) => name).join(', '));
    const judging = onlyMetrics ? onlyMetrics.map((name) => findScorer(known, name)) : known;
    const runs = await runEvaluation({
      ...options,
      ...request,
      dataset: chosen,
      variants: evaluated,
      split: split === undefined ? undefined : parseSplit(split),
      principal: localOwner,
      scorers: judging,
      store,
      version: packageVersion(),
    });
    await keepScorerDefinitions(
      database,
      runs.map(({ id }) => id),
      judging,
    );
    for (const line of judges?.spendingLines() ?? []) options.onNotice?.(line);
    const reports: RunReport[] = [];
    for (const each of runs) reports.push(await summariseStored(each, store));
    return reports;
  };

  return {
    datasets,
    datasetTools,
    scorers,
    ...runAccess(database, store, scorers, datasets),
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
    run,
    runs: createRunAccess({
      ...{ store, datasets, scorers, database, run },
      defaults: project.config.decision,
      definitionHashOf: async (name) => {
        const variant = asEvaluated(await (await project.variants()).get(name));
        return planRun(variant, [], localOwner).definitionHash;
      },
    }),
    attribute: async (request) => {
      const dataset = await datasets.get(request.dataset);
      await logLook(dataset, request.split, 'eval attribute', request.variant);
      const defaultMetric = project.config.decision.metric;
      const judging = await chooseScorers(scorers, [request.metric ?? defaultMetric]);
      const report = await attributeVariant(
        { ...options, ...request },
        {
          variants: await project.variants(),
          asEvaluated,
          dataset,
          store,
          scorers: judging,
          retrieve: spansOf(project, options),
          readDocument,
          defaultMetric,
          embeds: project.config.embedding !== false,
        },
      );
      const runIds = report.arms.flatMap((arm) => arm.run ?? []);
      await keepScorerDefinitions(database, runIds, judging);
      return report;
    },
  };
}

/** The part that needs nothing but the database. */
function runAccess(database: Database, store: RunStore, scorers: readonly Scorer[], datasets: DatasetStore) {
  return {
    listRuns: () => store.list(),
    async getRun(id: string) {
      const run = await store.get(id);
      const results = await store.results(id);
      return { run, report: summariseRun(run, results), results };
    },
    async corpusFigures(id: string) {
      await store.get(id);
      return corpusFigures(store.pages(id, 'sample'), scorers);
    },
    exportRun: (id: string) => exportRun(id, store),
    exportRecordedRun: (id: string) => exportRecordedRun(id, store),
    async importRecordedRun(path: string) {
      const run = await importRecordedRun(path, store);
      return summariseRun(run, await store.results(run.id));
    },
    async sampleTexts(runIds: readonly string[]) {
      const runs = await Promise.all(
        [...new Set(runIds)].map(async (id) => ({
          run: await store.get(id),
          results: await store.results(id),
          answers: await store.answers(id),
        })),
      );
      // A recorded run may be of a dataset that this project does not hold.
      const names = [...new Set(runs.map(({ run }) => run.dataset.name))];
      const known = await datasets.list();
      const held = known.filter(({ name }) => names.includes(name));
      const samples = await Promise.all(held.map(async ({ name }) => (await datasets.get(name)).content));
      return textsOfRuns(runs, samples.flat());
    },
    cascades: async ({ runs, metric, ...how }: CascadesRequest) =>
      composeCascades(runs, metric, { ...how, store, scorers: await chooseScorers(scorers, [metric]) }),
    async scoreRows(runIds: readonly string[], metric: string) {
      await refuseMixedScorers(database, runIds, metric);
      return scoreRows(runIds, metric, { store, scorers: await chooseScorers(scorers, [metric]) });
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
      await chooseScorers(scorers, [metric]);
    },
  };
}

function sourceNames({ config }: EvaluatedProject, source: string | undefined): SourceNames {
  return { known: Object.keys(config.sources), resolve: () => resolveSource(config, source) };
}

/** A variant with what evaluation must know of its kind. */
function asEvaluated(variant: Variant): Evaluated {
  const { kind, definition } = variant;
  const remoteKind = kind === 'external' || kind === 'cascade';
  const remote =
    kind === 'external' || (typeof definition.model === 'string' && !definition.model.startsWith('local/'));
  return {
    name: variant.name,
    kind,
    deployable: variant.deployable,
    definition,
    // An external pipeline may or may not retrieve; whether it names contexts tells.
    retrieves: variant.retrieves ?? (remoteKind ? undefined : kind === 'extract' || kind === 'rag'),
    concurrency: remoteKind ? (variant.concurrency ?? remoteConcurrency) : remote ? remoteConcurrency : 1,
    learnedFrom: variant.learnedFrom,
    cannotRun: async (principal) => (await variant.cannotRun?.(principal)) ?? null,
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
