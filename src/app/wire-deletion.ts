import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { matchesGlob } from 'node:path/posix';
import { setTimeout as wait } from 'node:timers/promises';
import { FulcrumError, localOwner, suggest, toFulcrumError } from '../core/index.ts';
import type { Database } from '../database/index.ts';
import {
  checkReceipt,
  createDeleter,
  type Deleted,
  type Deleter,
  type DeletionSummary,
  type EraseElsewhere,
  listDeletions,
  listEveryDocument,
  type Receipt,
  type ReceiptCheck,
  readReceipt,
  tenantsWithUnfinishedDeletions,
  undelete,
} from '../knowledge/index.ts';
import { type Config, writeAtomically } from './config.ts';
import { createIndexStore } from './index-store.ts';
import type { ProjectOptions } from './project-parts.ts';
import { resolveSource } from './resolve-source.ts';
import { removeSideFolders } from './side-folders.ts';
import { tenantOf } from './sync-tenants.ts';

/** Which documents are to be deleted for good, and how. */
export interface ProjectDeletionRequest {
  /** By default that of the sources. */
  readonly tenant?: string | undefined;
  readonly ids?: readonly string[] | undefined;
  /** Documents of this source whose key matches `matching`. */
  readonly source?: string | undefined;
  /** Glob over keys; `**` where it is absent. */
  readonly matching?: string | undefined;
  readonly reason?: string | undefined;
  /** Whether the questions that people wrote about the documents go too. */
  readonly questions?: boolean | undefined;
}

/** Deletion of documents from everything that a project holds. */
export interface ProjectDeletion {
  /** What a deletion would do. Throws `document-unknown`. */
  plan(request: ProjectDeletionRequest): Promise<Receipt>;
  /** See `Deleter.delete`. */
  delete(request: ProjectDeletionRequest): Promise<Deleted>;
  /** By default of the person at the keyboard. */
  deletions(tenant?: string): Promise<DeletionSummary[]>;
  /** Throws `document-not-deleted`. */
  undelete(ids: readonly string[], tenant?: string): Promise<void>;
  /** Looks again for what a receipt says is gone. Throws `receipt-invalid`, `file-not-found`. */
  check(path: string): Promise<ReceiptCheck>;
  close(): Promise<void>;
}

/** What deletion needs of a project. */
export interface DeletionParts {
  readonly directory: string;
  readonly stateDirectory: string;
  readonly config: Config;
  readonly database: Database;
}

/** How long a command waits for a deletion that another process is at. */
const patienceMs = 60_000;

export function createProjectDeletion(parts: DeletionParts, options: ProjectOptions): ProjectDeletion {
  const { database, config } = parts;
  const store = createIndexStore(parts);
  const resolve = async (request: ProjectDeletionRequest) => {
    const tenant = tenantFor(config, request);
    const resolved = {
      ids: await idsFor(parts, tenant, request),
      reason: request.reason ?? null,
      by: userName(),
      questions: request.questions === true,
    };
    return { deleter: deleterOf(parts, store, tenant), resolved };
  };
  return {
    async plan(request) {
      const { deleter, resolved } = await resolve(request);
      return deleter.plan(resolved);
    },
    async delete(request) {
      const { deleter, resolved } = await resolve(request);
      return deleter.delete(resolved, options);
    },
    deletions: (tenant = localOwner.tenant) => listDeletions(database, tenant),
    undelete: (ids, tenant) =>
      undelete(database, tenantFor(config, { ids, tenant }), ids, async (transaction, id) => {
        const { forgetErasedDocument } = await import('../evaluation/index.ts');
        await forgetErasedDocument(transaction, id);
      }),
    check: async (path) => {
      const receipt = readReceipt(await readFile(path, 'utf8'), path);
      return checkReceipt({ database, store, tenant: receipt.tenant }, receipt, options);
    },
    close: () => store.close(),
  };
}

/** The tenant that is named, else that of the source, else that of the sources of the ids, which must be one. */
function tenantFor(
  config: Config,
  { tenant, source, ids = [] }: Pick<ProjectDeletionRequest, 'tenant' | 'source' | 'ids'>,
): string {
  if (tenant !== undefined) return tenant;
  const sources = [
    ...(source === undefined ? [] : [source]),
    ...ids.map((id) => id.slice(0, id.indexOf(':'))),
  ];
  const tenants = [...new Set(sources.map((name) => tenantOf(config, name)))];
  if (tenants.length > 1)
    throw new FulcrumError('usage', {
      problem: `these documents are of several tenants (${tenants.join(', ')}); delete those of one at a time.`,
    });
  return tenants[0] ?? localOwner.tenant;
}

/** Throws `document-unknown`. */
async function idsFor(
  { database, config }: DeletionParts,
  tenant: string,
  { ids = [], source, matching = '**', questions = false }: ProjectDeletionRequest,
): Promise<string[]> {
  const known = await listEveryDocument(database, tenant);
  // With the questions also what was deleted without them.
  const deleted = questions ? await listDeletions(database, tenant) : [];
  const names = [
    ...known.map((document) => document.id),
    ...deleted.flatMap((deletion) => deletion.suppressed),
  ];
  const unknown = ids.find((id) => !names.includes(id));
  if (unknown !== undefined)
    throw new FulcrumError('document-unknown', { document: unknown, suggestion: suggest(unknown, names) });
  if (source === undefined) return [...ids];
  // A source that left the config may still have documents in older versions.
  const name = known.some((document) => document.source === source) ? source : resolveSource(config, source);
  const matched = known.filter((document) => document.source === name && matchesGlob(document.key, matching));
  if (matched.length === 0)
    throw new FulcrumError('document-unknown', { document: `${name}:${matching}`, suggestion: '' });
  return [...new Set([...ids, ...matched.map((document) => document.id)])];
}

/**
 * Finishes deletions that were interrupted, before anything is read. Where another process is at it, waits for that.
 * Throws `deletion-unfinished` when it takes long, and what `Deleter.finish` throws.
 */
export async function finishDeletions(
  parts: DeletionParts,
  options: ProjectOptions,
  isUnfinished: () => Promise<boolean>,
): Promise<void> {
  const until = Date.now() + patienceMs;
  while (await isUnfinished()) {
    const store = createIndexStore(parts);
    try {
      for (const tenant of await tenantsWithUnfinishedDeletions(parts.database))
        for (const { receipt, path } of await deleterOf(parts, store, tenant).finish(options))
          options.onNotice?.(`Finished the deletion ${receipt.id}, which was interrupted; receipt: ${path}`);
    } catch (error) {
      const known = toFulcrumError(error);
      if (known.code !== 'project-locked') throw known;
      if (Date.now() > until)
        throw new FulcrumError('deletion-unfinished', { problem: known.message }, { cause: error });
      await wait(200);
    } finally {
      await store.close();
    }
  }
}

function deleterOf(
  parts: DeletionParts,
  store: ReturnType<typeof createIndexStore>,
  tenant: string,
): Deleter {
  const { database, stateDirectory, config } = parts;
  return createDeleter({
    tenant,
    database,
    store,
    lockFile: join(stateDirectory, 'sync.lock'),
    eraseElsewhere: eraseElsewhere(stateDirectory),
    outOfReach: async ({ repeats }) => [
      ...Object.entries(config.variants)
        .filter(([, definition]) => repeats(JSON.stringify(definition)))
        .map(([name]) => `the config file: the variant "${name}" repeats a passage; edit it`),
      'the sources themselves, with their histories',
      'files that were written or exported: reports, runs, datasets, reviews, decision bundles, older receipts',
      'copies, backups and snapshots of the project folder, and blocks that the disk has not overwritten',
      'what providers of models keep of requests that held passages',
      'the temporary index of a tuning that is running now (fulcrum-tuning-*), which goes when that ends',
    ],
    async keepReceipt(receipt) {
      // Of a tuning that was killed; it would lie there until the next one.
      await removeSideFolders();
      const { mkdir } = await import('node:fs/promises');
      const folder = join(stateDirectory, 'receipts');
      await mkdir(folder, { recursive: true });
      const path = join(folder, `${receipt.id}.json`);
      await writeAtomically(path, `${JSON.stringify(receipt, null, 2)}\n`);
      return path;
    },
  });
}

const eraseElsewhere =
  (stateDirectory: string): EraseElsewhere =>
  async (transaction, documents, options) => {
    const { eraseFromTuning } = await import('../tuning/index.ts');
    const { eraseFromEvaluation } = await import('../evaluation/index.ts');
    const { eraseFromJobs } = await import('../jobs/index.ts');
    const { eraseFromDecisions } = await import('../decision/index.ts');
    const { eraseFromTraces } = await import('../monitoring/index.ts');
    const tuning = await eraseFromTuning(transaction, documents);
    for (const job of tuning.jobs) await removeRowFiles(join(stateDirectory, 'tuning', job));
    const evaluation = await eraseFromEvaluation(transaction, documents, options);
    return {
      surfaces: [
        ...evaluation.surfaces,
        ...(await eraseFromJobs(transaction, documents)),
        ...(await eraseFromDecisions(transaction, documents)),
        ...(await eraseFromTraces(transaction, documents)),
        ...tuning.surfaces,
      ],
      tunedModels: tuning.tunedModels,
      kept:
        evaluation.questionsKept.length === 0
          ? []
          : [
              {
                what: 'questions of erased samples',
                why: 'people wrote them; --samples removes them as well',
                ids: [...evaluation.questionsKept],
              },
            ],
    };
  };

/** Rows that a job left as files; its adapter stays, and its model is flagged. */
async function removeRowFiles(folder: string): Promise<void> {
  const { existsSync } = await import('node:fs');
  const { readdir, rm } = await import('node:fs/promises');
  if (!existsSync(folder)) return;
  for (const name of await readdir(folder))
    if (/^(?:train|validation)\b/.test(name) || name === 'output.log' || name === 'events.jsonl')
      await rm(join(folder, name), { force: true });
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A user without an entry in the system's list, as in some containers.
    return 'unknown';
  }
}
