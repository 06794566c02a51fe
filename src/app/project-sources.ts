import { FulcrumError, suggest } from '../core/index.ts';
import { createSource, type Source } from '../knowledge/index.ts';
import type { ProjectParts } from './project-parts.ts';

/** The sources of a config, all of them or the one that is named. Throws `source-unknown`. */
export function projectSources(
  { config, directory }: Pick<ProjectParts, 'config' | 'directory'>,
  name?: string | undefined,
): Source[] {
  const names = name === undefined ? Object.keys(config.sources) : [name];
  return names.map((each) => {
    const definition = config.sources[each];
    if (!definition)
      throw new FulcrumError('source-unknown', {
        source: each,
        suggestion: suggest(each, Object.keys(config.sources)),
      });
    return createSource(each, definition, { projectDirectory: directory });
  });
}
