import { FulcrumError, suggest } from '../core/index.ts';
import {
  createDocumentPipeline,
  createSource,
  type DocumentPipeline,
  type Source,
} from '../knowledge/index.ts';
import type { ProjectOptions, ProjectParts } from './project-parts.ts';

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
    return createSource(each, definition, {
      projectDirectory: directory,
      byteLimit: config.parsing.bytes,
    });
  });
}

/** How the documents of a project are parsed and cut. */
export function projectPipeline(
  { config }: Pick<ProjectParts, 'config'>,
  { onNotice }: ProjectOptions,
): DocumentPipeline {
  return createDocumentPipeline({
    maxTokens: config.chunking.maxTokens,
    limits: config.parsing,
    onWarning: (uri, { problem }) => onNotice?.(`${uri}: ${problem}`),
  });
}
