import { FulcrumError } from '../core/index.ts';
import type { EmbeddingModel } from '../models/index.ts';
import { createVariants, isTuned, type Variants, type VariantsOptions } from '../variants/index.ts';
import type { ProjectOptions, ProjectParts } from './project-parts.ts';
import type { TunedModels } from './tuned-models.ts';
import type { Knowledge } from './wire-knowledge.ts';

/** The variants of a project, by the names of its config. */
export type ProjectVariants = Variants;

/**
 * Wires the variants room to the corpus and models of a project. Where the embedding model cannot be had, evidence is
 * chosen by keywords, with one notice.
 */
export async function createProjectVariants(
  project: ProjectParts & {
    knowledge(): Promise<
      Pick<Knowledge, 'retriever' | 'documents' | 'embeddingModel' | 'indexVersion'> &
        Partial<Pick<Knowledge, 'requestContext'>>
    >;
  },
  options: ProjectOptions,
): Promise<ProjectVariants> {
  const { priceCoreSeconds } = await import('../models/index.ts');
  const { config, directory } = project;
  const embeddingModel = async (): Promise<EmbeddingModel | null> => {
    try {
      return await (await project.knowledge()).embeddingModel();
    } catch (error) {
      if (!(error instanceof FulcrumError) || error.code !== 'model-file-unavailable') throw error;
      options.onNotice?.('Evidence is chosen by keywords only, for the embedding model cannot be had.');
      return null;
    }
  };
  const tuned = await project.tunedModels();
  const retrieves = Object.keys(config.sources).length > 0;
  return createVariants({
    config: { ...(await tuned?.variants(retrieves)), ...config.variants },
    ...(tuned && {
      requireAccess: tuned.requireAccess,
      classifier: tuned.classifier,
      learnedFrom: learnedFromTuned(tuned),
    }),
    retriever: async () => (await project.knowledge()).retriever,
    documents: async () => (await project.knowledge()).documents,
    requestContext: async () => (await project.knowledge()).requestContext ?? null,
    languageModel: project.languageModel,
    embeddingModel,
    retrieval: config.retrieval,
    priceCoreSeconds: (coreSeconds) => priceCoreSeconds(coreSeconds, config.coreHourUsd),
    refusal: config.refusal,
    directory,
    environment: process.env,
    indexVersion: async (tenant) => (await project.knowledge()).indexVersion(tenant),
    listDocuments: async (principal) => (await project.knowledge()).documents.list(principal),
    allDocuments: async (principal) => {
      const { documents } = await project.knowledge();
      const all = [];
      for (const { documentId } of await documents.list(principal)) {
        const document = await documents.read(documentId, principal);
        if (document) all.push(document);
      }
      return all;
    },
    trainSamples: async (dataset) => {
      const { createDatasetStore } = await import('../evaluation/index.ts');
      const { content } = await createDatasetStore(await project.database()).get(dataset);
      return content.filter(({ split }) => split === 'train');
    },
    gates: await project.gates(),
  });
}

/** Models that were not tuned have learnt from nothing that is known. */
function learnedFromTuned(tuned: TunedModels): NonNullable<VariantsOptions['learnedFrom']> {
  return async (model) => (isTuned(model) ? tuned.learnedFrom(model) : undefined);
}
