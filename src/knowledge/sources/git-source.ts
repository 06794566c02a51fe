import { matchesGlob } from 'node:path/posix';
import { FulcrumError, sha256 } from '../../core/index.ts';
import type { RawDocument, Source, SourceListing } from '../document.ts';
import { folderPath } from '../history/git-history.ts';
import { createLastChanges, type LastChange } from '../history/last-changes.ts';
import { type GitRepository, openGit } from '../history/open-git.ts';
import { decodeText, documentByteLimit } from '../parsing/decode-text.ts';
import { isTextType, mediaTypeOf } from '../parsing/media-type.ts';
import { isSidecar, readSidecar, sidecarByteLimit, sidecarOwner } from './sidecar.ts';
import { defaultGlob } from './source-config.ts';

export interface GitSourceOptions {
  readonly name: string;
  /** Absolute path of a clone, bare or not. */
  readonly directory: string;
  /** Branch, tag or commit; `HEAD` by default. */
  readonly ref?: string | undefined;
  /** Folder inside the repository; keys start there. */
  readonly path?: string | undefined;
  readonly glob?: string | readonly string[] | undefined;
  readonly exclude?: string | readonly string[] | undefined;
  /** Largest file that is read, in bytes; 20 MiB by default. */
  readonly byteLimit?: number | undefined;
}

interface Sidecar {
  readonly key: string;
  readonly blob: string;
  readonly bytes: number;
}

/** A file of the commit, by its key. */
interface TreeFile {
  readonly blob: string;
  /** Not a number where the clone does not hold the blob. */
  readonly bytes: number;
  readonly sidecars: readonly Sidecar[];
}

/** What was listed last, all of one commit. */
interface Snapshot {
  readonly git: GitRepository;
  readonly folder: string;
  readonly files: ReadonlyMap<string, TreeFile>;
  readonly lastChange: (path: string) => Promise<LastChange | null>;
}

/**
 * Files of a git repository at one commit, in the order of their paths, as they were committed: no filter changes
 * them, and the work tree is not looked at. Versions are the ids of blobs. The commit that last changed a file becomes
 * its metadata `commit` and, where nothing else gives one, its date. Links and submodules are left out. Throws
 * `git-failed`.
 */
export function createGitSource(options: GitSourceOptions): Source {
  const { name, directory, ref = 'HEAD', path = '', byteLimit = documentByteLimit } = options;
  const globs = [options.glob ?? defaultGlob].flat();
  const exclude = [options.exclude ?? []].flat();
  let snapshot: Snapshot | null = null;

  const orFailed = async <T>(work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof FulcrumError) throw error;
      throw new FulcrumError(
        'git-failed',
        { directory, problem: (error as Error).message },
        { cause: error },
      );
    }
  };

  const takeSnapshot = async (signal: AbortSignal | undefined): Promise<Snapshot> => {
    signal?.throwIfAborted();
    const git = await openGit(directory, signal);
    const folder = folderPath(git.prefix, path);
    const commit = await git.resolveCommit(ref);
    const files = await listTree(git, commit, folder, (key) => counts(key, globs, exclude));
    if (files === null) throw new Error(`${ref} has no folder ${folder}`);
    return { git, folder, files, lastChange: createLastChanges(git, commit, folder) };
  };

  return {
    name,
    capabilities: { versions: 'declared' },
    async *list({ signal } = {}): AsyncGenerator<SourceListing> {
      snapshot = null;
      const taken = await orFailed(() => takeSnapshot(signal), signal);
      snapshot = taken;
      for (const [key, { blob, bytes, sidecars }] of taken.files) {
        signal?.throwIfAborted();
        if (Number.isNaN(bytes)) {
          const problem = `it lacks the object ${blob} of ${key}`;
          yield { ok: false, key, uri: key, error: new FulcrumError('git-failed', { directory, problem }) };
          continue;
        }
        if (bytes > byteLimit) {
          const error = new FulcrumError('file-too-large', { path: key, bytes, limit: byteLimit });
          yield { ok: false, key, uri: key, error };
          continue;
        }
        const version =
          sidecars.length === 0 ? blob : sha256([blob, ...sidecars.map((sidecar) => sidecar.blob)].join(' '));
        yield { ok: true, item: { key, uri: key, version } };
      }
    },
    async read({ key }, { signal } = {}) {
      signal?.throwIfAborted();
      const taken = snapshot ?? (await orFailed(() => takeSnapshot(signal), signal));
      snapshot = taken;
      const file = taken.files.get(key);
      if (!file) throw new FulcrumError('document-changed', { uri: key });
      return orFailed(() => readFile(taken, key, file), signal);
    },
  };
}

async function readFile(snapshot: Snapshot, key: string, file: TreeFile): Promise<RawDocument> {
  const { git, folder, lastChange } = snapshot;
  const attributes = await readSidecar(
    file.sidecars.map((sidecar) => sidecar.key),
    async (path) => {
      const { blob = '', bytes = 0 } = file.sidecars.find((sidecar) => sidecar.key === path) ?? {};
      if (bytes > sidecarByteLimit) throw new Error(`it has ${bytes} bytes`);
      return git.readBlob(blob);
    },
  );
  const bytes = await git.readBlob(file.blob);
  const mediaType = mediaTypeOf(key, bytes);
  const change = await lastChange(`${folder}${key}`);
  return {
    key,
    uri: key,
    content: isTextType(mediaType) ? decodeText(bytes, key) : bytes,
    mediaType,
    ...attributes,
    ...(change
      ? {
          lastChanged: change.at.toISOString(),
          metadata: { commit: change.commit, ...attributes.metadata },
        }
      : {}),
  };
}

/** Files of a commit below a folder, by key; null where the commit has no such folder. */
async function listTree(
  git: GitRepository,
  commit: string,
  folder: string,
  counts: (key: string) => boolean,
): Promise<Map<string, TreeFile> | null> {
  const scope = folder === '' ? [] : [folder];
  const output = await git.run('ls-tree', '-r', '-z', '-l', '--full-tree', commit, '--', ...scope);
  const files = new Map<string, { blob: string; bytes: number; sidecars: Sidecar[] }>();
  const sidecars: Sidecar[] = [];
  let entries = 0;
  for (const line of output.split('\0').sort()) {
    // "100644 blob ID SIZE\tPATH", SIZE "BAD" where the blob is missing; 120000 is a link, and a submodule is a commit.
    const [, mode, blob = '', size, path] = /^(\d+) blob (\w+) +(\S+)\t([\s\S]+)$/.exec(line) ?? [];
    if (line !== '') entries++;
    if (path === undefined || mode === '120000' || !path.startsWith(folder)) continue;
    const key = path.slice(folder.length);
    if (isSidecar(key)) sidecars.push({ key, blob, bytes: Number(size) });
    else if (counts(key)) files.set(key, { blob, bytes: Number(size), sidecars: [] });
  }
  for (const sidecar of sidecars) files.get(sidecarOwner(sidecar.key))?.sidecars.push(sidecar);
  if (entries === 0 && folder !== '') return null;
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** As in a source of files: hidden entries and `node_modules` are left out. */
function counts(key: string, globs: readonly string[], exclude: readonly string[]): boolean {
  return (
    !key.split('/').some((part) => part.startsWith('.') || part === 'node_modules') &&
    globs.some((glob) => matchesGlob(key, glob)) &&
    !exclude.some((glob) => matchesGlob(key, glob))
  );
}
