import { existsSync } from 'node:fs';
import { readFile, realpath } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { Ignore } from 'ignore';

/** What `.gitignore` files leave out. Paths are POSIX paths inside the folder that is listed. */
export interface IgnoreRules {
  /** Reads the `.gitignore` of a folder before its entries are asked for. */
  enter(folder: string, realPath: string): Promise<void>;
  leavesOut(path: string, isFolder: boolean): boolean;
}

export const noIgnoreRules: IgnoreRules = { enter: async () => undefined, leavesOut: () => false };

/**
 * Rules of `.gitignore` files in the folder and, where it lies in a git repository, of those above it up to the
 * repository's own. As in git, the file nearest to a path has the last word.
 */
export async function createIgnoreRules(root: string): Promise<IgnoreRules> {
  const { default: ignore } = await import('ignore');
  const byFolder = new Map<string, Ignore>();
  const above: { readonly prefix: string; readonly rules: Ignore }[] = [];
  const load = async (folder: string): Promise<Ignore | null> => {
    const text = await readFile(join(folder, '.gitignore'), 'utf8').catch(() => null);
    return text === null ? null : ignore({ allowRelativePaths: false }).add(text);
  };
  const real = await realpath(root);
  for (const folder of foldersAbove(real)) {
    const rules = await load(folder);
    if (rules) above.push({ prefix: relative(folder, real).split(sep).join('/'), rules });
  }
  return {
    async enter(folder, realPath) {
      const rules = await load(realPath);
      if (rules) byFolder.set(folder, rules);
    },
    leavesOut(path, isFolder) {
      const ending = isFolder ? '/' : '';
      let out = false;
      const judge = (rules: Ignore, inside: string): void => {
        const verdict = rules.test(`${inside}${ending}`);
        if (verdict.ignored) out = true;
        else if (verdict.unignored) out = false;
      };
      for (const { prefix, rules } of above) judge(rules, `${prefix}/${path}`);
      const parts = path.split('/');
      for (let depth = 0; depth < parts.length; depth++) {
        const rules = byFolder.get(parts.slice(0, depth).join('/'));
        if (rules) judge(rules, parts.slice(depth).join('/'));
      }
      return out;
    },
  };
}

/** Folders from the root of the repository that a folder lies in down to its parent; none outside a repository. */
function foldersAbove(real: string): string[] {
  const folders: string[] = [];
  for (let folder = real; ; folder = dirname(folder)) {
    if (folder !== real) folders.unshift(folder);
    if (existsSync(join(folder, '.git'))) return folders;
    if (dirname(folder) === folder) return [];
  }
}
