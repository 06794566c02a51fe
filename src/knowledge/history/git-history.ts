import { randomUUID } from 'node:crypto';
import { FulcrumError } from '../../core/index.ts';
import type { RawDocument } from '../document.ts';
import { mediaTypeOf } from '../parsing/media-type.ts';
import { openGit } from './open-git.ts';

/** A document as it read from a commit on until the next one. */
export interface DocumentState {
  readonly commit: string;
  /** When it was committed. */
  readonly at: Date;
  /** Canonical text; null where the commit took the file away or it held no text. */
  readonly text: string | null;
}

/** What git keeps of a folder of documents. */
export interface GitHistory {
  /** Time of the oldest commit that touches the folder, as far as this clone knows. */
  readonly since: Date;
  /** Every state of a document by its key, newest first, followed through renames; read one at a time. */
  states(key: string): AsyncGenerator<DocumentState>;
}

export interface GitHistoryOptions {
  /** Absolute path of a folder inside a working copy, or of a bare clone. */
  readonly directory: string;
  /** Branch, tag or commit that the history leads to; `HEAD` by default. */
  readonly ref?: string | undefined;
  /** Folder below `directory` that keys start at. */
  readonly path?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Opens the history of a folder that lies in a git repository. Throws `history-missing` where it does not, where git is not
 * installed, and where no commit touches the folder. Reads the local clone and writes nothing.
 */
export async function openGitHistory({
  directory,
  ref = 'HEAD',
  path = '',
  signal,
}: GitHistoryOptions): Promise<GitHistory> {
  const { parseDocument } = await import('../parsing/parse-document.ts');
  const orMissing = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      throw new FulcrumError(
        'history-missing',
        { directory, problem: (error as Error).message },
        { cause: error },
      );
    }
  };
  const git = await orMissing(() => openGit(directory, signal));
  const folder = folderPath(git.prefix, path);
  const commit = await orMissing(() => git.resolveCommit(ref));

  const scope = folder === '' ? [] : [folder];
  const times = (await orMissing(() => git.run('log', '--format=%ct', commit, '--', ...scope))).trim();
  const oldest = times.split('\n').at(-1) ?? '';
  if (oldest === '')
    throw new FulcrumError('history-missing', { directory, problem: 'no commit touches it' });

  return {
    since: new Date(Number(oldest) * 1000),
    async *states(key) {
      // A path may hold any character but NUL; what separates commits must not be guessable.
      const mark = randomUUID();
      const log = await orMissing(() =>
        git.run(
          'log',
          '--follow',
          '--name-status',
          '-z',
          `--format=${mark}%H %ct`,
          commit,
          '--',
          `${folder}${key}`,
        ),
      );
      for (const entry of log.split(mark).slice(1)) {
        const [head = '', ...fields] = entry.split('\0');
        const [id = '', seconds] = head.split(' ');
        // Fields are a letter and one path, or, of a rename or a copy, two: the later one is its name in this commit.
        const names = fields.map((field) => field.replace(/^\n/, '')).filter(Boolean);
        const gone = names[0]?.startsWith('D') === true;
        const bytes = gone ? null : await orMissing(() => git.readBlob(`${id}:${names.at(-1)}`));
        const text = bytes ? await textOf(key, bytes, parseDocument) : null;
        signal?.throwIfAborted();
        yield { commit: id, at: new Date(Number(seconds) * 1000), text };
      }
    },
  };
}

/** A folder as the start of paths in the repository: empty, or ending in `/`. */
export function folderPath(prefix: string, path: string): string {
  const inside = path.split('/').filter((part) => part !== '' && part !== '.');
  return inside.length === 0 ? prefix : `${prefix}${inside.join('/')}/`;
}

/** A state that cannot be parsed held no document. */
async function textOf(
  key: string,
  content: Buffer,
  parse: (raw: RawDocument) => Promise<{ readonly text: string }>,
): Promise<string | null> {
  try {
    return (await parse({ key, uri: key, content, mediaType: mediaTypeOf(key, content) })).text;
  } catch (error) {
    if (error instanceof FulcrumError) return null;
    throw error;
  }
}
