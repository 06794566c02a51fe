import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { FulcrumError, toFulcrumError } from '../../core/index.ts';
import type { RawDocument, Source } from '../document.ts';
import { decodeText, documentByteLimit } from '../parsing/decode-text.ts';
import { isTextType, mediaTypeOf } from '../parsing/media-type.ts';
import { fileVersion } from './file-version.ts';
import { listFiles } from './list-files.ts';
import { defaultGlob } from './source-config.ts';

/**
 * Files of a folder; keys are POSIX paths inside it, in code unit order. A file that cannot be read, is of
 * no known format or is over the size limit is a failure of its own. Throws `directory-not-found`.
 */
export function createFilesSource(options: {
  readonly name: string;
  /** Absolute path. */
  readonly directory: string;
  readonly glob?: string | undefined;
  /** Largest file that is read, in bytes; 20 MiB by default. */
  readonly byteLimit?: number | undefined;
}): Source {
  const { name, directory, byteLimit = documentByteLimit } = options;
  return {
    name,
    capabilities: { versions: 'declared' },
    async *list({ signal } = {}) {
      await requireDirectory(directory);
      for (const file of await listFiles(directory, options.glob ?? defaultGlob, signal)) {
        signal?.throwIfAborted();
        const key = file.path;
        if (options.glob === undefined && isGenerated(key)) continue;
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
        return await readDocument(directory, key, byteLimit);
      } catch (error) {
        throw namedError(error, key);
      }
    },
  };
}

/** Files that nobody wrote to be read, and the project's own config; a glob of one's own may still name them. */
function isGenerated(path: string): boolean {
  const name = basename(path);
  return /^(?:package-lock|npm-shrinkwrap|fulcrum\.config)\.\w+$|\.min\.\w+$/.test(name);
}

/** Throws `directory-not-found` unless the path is a folder. */
export async function requireDirectory(directory: string): Promise<void> {
  const found = await stat(directory).catch(() => null);
  if (!found?.isDirectory()) throw new FulcrumError('directory-not-found', { path: directory });
}

async function readDocument(directory: string, key: string, byteLimit: number): Promise<RawDocument> {
  const path = join(directory, key);
  const { size } = await stat(path);
  if (size > byteLimit)
    throw new FulcrumError('file-too-large', { path: key, bytes: size, limit: byteLimit });
  const bytes = await readFile(path);
  const mediaType = mediaTypeOf(key, bytes);
  return { key, uri: key, content: isTextType(mediaType) ? decodeText(bytes, key) : bytes, mediaType };
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
