import { FulcrumError, localOwner, type SplitName, type WorkOptions } from '../core/index.ts';
import {
  createCandidateStore,
  createDatasetStore,
  createRunStore,
  type DatasetStore,
  type DatasetSummary,
  type FindPassages,
  type Generated,
  type GenerationCorpus,
  type GenerationEstimate,
  generateDataset,
  type HiddenGold,
  hideGold,
  parseSplit,
  type QuestionKind,
  requireDatasetName,
  type SpendingOptions,
} from '../evaluation/index.ts';
import { createSectionReader } from '../knowledge/index.ts';
import type { ProjectParts } from './project-parts.ts';
import { resolveSource } from './resolve-source.ts';
import type { Knowledge } from './wire-knowledge.ts';

/** Making test sets from the corpus of a project. */
export interface GroundTruth {
  /**
   * Makes a dataset of questions from the corpus. Throws what `generateDataset` throws, `source-unknown`, `usage` for a
   * split, and `dataset-exists` before anything is spent when the name is taken by another set.
   */
  generate(request: GenerateRequest): Promise<GenerateResult>;
  /** Copies a dataset and adds each of its questions with its gold hidden. Throws `gold-missing` when there is none. */
  hideGoldOf(request: { from: string; name: string }): Promise<HideGoldResult>;
}

export interface GenerateRequest extends WorkOptions, SpendingOptions<GenerationEstimate> {
  readonly name: string;
  readonly count: number;
  /** `provider/model`; cloze questions by rule without one. */
  readonly model?: string | undefined;
  readonly seed?: string | undefined;
  readonly split?: string | undefined;
  /** Only documents of this source. */
  readonly source?: string | undefined;
  readonly kinds?: readonly QuestionKind[] | undefined;
  readonly candidates?: number | undefined;
  readonly concurrency?: number | undefined;
  readonly dropKnown?: boolean | undefined;
  /** Each question once more with its gold hidden. */
  readonly hideGold?: boolean | undefined;
}

export interface GenerateResult extends Omit<Generated, 'samples' | 'cost'> {
  readonly dataset: DatasetSummary;
  readonly made: number;
  readonly costUsd: number | null;
  /** Null where gold was not asked to be hidden. */
  readonly hidden: HiddenCounts | null;
}

export interface HideGoldResult {
  readonly dataset: DatasetSummary;
  readonly hidden: HiddenCounts;
}

/** How many questions came once more with their gold hidden, and why others did not. */
export interface HiddenCounts {
  readonly made: number;
  readonly answeredElsewhere: number;
  readonly withoutGold: number;
}

/** Beginning of the origin of datasets that are made here, and may be made anew under their name. */
const madeHere = 'generated from the corpus';

/** Wires generation to the corpus, the models and the database of a project. */
export async function createGroundTruth(
  project: ProjectParts & { knowledge(): Promise<Knowledge> },
  options: WorkOptions,
): Promise<GroundTruth> {
  const database = await project.database();
  const datasets = createDatasetStore(database);
  const runs = createRunStore(database);
  const findPassages = passageFinder(project, options);

  return {
    async generate({ name, source, split, model: modelId, hideGold: hide, ...request }) {
      const chosenSplit: SplitName | undefined = split === undefined ? undefined : parseSplit(split);
      const chosenSource = source === undefined ? undefined : resolveSource(project.config, source);
      await refuseTakenName(name, datasets, async () =>
        (await runs.list()).some(({ dataset }) => dataset.name === name),
      );
      const { samples, cost, ...generated } = await generateDataset({
        ...options,
        ...request,
        split: chosenSplit,
        corpus: await corpusOf(project, chosenSource, findPassages),
        store: createCandidateStore(database),
        model: modelId === undefined ? null : await project.languageModel(modelId),
      });
      const twins = hide ? await hideGold(samples, findPassages, options) : null;
      const all = [...samples, ...(twins?.samples ?? [])];
      const { summary } = await datasets.save(name, all, `${madeHere} by ${modelId ?? 'rule'}`);
      return {
        ...generated,
        dataset: summary,
        made: samples.length,
        costUsd: cost.usd,
        hidden: twins && countHidden(twins),
      };
    },
    async hideGoldOf({ from, name }) {
      const { content } = await datasets.get(from);
      const twins = await hideGold(content, findPassages, options);
      const { withoutGold, answeredElsewhere } = countHidden(twins);
      if (twins.samples.length === 0)
        throw new FulcrumError('gold-missing', {
          dataset: from,
          without: withoutGold,
          elsewhere: answeredElsewhere,
        });
      const ids = new Set(twins.samples.map(({ id }) => id));
      const kept = content.filter(({ id }) => !ids.has(id));
      const { summary } = await datasets.save(name, [...kept, ...twins.samples], `${from}, gold hidden`);
      return { dataset: summary, hidden: countHidden(twins) };
    },
  };
}

function countHidden({ samples, answeredElsewhere, withoutGold }: HiddenGold): HiddenCounts {
  return { made: samples.length, answeredElsewhere: answeredElsewhere.length, withoutGold };
}

/** A name may be used again for a set that was made here and that no run refers to. */
async function refuseTakenName(
  name: string,
  datasets: DatasetStore,
  isUsed: () => Promise<boolean>,
): Promise<void> {
  requireDatasetName(name);
  const there = (await datasets.list()).find((dataset) => dataset.name === name);
  if (there && (!there.origin.startsWith(madeHere) || (await isUsed())))
    throw new FulcrumError('dataset-exists', { dataset: name });
}

async function corpusOf(
  project: ProjectParts & { knowledge(): Promise<Knowledge> },
  source: string | undefined,
  findPassages: FindPassages,
): Promise<GenerationCorpus> {
  const { documents } = await project.knowledge();
  const readSections = createSectionReader({ database: await project.database() });
  return {
    documents: async () =>
      (await documents.list(localOwner, { source })).map(({ documentId, version }) => ({
        documentId,
        version,
      })),
    sections: (documentId) => readSections(documentId, localOwner),
    findPassages,
  };
}

/** Passages of the whole project for a query. */
export function passageFinder(
  project: { knowledge(): Promise<Knowledge> },
  { signal }: WorkOptions,
): FindPassages {
  return async (query, { limit, exceptDocuments }) => {
    const { retriever } = await project.knowledge();
    const { hits } = await retriever.retrieve(query, localOwner, {
      limit,
      filter: { exceptDocuments },
      signal,
    });
    return hits.map(({ documentId, titlePath, start, end, text }) => ({
      documentId,
      titlePath,
      start,
      end,
      text,
    }));
  };
}
