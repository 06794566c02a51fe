import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { FulcrumError, suggest } from '../core/index.ts';
import {
  editConfig,
  findConfig,
  initialConfig,
  loadConfig,
  validateConfig,
  writeAtomically,
} from './config.ts';

/**
 * Writes the first config of a project folder, creating the folder; throws `project-exists` when there is one.
 * @param documents a folder of documents to add as the source `docs`.
 * @returns the path of the config file.
 */
export async function initProject(directory: string, documents?: string): Promise<string> {
  const present = findConfig(directory);
  if (present) throw new FulcrumError('project-exists', { directory, file: present.split(/[\\/]/).at(-1) });
  const config = initialConfig();
  if (documents !== undefined) config.sources = { docs: { type: 'files', directory: documents } };
  validateConfig(config, 'fulcrum.config.json');
  await mkdir(directory, { recursive: true });
  const file = join(directory, 'fulcrum.config.json');
  await writeAtomically(file, `${JSON.stringify(config, null, 2)}\n`);
  return file;
}

/** Adds a source to the config; throws `source-exists` or what the config's validation says. */
export async function addSource(
  directory: string,
  name: string,
  definition: Record<string, unknown>,
): Promise<void> {
  const config = await loadConfig(directory);
  if (name in config.sources) throw new FulcrumError('source-exists', { source: name });
  await editConfig(
    directory,
    (raw) => {
      raw.sources = { ...raw.sources, [name]: definition };
    },
    `sources: { ${JSON.stringify(name)}: ${JSON.stringify(definition)} }`,
  );
}

/** Adds a variant to the config, or puts another in its place; throws what the config's validation says. */
export async function addVariant(
  directory: string,
  name: string,
  config: Record<string, unknown>,
): Promise<void> {
  await editConfig(
    directory,
    (raw) => {
      raw.variants = { ...raw.variants, [name]: config };
    },
    `variants: { ${JSON.stringify(name)}: ${JSON.stringify(config)} }`,
  );
}

/** Takes a source out of the config; throws `source-unknown`. */
export async function removeSource(directory: string, name: string): Promise<void> {
  const { sources } = await loadConfig(directory);
  if (!(name in sources))
    throw new FulcrumError('source-unknown', {
      source: name,
      suggestion: suggest(name, Object.keys(sources)),
    });
  await editConfig(
    directory,
    (raw) => {
      delete raw.sources?.[name];
    },
    `remove ${JSON.stringify(name)} from sources`,
  );
}

/**
 * A path as the config keeps it: relative to the project (with `/`) where it lies inside, absolute elsewhere.
 * A relative path is looked for from the working directory first, then from the project folder.
 * Throws `missing` when it is in neither.
 */
export function projectPath(
  directory: string,
  path: string,
  missing: 'directory-not-found' | 'file-not-found' = 'directory-not-found',
): string {
  const found = [resolve(path), resolve(directory, path)].find((candidate) => existsSync(candidate));
  if (found === undefined) throw new FulcrumError(missing, { path });
  const inside = relative(directory, found);
  return inside === ''
    ? '.'
    : inside.startsWith('..') || isAbsolute(inside)
      ? found
      : inside.replaceAll('\\', '/');
}

/**
 * A file of recorded outputs as the config keeps it, and the samples that it has outputs for. Throws
 * `file-not-found`, `file-not-text` or `recording-invalid`.
 */
export async function checkRecording(
  directory: string,
  file: string,
): Promise<{ path: string; samples: number }> {
  // A relative path that means the same from the project is kept, so that the config can move with its folder.
  const path =
    resolve(file) === resolve(directory, file) && existsSync(file) && !isAbsolute(file)
      ? file
      : projectPath(directory, file, 'file-not-found');
  const { readRecording } = await import('../variants/index.ts');
  const { outputs } = await readRecording(resolve(directory, path));
  return { path, samples: outputs.size };
}
