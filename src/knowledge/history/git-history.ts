import { FulcrumError } from '../../core/index.ts';
import type { RawDocument } from '../document.ts';
import { mediaTypeOf } from '../parsing/media-type.ts';

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
  /** Absolute path of a folder inside a working copy. */
  readonly directory: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Opens the history of a folder that lies in a git working copy. Throws `history-missing` where it does not, where git is not
 * installed, and where no commit touches the folder. Reads the local clone and writes nothing.
 */
export async function openGitHistory({ directory, signal }: GitHistoryOptions): Promise<GitHistory> {
  const { simpleGit } = await import('simple-git');
  const { parseDocument } = await import('../parsing/parse-document.ts');
  const git = simpleGit({ baseDir: directory, ...(signal && { abort: signal }) });
  const run = async (...parameters: string[]): Promise<string> => {
    try {
      // A file may be named like a pattern: [slug].mdx.
      return await git.raw(['--literal-pathspecs', ...parameters]);
    } catch (error) {
      signal?.throwIfAborted();
      const problem = (error as Error).message.trim().split('\n')[0] ?? '';
      throw new FulcrumError('history-missing', { directory, problem }, { cause: error });
    }
  };

  const times = (await run('log', '--format=%ct', '--', '.')).trim().split('\n');
  const oldest = times.at(-1) ?? '';
  if (oldest === '')
    throw new FulcrumError('history-missing', { directory, problem: 'no commit touches it' });

  return {
    since: new Date(Number(oldest) * 1000),
    async *states(key) {
      const log = await run(
        'log',
        '--follow',
        '--relative',
        '--name-status',
        '-z',
        '--format=%x01%H %ct',
        '--',
        key,
      );
      for (const entry of log.split('\u0001').slice(1)) {
        const [head = '', ...fields] = entry.split('\0');
        const [commit = '', seconds] = head.split(' ');
        // Fields are a letter and one path, or, of a rename or a copy, two: the later one is its name in this commit.
        const names = fields.map((field) => field.trim()).filter(Boolean);
        const gone = names[0]?.startsWith('D') === true;
        const bytes = gone ? null : await git.showBuffer(`${commit}:./${names.at(-1)}`);
        const text = bytes ? await textOf(key, bytes, parseDocument) : null;
        signal?.throwIfAborted();
        yield { commit, at: new Date(Number(seconds) * 1000), text };
      }
    },
  };
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
