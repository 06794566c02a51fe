import { resolve } from 'node:path';
import type { Source } from '../document.ts';
import { createBeirSource } from './beir-source.ts';
import { createFilesSource } from './files-source.ts';
import { createJsonlSource } from './jsonl-source.ts';
import type { SourceConfig } from './source-config.ts';

/** The source that a config entry describes; nothing is read before `read()`. */
export function createSource(
  name: string,
  config: SourceConfig,
  options: {
    readonly projectDirectory: string;
    /** Largest file that a source of files reads, in bytes; `parsing.bytes` of the config. */
    readonly byteLimit?: number | undefined;
  },
): Source {
  const place = (path: string) => resolve(options.projectDirectory, path);
  switch (config.type) {
    case 'files':
      return createFilesSource({
        name,
        directory: place(config.directory),
        glob: config.glob,
        byteLimit: options.byteLimit,
      });
    case 'jsonl':
      return createJsonlSource({ ...config, name, file: place(config.file), uri: config.file });
    case 'beir':
      return createBeirSource({ name, directory: place(config.directory) });
  }
}
