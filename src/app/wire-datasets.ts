import {
  FulcrumError,
  localOwner,
  type Sample,
  type SplitName,
  toFulcrumError,
  type WorkOptions,
} from '../core/index.ts';
import type { Database } from '../database/index.ts';
import {
  type ColumnMap,
  type CoverageReport,
  checkCoverage,
  checkLeakage,
  type Dataset,
  type DatasetFormat,
  type DatasetStore,
  type EmbedTexts,
  type ExportResult,
  exportDataset,
  type FrozenDataset,
  type FrozenSplit,
  findFrozenSplit,
  freezeSplit,
  type LeakageReport,
  type LeakageRows,
  listTestLooks,
  logTestLook,
  type ReadDocument,
  type RunScores,
  readDatasetFile,
  type SplitMethod,
  splitTables,
  type TestLook,
} from '../evaluation/index.ts';
import type { DocumentCatalogue } from '../knowledge/index.ts';
import type { EmbeddingModel } from '../models/index.ts';

/** The parts of a project that work on datasets is wired to. */
export interface DatasetProject {
  readonly config: { readonly embedding: unknown };
  database(): Promise<Database>;
  knowledge(): Promise<{ readonly documents: DocumentCatalogue }>;
  embeddingModel(): Promise<EmbeddingModel | null>;
}

/** Rows to compare a dataset with: a file in any format, or another dataset. */
export type RowsRequest =
  | { readonly dataset: string }
  | {
      readonly path: string;
      readonly format?: DatasetFormat | undefined;
      readonly map?: ColumnMap | undefined;
      readonly delimiter?: string | undefined;
    };

export interface CheckRequest extends WorkOptions {
  readonly dataset: string;
  /** Which samples are the test; by default the test split, or all where there is none. */
  readonly split?: SplitName | undefined;
  readonly train: readonly RowsRequest[];
  readonly fewShot: readonly RowsRequest[];
  readonly againstCorpus: boolean;
  readonly embedding: boolean;
  readonly thresholds: { readonly jaccard: number; readonly cosine: number };
  readonly maxLeak: number;
  readonly runs: readonly RunScores[];
}

export interface CoverageRequest extends WorkOptions {
  readonly dataset: string;
  readonly split?: SplitName | undefined;
  readonly against: RowsRequest & { readonly path: string };
  readonly embedding: boolean;
  readonly permutations: number;
  readonly seed: number;
  readonly topics?: number | undefined;
  readonly labelNext: number;
  readonly runs: readonly RunScores[];
}

/** Work on the datasets of a project, beyond keeping them. Looks at test samples of frozen datasets are logged. */
export interface DatasetTools {
  export(request: {
    dataset: string;
    format: DatasetFormat;
    out: string;
    split?: SplitName | undefined;
  }): Promise<ExportResult>;
  /** Throws what `freezeSplit` throws. */
  split(request: { dataset: string; as?: string | undefined; method: SplitMethod }): Promise<FrozenDataset>;
  /** Whether a dataset is frozen, and the looks at its test samples, oldest first. */
  seal(dataset: string): Promise<{ frozen: FrozenSplit | null; looks: TestLook[] }>;
  check(request: CheckRequest): Promise<LeakageReport>;
  coverage(request: CoverageRequest): Promise<CoverageReport>;
  /** Logs that so many test samples were seen. */
  logLook(dataset: string, testSamples: number, reason: string, detail: string): Promise<void>;
}

/** Wires the tools to the database, the corpus and the embedding model of a project. */
export async function createDatasetTools(
  project: DatasetProject,
  options: WorkOptions & { readonly datasets: DatasetStore; readonly readDocument: ReadDocument },
): Promise<DatasetTools> {
  const database = await project.database();
  const { datasets, readDocument } = options;
  const logLook: DatasetTools['logLook'] = (dataset, samples, reason, detail) =>
    logTestLook(database, { dataset, reason, detail, samples });
  return {
    logLook,
    async export({ dataset, format, out, split }) {
      const samples = samplesOf(await datasets.get(dataset), split);
      const result = await exportDataset({ samples, format, out, readDocument });
      await logLook(dataset, testCount(samples), 'dataset export', format);
      return result;
    },
    split: (request) => freezeSplit(database, request),
    async seal(dataset) {
      return {
        frozen: await findFrozenSplit(splitTables(database), dataset),
        looks: await listTestLooks(database, dataset),
      };
    },
    async check({ dataset, split, train, fewShot, againstCorpus, embedding, ...request }) {
      const chosen = await datasets.get(dataset);
      const samples = testSamples(chosen, split);
      const sides = [
        ...(await Promise.all(train.map((rows) => sideOf('train', rows, datasets)))),
        ...(await Promise.all(fewShot.map((rows) => sideOf('few-shot', rows, datasets)))),
        ...(train.length === 0 ? ownTrainingRows(chosen, samples) : []),
      ];
      if (sides.length === 0 && !againstCorpus)
        throw new FulcrumError('usage', {
          problem: `There is nothing to hold the test samples against: "${dataset}" has no others. Give --train FILE, --few-shot FILE or --against-corpus.`,
        });
      if (request.runs.length > 0)
        await logLook(dataset, testCount(samples), 'dataset check', 'results by band');
      return checkLeakage({
        ...options,
        ...request,
        dataset: chosen,
        split: split ?? (samples === chosen.content ? null : 'test'),
        samples,
        sides,
        corpus: againstCorpus ? documentsOf(project) : undefined,
        embed: await embedderOf(project, embedding && sides.length > 0, options),
      });
    },
    async coverage({ dataset, split, against, embedding, ...request }) {
      const chosen = await datasets.get(dataset);
      const samples = testSamples(chosen, split);
      const { records, leftOut } = await readDatasetFile(against.path, { ...against, asRows: true });
      const embed = await embedderOf(project, embedding, options);
      const report = await checkCoverage({
        ...options,
        ...request,
        dataset: chosen,
        split: split ?? (samples === chosen.content ? null : 'test'),
        samples,
        traffic: { origin: nameOf(against.path), rows: records, blank: leftOut },
        embed: typeof embed === 'function' ? embed : null,
      });
      if (request.runs.length > 0)
        await logLook(dataset, testCount(samples), 'dataset coverage', 'reweighted results');
      return report;
    },
  };
}

function testCount(samples: readonly Sample[]): number {
  return samples.filter(({ split }) => split === 'test').length;
}

function samplesOf({ content }: Dataset, split: SplitName | undefined): readonly Sample[] {
  return split === undefined ? content : content.filter((sample) => sample.split === split);
}

/** The samples of a split; by default of test, or all where there is no test. */
function testSamples(dataset: Dataset, split: SplitName | undefined): readonly Sample[] {
  const chosen = samplesOf(dataset, split ?? 'test');
  return chosen.length === 0 && split === undefined ? dataset.content : chosen;
}

/** The dataset's own train and dev samples; none where they are the ones that are checked. */
function ownTrainingRows(dataset: Dataset, samples: readonly Sample[]): LeakageRows[] {
  const checked = new Set(samples);
  const rows = dataset.content
    .map((sample, index) => ({ sample, line: index + 1 }))
    .filter(({ sample }) => sample.split !== 'test' && !checked.has(sample));
  return rows.length > 0 ? [{ side: 'train', origin: `${dataset.name} (train and dev)`, rows }] : [];
}

async function sideOf(
  side: LeakageRows['side'],
  request: RowsRequest,
  datasets: DatasetStore,
): Promise<LeakageRows> {
  if ('dataset' in request) {
    const { content } = await datasets.get(request.dataset);
    const rows = content
      .map((sample, index) => ({ sample, line: index + 1 }))
      .filter(({ sample }) => sample.split !== 'test');
    return { side, origin: request.dataset, rows };
  }
  const { records } = await readDatasetFile(request.path, { ...request, asRows: true });
  return { side, origin: nameOf(request.path), rows: records };
}

async function* documentsOf(project: DatasetProject): AsyncGenerator<{ id: string; text: string }> {
  const { documents } = await project.knowledge();
  for (const { documentId } of await documents.list(localOwner)) {
    const document = await documents.read(documentId, localOwner);
    if (document) yield { id: documentId, text: document.text };
  }
}

/** The project's embedding model as a function, or why there is none; a model that cannot be had is a notice. */
async function embedderOf(
  project: DatasetProject,
  wanted: boolean,
  { onNotice }: WorkOptions,
): Promise<EmbedTexts | { skipped: string }> {
  if (!wanted) return { skipped: 'not asked for' };
  const skip = (reason: string): { skipped: string } => {
    onNotice?.(`Embeddings were left out: ${reason}.`);
    return { skipped: reason };
  };
  if (project.config.embedding === false) return skip('the config turns embedding off');
  try {
    const model = await project.embeddingModel();
    if (!model) return skip('the config turns embedding off');
    return async (texts, work) => (await model.embedDocuments(texts, work)).vectors;
  } catch (error) {
    const known = toFulcrumError(error);
    if (known.code !== 'model-file-unavailable' && known.code !== 'model-runtime-missing') throw error;
    return skip('the embedding model is not there');
  }
}

function nameOf(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}
