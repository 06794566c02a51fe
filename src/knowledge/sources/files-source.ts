import { readFile, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { FulcrumError, toFulcrumError } from '../../core/index.ts';
import type { RawDocument, Source } from '../document.ts';
import { decodeText, documentByteLimit } from './decode-text.ts';
import { fileVersion } from './file-version.ts';
import { listFiles } from './list-files.ts';
import { defaultGlob } from './source-config.ts';

const mediaTypes: Readonly<Record<string, string>> = {
  '.md': 'text/markdown',
  '.markdown': 'text/markdown',
  '.mdx': 'text/mdx',
  '.html': 'text/html',
  '.htm': 'text/html',
  '.xhtml': 'text/html',
};

/**
 * Text files of a folder; keys are POSIX paths inside it, in code unit order. A file that cannot be read, is not
 * UTF-8 text or is over the size limit is a failure of its own. Throws `directory-not-found`.
 */
export function createFilesSource(options: {
  readonly name: string;
  /** Absolute path. */
  readonly directory: string;
  readonly glob?: string | undefined;
}): Source {
  const { name, directory } = options;
  return {
    name,
    capabilities: { versions: 'declared' },
    async *list({ signal } = {}) {
      await requireDirectory(directory);
      for (const file of await listFiles(directory, options.glob ?? defaultGlob, signal)) {
        signal?.throwIfAborted();
        const key = file.path;
        try {
          if ('error' in file) {
            yield { ok: false, uri: key, key, error: namedError(file.error, key), hidesOthers: true };
            continue;
          }
          yield { ok: true, item: { key, uri: key, version: await fileVersion(join(directory, key)) } };
        } catch (error) {
          yield { ok: false, uri: key, key, error: namedError(error, key) };
        }
      }
    },
    async read({ key }) {
      try {
        return await readDocument(directory, key);
      } catch (error) {
        throw namedError(error, key);
      }
    },
  };
}

/** Throws `directory-not-found` unless the path is a folder. */
export async function requireDirectory(directory: string): Promise<void> {
  const found = await stat(directory).catch(() => null);
  if (!found?.isDirectory()) throw new FulcrumError('directory-not-found', { path: directory });
}

async function readDocument(directory: string, key: string): Promise<RawDocument> {
  const path = join(directory, key);
  const { size } = await stat(path);
  if (size > documentByteLimit)
    throw new FulcrumError('file-too-large', { path: key, bytes: size, limit: documentByteLimit });
  return { key, uri: key, content: decodeText(await readFile(path), key), mediaType: mediaTypeOf(key) };
}

/** Media type by the ending of a file's name. */
export function mediaTypeOf(path: string): string {
  return mediaTypes[extname(path).toLowerCase()] ?? 'text/plain';
}

/** A catalogue error that names the file as the user knows it. */
function namedError(error: unknown, path: string): FulcrumError {
  if (error instanceof FulcrumError) return error;
  const known = error as NodeJS.ErrnoException;
  if (known.syscall === undefined) return toFulcrumError(error);
  return new FulcrumError(
    'file-unreadable',
    { path, problem: known.code ?? known.message },
    { cause: error },
  );
}
