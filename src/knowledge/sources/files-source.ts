import { constants } from 'node:fs';
import { open, realpath, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { FulcrumError, sha256, toFulcrumError } from '../../core/index.ts';
import type { RawDocument, Source } from '../document.ts';
import { decodeText, documentByteLimit } from '../parsing/decode-text.ts';
import { isTextType, mediaTypeOf } from '../parsing/media-type.ts';
import { fileVersion } from './file-version.ts';
import { isInside, type ListedFile, type ListRules, listFiles } from './list-files.ts';
import { readSidecar } from './sidecar.ts';
import { defaultGlob } from './source-config.ts';

export interface FilesSourceOptions {
  readonly name: string;
  /** Absolute path. */
  readonly directory: string;
  readonly glob?: string | readonly string[] | undefined;
  readonly exclude?: string | readonly string[] | undefined;
  /** Whether what `.gitignore` files name is left out; false by default. */
  readonly gitignore?: boolean | undefined;
  /** Which symbolic links are followed; only those that stay inside the folder by default. */
  readonly links?: ListRules['links'] | undefined;
  /** Largest file that is read, in bytes; 20 MiB by default. */
  readonly byteLimit?: number | undefined;
}

/**
 * Files of a folder, with what sidecar files say of them; keys are POSIX paths inside it, in code unit order. A file
 * that cannot be read, is not UTF-8 text where its format is one, or is over the size limit is a failure of its own.
 * Throws `directory-not-found`.
 */
export function createFilesSource(options: FilesSourceOptions): Source {
  const { name, directory, byteLimit = documentByteLimit } = options;
  const rules: ListRules = {
    globs: listOf(options.glob ?? defaultGlob),
    exclude: listOf(options.exclude ?? []),
    gitignore: options.gitignore ?? false,
    links: options.links ?? 'inside',
  };
  const sidecars = new Map<string, readonly string[]>();
  return {
    name,
    capabilities: { versions: 'declared' },
    async *list({ signal } = {}) {
      signal?.throwIfAborted();
      await requireDirectory(directory);
      sidecars.clear();
      for (const file of await listFiles(directory, rules, signal)) {
        signal?.throwIfAborted();
        const key = file.path;
        if (options.glob === undefined && isGenerated(key)) continue;
        if ('error' in file) {
          const hides = file.hidesOthers ? { hidesOthers: true as const } : {};
          yield { ok: false, uri: key, key, error: namedError(file.error, key), ...hides };
          continue;
        }
        sidecars.set(key, file.sidecars);
        try {
          yield { ok: true, item: { key, uri: key, version: await versionOf(directory, file) } };
        } catch (error) {
          yield { ok: false, uri: key, key, error: namedError(error, key) };
        }
      }
    },
    async read({ key }, { signal } = {}) {
      signal?.throwIfAborted();
      try {
        const beside = sidecars.get(key) ?? (await findSidecars(directory, key));
        return await readDocument(directory, { path: key, sidecars: beside }, rules.links, byteLimit);
      } catch (error) {
        throw namedError(error, key);
      }
    },
  };
}

/** Files that nobody wrote to be read, and the project's own config; a glob of one's own may still name them. */
function isGenerated(path: string): boolean {
  return /^(?:package-lock|npm-shrinkwrap|fulcrum\.config)\.\w+$|\.min\.\w+$/.test(basename(path));
}

function listOf(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}

/** Throws `directory-not-found` unless the path is a folder. */
export async function requireDirectory(directory: string): Promise<void> {
  const found = await stat(directory).catch(() => null);
  if (!found?.isDirectory()) throw new FulcrumError('directory-not-found', { path: directory });
}

/** State of a file and its sidecars; null while one of them changed just now. */
async function versionOf(
  directory: string,
  { path, sidecars }: Extract<ListedFile, { sidecars: unknown }>,
): Promise<string | null> {
  const versions = [await fileVersion(join(directory, path))];
  for (const sidecar of sidecars) versions.push(`${sidecar} ${await fileVersion(join(directory, sidecar))}`);
  return versions.some((version) => version === null || version.endsWith(' null'))
    ? null
    : sha256(versions.join('\n'));
}

const sidecarEndings = ['.meta.json', '.meta.yaml', '.meta.yml'];

/** The sidecars of a file that was not listed before. */
async function findSidecars(directory: string, key: string): Promise<string[]> {
  const found: string[] = [];
  for (const ending of sidecarEndings)
    if (await stat(join(directory, `${key}${ending}`)).catch(() => null)) found.push(`${key}${ending}`);
  return found;
}

async function readDocument(
  directory: string,
  { path: key, sidecars }: { path: string; sidecars: readonly string[] },
  links: ListRules['links'],
  byteLimit: number,
): Promise<RawDocument> {
  const attributes = await readSidecar(sidecars, (path) =>
    readInside(directory, path, links, documentByteLimit),
  );
  const bytes = await readInside(directory, key, links, byteLimit);
  const mediaType = mediaTypeOf(key, bytes);
  const content = isTextType(mediaType) ? decodeText(bytes, key) : bytes;
  return { key, uri: key, content, mediaType, ...attributes };
}

/**
 * The bytes of a regular file below the folder, wherever links lead to now: what was listed may have been exchanged
 * since. Throws `link-outside`, `file-too-large` or an error of the system.
 */
async function readInside(
  directory: string,
  key: string,
  links: ListRules['links'],
  byteLimit: number,
): Promise<Buffer> {
  if (key.includes('\0') || key.split(/[\\/]/).includes('..') || /^(?:[\\/]|[A-Za-z]:[\\/])/.test(key))
    throw new FulcrumError('link-outside', { path: key });
  const root = await realpath(directory);
  const path = await realpath(join(root, key));
  if (links !== 'anywhere' && !isInside(root, path)) throw new FulcrumError('link-outside', { path: key });
  // A pipe in place of a file would block; a link in place of the file that was resolved is not followed.
  const handle = await open(
    path,
    constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0),
  );
  try {
    const found = await handle.stat();
    if (!found.isFile())
      throw new FulcrumError('file-unreadable', { path: key, problem: `${basename(key)} is not a file` });
    if (found.size > byteLimit)
      throw new FulcrumError('file-too-large', { path: key, bytes: found.size, limit: byteLimit });
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/** A catalogue error that names the file as the user knows it. */
function namedError(error: unknown, path: string): unknown {
  if (error instanceof FulcrumError) return error;
  const known = error as NodeJS.ErrnoException;
  if (known.name === 'AbortError') return error;
  if (known.syscall === undefined) return toFulcrumError(error);
  return new FulcrumError(
    'file-unreadable',
    { path, problem: known.code ?? known.message },
    { cause: error },
  );
}
