import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, matchesGlob } from 'node:path/posix';

/** A file of a folder, or a folder or link in it that could not be opened. */
export type ListedFile = { readonly path: string } | { readonly path: string; readonly error: unknown };

/**
 * Files below `root` whose POSIX path inside it matches `glob`, sorted by code unit. Hidden entries and
 * `node_modules` below the root are left out. Links to files and folders are followed; every real folder is
 * entered once, under its own path where it has one inside the root, so loops end.
 */
export async function listFiles(root: string, glob: string, signal?: AbortSignal): Promise<ListedFile[]> {
  const listed: ListedFile[] = [];
  const entered = new Set<string>();
  const folders = [''];
  const linkedFolders: string[] = [];
  for (let next = folders.pop(); next !== undefined; next = folders.pop() ?? linkedFolders.shift()) {
    signal?.throwIfAborted();
    const folder = next;
    try {
      const real = await realpath(join(root, folder));
      if (entered.has(real)) continue;
      entered.add(real);
      const entries = await readdir(real, { withFileTypes: true });
      for (const entry of entries.sort(byName)) {
        if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
        const path = join(folder, entry.name);
        if (entry.isDirectory()) folders.push(path);
        else if (entry.isFile() && matchesGlob(path, glob)) listed.push({ path });
        else if (entry.isSymbolicLink()) await followLink(root, path, glob, listed, linkedFolders);
      }
    } catch (error) {
      if (folder === '') throw error;
      listed.push({ path: folder, error });
    }
  }
  return listed.sort((a, b) => compare(a.path, b.path));
}

async function followLink(
  root: string,
  path: string,
  glob: string,
  listed: ListedFile[],
  linkedFolders: string[],
): Promise<void> {
  try {
    const target = await stat(join(root, path));
    if (target.isDirectory()) linkedFolders.push(path);
    else if (target.isFile() && matchesGlob(path, glob)) listed.push({ path });
  } catch (error) {
    // A dead link matters only where its name says that it is one of the files.
    if (matchesGlob(path, glob)) listed.push({ path, error });
  }
}

function byName(a: Dirent, b: Dirent): number {
  return compare(a.name, b.name);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
