import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FulcrumError, localOwner, type WorkOptions } from '../core/index.ts';
import { openDatabase } from '../database/index.ts';
import {
  createDocumentPipeline,
  createDocumentReader,
  createLanceStore,
  createRetriever,
  createSource,
  createSynchroniser,
  type DocumentCatalogue,
  knowledgeMigrations,
  type Retriever,
  reuseVectors,
} from '../knowledge/index.ts';
import type { EmbeddingModel } from '../models/index.ts';
import type { ProjectParts } from './project-parts.ts';
import { makeSideFolder, removeSideFolders } from './side-folders.ts';
import { rerankersOf } from './wire-knowledge.ts';

/** A second index of the same documents, cut in another way; it lies in a temporary folder and goes when it is closed. */
export interface SideIndex {
  readonly retriever: Retriever;
  close(): Promise<void>;
}

/**
 * Builds a second index of the project's sources with chunks of another size. The project's own index is read for vectors that it
 * has already, and never written. Throws `sources-changed` where the sources no longer give the documents that the live index holds, for then
 * the two could not be compared.
 */
export async function buildSideIndex(
  project: Pick<ProjectParts, 'directory' | 'config' | 'database' | 'gates'>,
  { maxTokens, model, ...work }: WorkOptions & { maxTokens: number; model: EmbeddingModel | null },
): Promise<SideIndex> {
  const { config, directory } = project;
  const live = await project.database();
  await removeSideFolders();
  const folder = await makeSideFolder();
  const closers: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    for (const each of closers.splice(0)) await each();
  };
  try {
    const database = await openDatabase(join(folder, 'side.db'), [knowledgeMigrations]);
    closers.unshift(() => database.close());
    const store = createLanceStore({ directory: join(folder, 'index') });
    closers.unshift(() => store.close());
    const reusing = model && reuseVectors(model, live);
    const embeddingModel = async () => reusing;
    const { failed } = await createSynchroniser({
      ...{ tenant: localOwner.tenant, database, store, embeddingModel },
      pipeline: createDocumentPipeline({ ...config.chunking, maxTokens }),
      lockFile: join(folder, 'sync.lock'),
    }).sync(
      Object.entries(config.sources).map(([name, definition]) =>
        createSource(name, definition, { projectDirectory: directory }),
      ),
      work,
    );
    const differing = await countDifferences(
      createDocumentReader({ database: live }),
      createDocumentReader({ database }),
    );
    if (differing > 0) throw new FulcrumError('sources-changed', { count: differing, failed: failed.length });
    return {
      retriever: createRetriever({
        ...{ database, store, embeddingModel },
        settings: config.retrieval,
        rerankingModel: rerankersOf(project),
      }),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Documents that are in one catalogue only, or in another version. */
async function countDifferences(first: DocumentCatalogue, second: DocumentCatalogue): Promise<number> {
  const versions = async (catalogue: DocumentCatalogue) =>
    new Set((await catalogue.list(localOwner)).map(({ documentId, version }) => `${documentId}@${version}`));
  const [live, side] = [await versions(first), await versions(second)];
  return new Set([...live.symmetricDifference(side)].map((each) => each.slice(0, each.lastIndexOf('@'))))
    .size;
}
