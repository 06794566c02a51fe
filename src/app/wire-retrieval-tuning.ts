import { FulcrumError, localOwner, type Sample, type SplitName, type WorkOptions } from '../core/index.ts';
import { goldItems } from '../evaluation/index.ts';
import {
  objectiveFor,
  type TunedSettings,
  type TuningDimension,
  type TuningQuestion,
  type TuningReport,
  tuneRetrieval,
  tuningSpace,
} from '../experiments/index.ts';
import {
  type DocumentCatalogue,
  defaultRetrievalSettings,
  type RetrievalOverrides,
  type Retriever,
} from '../knowledge/index.ts';
import { once } from './once.ts';
import type { ProjectParts } from './project-parts.ts';
import type { SideIndex } from './side-index.ts';
import { createTunedSearch } from './tuned-search.ts';
import type { Evaluation } from './wire-evaluation.ts';

/** Hits that a variant reads where neither it nor the config says. */
const hitsOfVariants = 5;

/** What it needs of a project. */
type TunedProject = ProjectParts & {
  knowledge(): Promise<{ readonly documents: DocumentCatalogue; readonly retriever: Retriever }>;
  evaluation(): Promise<Pick<Evaluation, 'datasets' | 'datasetTools'>>;
};

export interface RetrievalTuningRequest extends WorkOptions {
  readonly dataset: string;
  /** Only questions of this split; by default all that are not in the test split. */
  readonly split?: Exclude<SplitName, 'test'> | undefined;
  readonly dimensions: readonly TuningDimension[];
  /** Estimated tokens of retrieved text that is read. */
  readonly budgetTokens: number;
  /** Chunk sizes that are tried beside the present one; each builds a second index in a temporary folder. */
  readonly chunkSizes: readonly number[];
  /** Reranking models that are tried. */
  readonly rerankers: readonly string[];
  /** Whether the test split is looked at, once, where something else than the present settings was chosen. */
  readonly test: boolean;
  readonly onMeasured?: ((settings: TunedSettings, mean: number) => void) | undefined;
}

/**
 * Tunes how the project searches on the questions of a dataset with gold evidence. Throws `dataset-unknown`, `split-missing`,
 * `tuning-evidence-missing`, `usage` where no dimension is left, `sources-changed`, and what search and sync throw.
 */
export async function tuneProjectRetrieval(
  project: TunedProject,
  request: RetrievalTuningRequest,
): Promise<TuningReport> {
  const { config } = project;
  const evaluation = await project.evaluation();
  const dataset = await evaluation.datasets.get(request.dataset);
  const { split } = request;
  if (split !== undefined && !dataset.splits[split])
    throw new FulcrumError('split-missing', { dataset: dataset.name, split });
  const { documents, retriever } = await project.knowledge();
  const indexed = new Set((await documents.list(localOwner)).map(({ documentId }) => documentId));
  if (indexed.size === 0) throw new FulcrumError('index-empty');
  const tuned = questionsOf(
    dataset.content.filter((sample) => (split ? sample.split === split : sample.split !== 'test')),
    indexed,
  );
  if (tuned.questions.length === 0)
    throw new FulcrumError('tuning-evidence-missing', {
      ...{ dataset: dataset.name, without: tuned.without, outside: tuned.outside },
    });
  const test = request.test ? dataset.content.filter((sample) => sample.split === 'test') : [];
  const objective = objectiveFor(tuned.questions, request.budgetTokens);
  const { dimensions, notes } = searchedDimensions(request.dimensions, {
    embeds: config.embedding !== false,
    ranksDocuments: objective.kind === 'document-ndcg',
  });
  const present = presentSettings(config, dimensions.includes('k'));
  if (tuned.without + tuned.outside > 0)
    notes.push(
      `Left out: ${tuned.without} questions without evidence, ${tuned.outside} whose evidence is not in the index.`,
    );
  const indexes = createIndexes(project, retriever, request);
  try {
    return await tuneRetrieval({
      dataset: dataset.name,
      questions: tuned.questions,
      testQuestions: questionsOf(test, indexed).questions,
      objective,
      present,
      dimensions,
      space: tuningSpace({
        ...{ present, dimensions },
        chunkSizes: request.chunkSizes,
        rerankers: request.rerankers,
      }),
      margin: config.decision.margin,
      retrieve: createTunedSearch({
        ...request,
        retrieverFor: indexes.retrieverFor,
        configured: config.retrieval,
        hitsToBudget:
          objective.kind === 'document-ndcg' ? 100 : Math.min(200, 20 + Math.ceil(request.budgetTokens / 25)),
      }),
      beforeTest: () =>
        evaluation.datasetTools.logLook(
          dataset.name,
          dataset.splits.test ?? 0,
          'tune retrieval',
          dimensions.join(', '),
        ),
      onMeasured: request.onMeasured,
      notes,
    });
  } finally {
    await indexes.close();
  }
}

/** The live index for chunks of the present size, and a side index for any other, built at first use. */
function createIndexes(project: TunedProject, live: Retriever, work: WorkOptions) {
  const sides = new Map<number, () => Promise<SideIndex>>();
  const built: SideIndex[] = [];
  const retrieverFor = async (chunkSize: number): Promise<Retriever> => {
    if (chunkSize === project.config.chunking.maxTokens) return live;
    const make =
      sides.get(chunkSize) ??
      once(async () => {
        const { buildSideIndex } = await import('./side-index.ts');
        const { signal, onProgress, onNotice } = work;
        const side = await buildSideIndex(project, {
          ...{ signal, onProgress, onNotice, maxTokens: chunkSize },
          model: await project.embeddingModel(),
        });
        built.push(side);
        return side;
      });
    sides.set(chunkSize, make);
    return (await make()).retriever;
  };
  return {
    retrieverFor,
    async close() {
      for (const side of built.splice(0)) await side.close();
    },
  };
}

/** Questions whose gold evidence is all in the index, and how many have none or have it elsewhere. */
function questionsOf(samples: readonly Sample[], indexed: ReadonlySet<string>) {
  const questions: TuningQuestion[] = [];
  let without = 0;
  let outside = 0;
  for (const { id, input, group, evidence, hiddenDocuments } of samples) {
    const gold = goldItems(evidence);
    const hidden = gold.some(({ document }) => hiddenDocuments?.includes(document));
    if (gold.length === 0 || hidden) without++;
    else if (!gold.every(({ document }) => indexed.has(document))) outside++;
    else questions.push({ id, input, group: group ?? id, gold, hiddenDocuments });
  }
  return { questions, without, outside };
}

/** The dimensions that can matter here, with a note for each that cannot. Throws `usage` where none is left. */
function searchedDimensions(
  wanted: readonly TuningDimension[],
  { embeds, ranksDocuments }: { embeds: boolean; ranksDocuments: boolean },
): { dimensions: TuningDimension[]; notes: string[] } {
  const idle: Partial<Record<TuningDimension, string>> = {
    ...(!embeds && { weight: 'the project embeds nothing' }),
    ...(ranksDocuments && {
      neighbours: 'documents are ranked, not passages',
      k: 'documents are ranked, not passages',
    }),
  };
  const dimensions = wanted.filter((name) => idle[name] === undefined);
  const notes = wanted.flatMap((name) => (idle[name] ? [`Not tuned: ${name} (${idle[name]}).`] : []));
  if (dimensions.length === 0)
    throw new FulcrumError('usage', { problem: `There is nothing to tune. ${notes.join(' ')}` });
  return { dimensions, notes };
}

function presentSettings(
  { retrieval, chunking }: Pick<ProjectParts['config'], 'retrieval' | 'chunking'>,
  tunesHits: boolean,
): TunedSettings {
  const configured: RetrievalOverrides = retrieval;
  const { vectorWeight, neighbours, nearDuplicates, rerank } = {
    ...defaultRetrievalSettings,
    ...Object.fromEntries(Object.entries(configured).filter(([, value]) => value !== undefined)),
  };
  return {
    weight: vectorWeight,
    'chunk-size': chunking.maxTokens,
    neighbours,
    k: tunesHits ? (configured.limit ?? hitsOfVariants) : null,
    'near-duplicates': nearDuplicates,
    rerank: rerank?.model ?? null,
  };
}
