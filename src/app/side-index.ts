import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
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
import { rerankersOf } from './wire-knowledge.ts';

/** Start of the names of temporary folders; the process that made one comes next. */
const folderStart = 'fulcrum-tuning-';

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
  await removeLeftovers();
  const folder = await mkdtemp(join(tmpdir(), `${folderStart}${process.pid}-`));
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

/** Removes side indexes of processes that were killed, since they hold the text of documents. */
async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = new RegExp(`^${folderStart}(\\d+)-`).exec(name)?.[1];
    if (pid === undefined || isRunning(Number(pid))) continue;
    // Another user's folder is not ours to remove.
    await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined);
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
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
