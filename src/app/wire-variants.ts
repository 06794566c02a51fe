import { FulcrumError } from '../core/index.ts';
import type { EmbeddingModel } from '../models/index.ts';
import { createVariants, type Variants } from '../variants/index.ts';
import type { ProjectOptions, ProjectParts } from './project-parts.ts';
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
  return createVariants({
    config: config.variants,
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
