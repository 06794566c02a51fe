import type { WorkOptions } from '../core/index.ts';
import {
  createCandidateStore,
  createDatasetStore,
  createProposalStore,
  createReviewStore,
  type FactsEstimate,
  type FactsProposed,
  parseSplit,
  proposeFacts,
  type SpendingOptions,
} from '../evaluation/index.ts';
import type { ProjectParts } from './project-parts.ts';

/** Facts proposed for the samples of datasets; people decide on them in review. */
export interface FactProposals {
  /** Throws `dataset-unknown`, `usage` for a split, and what `proposeFacts` throws. */
  propose(request: FactsRequest): Promise<FactsResult>;
  /** Forgets what was proposed; answers of models stay kept. Throws `dataset-unknown`. */
  clear(dataset: string): Promise<{ dataset: string; cleared: number }>;
}

export interface FactsRequest extends WorkOptions, SpendingOptions<FactsEstimate> {
  readonly dataset: string;
  /** `provider/model`; by rule without one. */
  readonly model?: string | undefined;
  readonly split?: string | undefined;
  /** Most samples taken. */
  readonly sample?: number | undefined;
}

export interface FactsResult extends Omit<FactsProposed, 'cost'> {
  readonly dataset: string;
  readonly costUsd: number | null;
}

/** Wires proposed facts to the models and the database of a project. */
export async function createFactProposals(
  project: ProjectParts,
  options: WorkOptions,
): Promise<FactProposals> {
  const database = await project.database();
  const datasets = createDatasetStore(database);
  const proposals = createProposalStore(database);
  const reviews = createReviewStore(database);
  const calls = createCandidateStore(database);
  return {
    async propose({ dataset: name, model: modelId, split, sample, ...request }) {
      const chosenSplit = split === undefined ? undefined : parseSplit(split);
      const dataset = await datasets.get(name);
      const { cost, ...proposed } = await proposeFacts({
        ...options,
        ...request,
        dataset,
        proposals,
        calls,
        reviews: await reviews.reviews(name),
        model: modelId === undefined ? null : await project.languageModel(modelId),
        split: chosenSplit,
        limit: sample,
      });
      return { dataset: name, ...proposed, costUsd: cost.usd };
    },
    async clear(name) {
      const { name: dataset } = await datasets.get(name);
      return { dataset, cleared: await proposals.clear(dataset) };
    },
  };
}
