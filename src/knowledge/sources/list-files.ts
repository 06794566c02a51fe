import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { sep } from 'node:path';
import { join, matchesGlob } from 'node:path/posix';
import { FulcrumError } from '../../core/index.ts';
import { createIgnoreRules, type IgnoreRules, noIgnoreRules } from './gitignore.ts';
import { isSidecar, sidecarOwner } from './sidecar.ts';

/** A file of a folder, or a folder or link in it that could not be opened. */
export type ListedFile =
  | {
      readonly path: string;
      /** Files beside it that say something of it. */
      readonly sidecars: readonly string[];
    }
  | { readonly path: string; readonly error: unknown; readonly hidesOthers: boolean };

/** Which files of a folder count. */
export interface ListRules {
  /** A file counts when one of them matches its path, and none of `exclude` does. */
  readonly globs: readonly string[];
  readonly exclude: readonly string[];
  readonly gitignore: boolean;
  /** `inside`: links out of the folder are failures. `none`: no link is followed or reported. */
  readonly links: 'inside' | 'anywhere' | 'none';
}

/**
 * Files below `root` whose POSIX path inside it matches, sorted by code unit. Hidden entries, `node_modules` below the
 * root and sidecars are left out. Of links that are followed every real folder is entered once, under its own path
 * where it has one inside the root, so loops end.
 */
export async function listFiles(
  root: string,
  rules: ListRules,
  signal?: AbortSignal | undefined,
): Promise<ListedFile[]> {
  const walk: Walk = {
    root,
    realRoot: await realpath(root),
    rules,
    ignored: rules.gitignore ? await createIgnoreRules(root) : noIgnoreRules,
    listed: [],
    linkedFolders: [],
  };
  const entered = new Set<string>();
  const folders = [''];
  for (let next = folders.pop(); next !== undefined; next = folders.pop() ?? walk.linkedFolders.shift()) {
    signal?.throwIfAborted();
    const folder = next;
    try {
      const real = await realpath(join(root, folder));
      if (entered.has(real)) continue;
      entered.add(real);
      const entries = await readdir(real, { withFileTypes: true });
      await walk.ignored.enter(folder, real);
      const names = new Set(entries.map(({ name }) => name).filter(isSidecar));
      for (const entry of entries.sort(byName)) {
        if (entry.name.startsWith('.') || entry.name === 'node_modules' || names.has(entry.name)) continue;
        const path = join(folder, entry.name);
        if (entry.isDirectory()) {
          if (!leavesOutFolder(walk, path)) folders.push(path);
        } else if (entry.isFile()) addFile(walk, path, names);
        else if (entry.isSymbolicLink()) await followLink(walk, path, names);
      }
    } catch (error) {
      if (folder === '') throw error;
      walk.listed.push({ path: folder, error, hidesOthers: true });
    }
  }
  return walk.listed.sort((a, b) => compare(a.path, b.path));
}

interface Walk {
  readonly root: string;
  readonly realRoot: string;
  readonly rules: ListRules;
  readonly ignored: IgnoreRules;
  readonly listed: ListedFile[];
  readonly linkedFolders: string[];
}

function addFile(walk: Walk, path: string, sidecarNames: ReadonlySet<string>): void {
  if (!counts(walk, path)) return;
  const name = path.slice(path.lastIndexOf('/') + 1);
  const sidecars = [...sidecarNames].filter((sidecar) => sidecarOwner(sidecar) === name);
  walk.listed.push({ path, sidecars: sidecars.map((sidecar) => join(path, '..', sidecar)) });
}

function counts({ rules, ignored }: Walk, path: string): boolean {
  return (
    rules.globs.some((glob) => matchesGlob(path, glob)) &&
    !rules.exclude.some((glob) => matchesGlob(path, glob)) &&
    !ignored.leavesOut(path, false)
  );
}

/** Whether nothing below a folder can count. */
function leavesOutFolder({ rules, ignored }: Walk, path: string): boolean {
  const excluded = rules.exclude.some((glob) => glob.endsWith('/**') && matchesGlob(path, glob.slice(0, -3)));
  return excluded || ignored.leavesOut(path, true);
}

async function followLink(walk: Walk, path: string, sidecarNames: ReadonlySet<string>): Promise<void> {
  const { root, realRoot, rules, listed, linkedFolders } = walk;
  if (rules.links === 'none') return;
  try {
    const place = join(root, path);
    const target = await stat(place);
    const isFolder = target.isDirectory();
    if (isFolder ? leavesOutFolder(walk, path) : !target.isFile() || !counts(walk, path)) return;
    if (rules.links === 'inside' && !isInside(realRoot, await realpath(place)))
      listed.push({ path, error: new FulcrumError('link-outside', { path }), hidesOthers: false });
    else if (isFolder) linkedFolders.push(path);
    else addFile(walk, path, sidecarNames);
  } catch (error) {
    // A dead link matters only where its name says that it is one of the files.
    if (counts(walk, path)) listed.push({ path, error, hidesOthers: true });
  }
}

/** Whether a real path is a folder itself or lies below it. */
export function isInside(root: string, path: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : `${root}${sep}`);
}

function byName(a: Dirent, b: Dirent): number {
  return compare(a.name, b.name);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
