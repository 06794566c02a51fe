import { resolve } from 'node:path';
import type { Source } from '../document.ts';
import { createBeirSource } from './beir-source.ts';
import { createCsvSource } from './csv-source.ts';
import { createFilesSource } from './files-source.ts';
import { createGitSource } from './git-source.ts';
import { createJsonlSource } from './jsonl-source.ts';
import { createModuleSource } from './module-source.ts';
import type { SourceConfig } from './source-config.ts';
import { applyRules } from './source-rules.ts';

/** The source that a config entry describes; nothing is read before `list()`. */
export function createSource(name: string, config: SourceConfig, options: SourcePlace): Source {
  return applyRules(createBareSource(name, config, options), config);
}

interface SourcePlace {
  readonly projectDirectory: string;
  /** Largest file that a source of files reads, in bytes; `parsing.bytes` of the config. */
  readonly byteLimit?: number | undefined;
}

function createBareSource(
  name: string,
  config: SourceConfig,
  { projectDirectory, byteLimit }: SourcePlace,
): Source {
  const place = (path: string) => resolve(projectDirectory, path);
  switch (config.type) {
    case 'files':
      return createFilesSource({ ...config, name, directory: place(config.directory), byteLimit });
    case 'git':
      return createGitSource({ ...config, name, directory: place(config.directory), byteLimit });
    case 'jsonl':
      return createJsonlSource({ ...config, name, file: place(config.file), uri: config.file });
    case 'csv':
      return createCsvSource({ ...config, name, file: place(config.file), uri: config.file });
    case 'beir':
      return createBeirSource({ name, directory: place(config.directory) });
    case 'module':
      return createModuleSource({
        name,
        file: place(config.file),
        options: config.options,
        projectDirectory,
      });
  }
}
