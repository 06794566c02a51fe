import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FulcrumError, localOwner } from '../../core/index.ts';
import { type Database, openDatabase } from '../../database/index.ts';
import type { EmbeddingModel } from '../../models/index.ts';
import type { ChunkStore } from '../chunk-store.ts';
import type { Source } from '../document.ts';
import { knowledgeMigrations, knowledgeTables } from '../migrations.ts';
import { createRetriever } from '../retrieval/create-retriever.ts';
import { createLanceStore } from '../store/lance-store.ts';
import { createSynchroniser } from '../sync/create-sync.ts';
import type { DocumentPipeline } from '../sync/prepare-document.ts';
import { createDeleter, type Deleter } from './create-deleter.ts';
import type { Receipt } from './receipt.ts';

/** A corpus in a folder of its own that documents are deleted from. */
export interface DeletionCorpus {
  readonly folder: string;
  readonly lockFile: string;
  database(): Database;
  deleter(): Deleter;
  remove(...ids: string[]): ReturnType<Deleter['delete']>;
  sync(documents: Record<string, string>): ReturnType<ReturnType<typeof createSynchroniser>['sync']>;
  rollback(version: number): Promise<void>;
  /** Numbers of the versions of the index. */
  versions(): Promise<number[]>;
  /** Ids of the documents that a search finds. */
  found(query: string): Promise<string[]>;
  /** Files that hold one of these. */
  filesThatHold(needles: readonly Buffer[]): string[];
  /** Closes index and database, runs work, and opens them again. */
  closedFor(work: () => Promise<void> | void): Promise<void>;
  close(): Promise<void>;
}

/** What documents come from and go through. */
export interface CorpusParts {
  readonly model: EmbeddingModel;
  readonly pipeline: DocumentPipeline;
  /** A source named `s` of these texts by key. */
  readonly source: (documents: Record<string, string>) => Source;
}

export async function createDeletionCorpus({
  model,
  pipeline,
  source,
}: CorpusParts): Promise<DeletionCorpus> {
  const folder = mkdtempSync(join(tmpdir(), 'fulcrum-deleter-'));
  const lockFile = join(folder, 'sync.lock');
  let database: Database;
  let store: ChunkStore;
  const open = async (): Promise<void> => {
    database = await openDatabase(join(folder, 'fulcrum.db'), [knowledgeMigrations]);
    store = createLanceStore({ directory: join(folder, 'index') });
  };
  const shut = async (): Promise<void> => {
    await store.close();
    await database.close();
  };
  await open();
  const deleter = (): Deleter =>
    createDeleter({
      ...{ tenant: 'local', database, store, lockFile },
      eraseElsewhere: async () => ({ surfaces: [] }),
      outOfReach: async () => [],
      keepReceipt: async (receipt) => `${receipt.id}.json`,
    });
  const synchroniser = () =>
    createSynchroniser({
      ...{ tenant: 'local', database, store, lockFile, pipeline },
      embeddingModel: async () => model,
    });
  return {
    folder,
    lockFile,
    database: () => database,
    deleter,
    remove: (...ids) => deleter().delete({ ids, reason: null, by: 'test', questions: false }),
    sync: (documents) => synchroniser().sync([source(documents)], { allowMassDelete: true }),
    async rollback(number) {
      await synchroniser().rollback(number);
    },
    versions: async () =>
      (
        await knowledgeTables(database)
          .selectFrom('index_versions')
          .select('number')
          .where('completed_at', 'is not', null)
          .execute()
      ).map((row) => row.number),
    async found(query) {
      const retriever = createRetriever({ database, store, embeddingModel: async () => model });
      try {
        const { hits } = await retriever.retrieve(query, localOwner, { limit: 100 });
        return [...new Set(hits.map((hit) => hit.documentId))].sort();
      } catch (error) {
        if (error instanceof FulcrumError && error.code === 'index-empty') return [];
        throw error;
      }
    },
    filesThatHold: (needles) =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && !entry.name.endsWith('.mts'))
        .map((entry) => join(entry.parentPath, entry.name))
        .filter((file) => {
          const bytes = readFileSync(file);
          return needles.some((needle) => bytes.includes(needle));
        }),
    async closedFor(work) {
      await shut();
      await work();
      await open();
    },
    async close() {
      await shut();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Counts of a receipt by surface. */
export const removedOf = (receipt: Receipt): Record<string, number> =>
  Object.fromEntries(receipt.removed.map(({ surface, removed }) => [surface, removed]));

/** Steps of a deletion that `killDuring` can kill after. */
export const killSteps = ['requested', 'taken', 'removeVersions', 'scrub', 'receipt'] as const;

/** Deletes `s:a` in a process of its own that kills itself, as `kill -9` does, when it reaches a step; gives its signal. */
export async function killDuring(corpus: DeletionCorpus, step: (typeof killSteps)[number]): Promise<unknown> {
  const script = join(corpus.folder, 'child.mts');
  const from = (path: string): string => JSON.stringify(join(import.meta.dirname, path));
  writeFileSync(
    script,
    `
    import { openDatabase } from ${from('../../database/index.ts')};
    import { knowledgeMigrations } from ${from('../migrations.ts')};
    import { createLanceStore } from ${from('../store/lance-store.ts')};
    import { createDeleter } from ${from('create-deleter.ts')};
    const step = ${JSON.stringify(step)};
    const die = (name) => { if (name === step) process.kill(process.pid, 'SIGKILL'); };
    const database = await openDatabase(${JSON.stringify(join(corpus.folder, 'fulcrum.db'))}, [knowledgeMigrations]);
    const lance = createLanceStore({ directory: ${JSON.stringify(join(corpus.folder, 'index'))} });
    const dying = (name) => async (...parameters) => { await lance[name](...parameters); die(name); };
    const store = {
      ...lance, removeVersions: dying('removeVersions'), scrub: dying('scrub'),
      listVersions: (tenant) => { die('taken'); return lance.listVersions(tenant); },
    };
    await createDeleter({
      tenant: 'local', database, store, lockFile: ${JSON.stringify(corpus.lockFile)},
      eraseElsewhere: async () => { die('requested'); return { surfaces: [] }; },
      outOfReach: async () => [],
      keepReceipt: async () => { die('receipt'); return ''; },
    }).delete({ ids: ['s:a'], reason: null, by: 'test', questions: false });
    `,
  );
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'ignore', 'inherit'] });
  return new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
}
