import { randomUUID } from 'node:crypto';
import type { GitRepository } from './open-git.ts';

/** The commit that last changed a file. */
export interface LastChange {
  readonly commit: string;
  readonly at: Date;
}

/** Commits of the first page; each page is twice as long as the one before. */
const firstPage = 256;

/**
 * Finds the last change of files, from a commit backwards. The log is read once, in pages and only as far back as the
 * files that are asked for: what changed lately costs little. Null for a file that the history does not hold.
 */
export function createLastChanges(
  git: GitRepository,
  commit: string,
  folder: string,
): (path: string) => Promise<LastChange | null> {
  const known = new Map<string, LastChange>();
  const mark = randomUUID();
  let read = 0;
  let size = firstPage;
  let complete = false;
  let queue: Promise<unknown> = Promise.resolve();

  const readPage = async (): Promise<void> => {
    const log = await git.run(
      'log',
      `--skip=${read}`,
      `--max-count=${size}`,
      '-c',
      '--name-only',
      '--no-renames',
      '--no-ext-diff',
      '--no-textconv',
      '-z',
      `--format=${mark}%H %ct`,
      commit,
      '--',
      ...(folder === '' ? [] : [folder]),
    );
    const entries = log.split(mark).slice(1);
    for (const entry of entries) {
      const [head = '', ...names] = entry.split('\0');
      const [id = '', seconds] = head.split(' ');
      const change = { commit: id, at: new Date(Number(seconds) * 1000) };
      for (const name of names.map((field) => field.replace(/^\n/, '')))
        if (name !== '' && !known.has(name)) known.set(name, change);
    }
    complete = entries.length < size;
    read += entries.length;
    size *= 2;
  };

  const find = async (path: string): Promise<LastChange | null> => {
    while (!known.has(path) && !complete) await readPage();
    return known.get(path) ?? null;
  };
  return (path) => {
    const found = queue.then(() => find(path));
    queue = found.catch(() => undefined);
    return found;
  };
}
