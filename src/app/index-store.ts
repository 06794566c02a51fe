import { join } from 'node:path';
import { FulcrumError, suggest } from '../core/index.ts';
import { type ChunkStore, createLanceStore } from '../knowledge/index.ts';
import type { Config } from './config.ts';

/** The chunk index of a project as its config wants it. Throws `source-unknown` for a source that it does not have. */
export function createIndexStore(parts: { stateDirectory: string; config: Config }): ChunkStore {
  const { sources, access } = parts.config;
  const { isolateStatistics } = access;
  if (Array.isArray(isolateStatistics))
    for (const source of isolateStatistics)
      if (!Object.hasOwn(sources, source))
        throw new FulcrumError('source-unknown', {
          source,
          suggestion: suggest(source, Object.keys(sources)),
        });
  return createLanceStore({ directory: join(parts.stateDirectory, 'index'), isolateStatistics });
}
