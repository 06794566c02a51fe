import { localOwner, type WorkOptions } from '../core/index.ts';
import type { Database } from '../database/index.ts';
import {
  type AnchorResult,
  type AttributionReport,
  anchorDatasetFile,
  type ColumnMap,
  createDatasetStore,
  createRunStore,
  createScorers,
  type DatasetFormat,
  type DatasetStore,
  evaluateRetrieval,
  type ImportResult,
  importDataset,
  keepScorerDefinitions,
  type LeaveOneOutReport,
  parseSplit,
  planRun,
  type ReadDocument,
  type RetrievalReport,
  type RetrieveSpans,
  type RunReport,
  type Scorer,
  type SourceNames,
} from '../evaluation/index.ts';
import type { DocumentCatalogue, Retriever } from '../knowledge/index.ts';
import type { EmbeddingModel } from '../models/index.ts';
import type { Variants } from '../variants/index.ts';
import { asEvaluated } from './as-evaluated.ts';
import type { Config } from './config.ts';
import { configuredScorers } from './configured-scorers.ts';
import { chooseProjectScorers } from './optional-scorers.ts';
import { resolveSource } from './resolve-source.ts';
import type { RunRequest } from './run-request.ts';
import { createRunner, type LogLook } from './run-variants.ts';
import { createStoredRuns, type StoredRuns } from './stored-runs.ts';
import { type AttributionRequest, attributeVariant } from './wire-attribution.ts';
import { createCitationChecks, type LeaveOneOutRequest } from './wire-citations.ts';
import { createDatasetTools, type DatasetProject, type DatasetTools } from './wire-datasets.ts';
import type { ProjectJudges } from './wire-judges.ts';
import { createRunAccess, type RunAccess } from './wire-runs.ts';

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
export interface Evaluation extends StoredRuns {
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
  /** Whether the answers of a variant rest on what they cite; see `leaveOneOut`. */
  leaveOneOut(request: LeaveOneOutRequest): Promise<LeaveOneOutReport>;
  /** Where the failures of a variant come from; see `attributeVariant`. */
  attribute(request: AttributionRequest): Promise<AttributionReport>;
  /** Reading runs, setting them against each other, exporting them and doing them again. */
  readonly runs: RunAccess;
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

/** Wires the evaluation room to the corpus, the variants and the database of a project. */
export async function createEvaluation(project: EvaluatedProject, options: WorkOptions): Promise<Evaluation> {
  const database = await project.database();
  const datasets = createDatasetStore(database);
  const store = createRunStore(database);
  const judges = await project.judges?.();
  const present = [...createScorers(), ...(judges?.scorers() ?? [])];
  const scorers = [...present, ...(await configuredScorers(project, present, judges?.spending))];
  const readDocument: ReadDocument = async (documentId) =>
    (await project.knowledge()).documents.read(documentId, localOwner);

  const datasetTools = await createDatasetTools(project, { ...options, datasets, readDocument });

  const logLook: LogLook = (dataset, split, reason, detail) => {
    const seen = split === undefined || split === 'test' ? (dataset.splits.test ?? 0) : 0;
    return datasetTools.logLook(dataset.name, seen, reason, detail);
  };

  const run = createRunner({ project, datasets, scorers, judges, store, database, logLook }, options);
  return {
    datasets,
    datasetTools,
    scorers,
    ...createStoredRuns({ database, store, scorers, datasets }),
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
    leaveOneOut: createCitationChecks(project, datasets, logLook, options),
    attribute: async (request) => {
      const dataset = await datasets.get(request.dataset);
      await logLook(dataset, request.split, 'eval attribute', request.variant);
      const defaultMetric = project.config.decision.metric;
      const judging = await chooseProjectScorers(scorers, [request.metric ?? defaultMetric]);
      const report = await attributeVariant(
        { ...options, ...request },
        {
          variants: await project.variants(),
          asEvaluated,
          dataset,
          store,
          scorers: judging,
          scoringSpending: judges?.spending,
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

function sourceNames({ config }: EvaluatedProject, source: string | undefined): SourceNames {
  return { known: Object.keys(config.sources), resolve: () => resolveSource(config, source) };
}

function spansOf(project: EvaluatedProject, { signal }: WorkOptions): RetrieveSpans {
  return async (query, arm, limit) => {
    const { retriever } = await project.knowledge();
    const { hits } = await retriever.retrieve(query, localOwner, { arm, limit, signal });
    return hits.map(({ documentId, start, end }) => ({ documentId, start, end }));
  };
}
