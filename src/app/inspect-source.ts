import { FulcrumError, suggest, type WorkOptions } from '../core/index.ts';
import type { SourceInspection } from '../knowledge/index.ts';
import { loadConfig } from './config.ts';

/**
 * Lists a source of the config and reads a few of its documents, without a database or an index. Throws
 * `source-unknown` and what listing the source throws.
 */
export async function inspectProjectSource(
  directory: string,
  name: string,
  options: WorkOptions & { readonly sample?: number | undefined } = {},
): Promise<SourceInspection> {
  const { sources, chunking, parsing } = await loadConfig(directory);
  const definition = Object.hasOwn(sources, name) ? sources[name] : undefined;
  if (!definition)
    throw new FulcrumError('source-unknown', {
      source: name,
      suggestion: suggest(name, Object.keys(sources)),
    });
  const { createDocumentPipeline, createSource, inspectSource } = await import('../knowledge/index.ts');
  const source = createSource(name, definition, {
    projectDirectory: directory,
    byteLimit: parsing.bytes,
  });
  const pipeline = createDocumentPipeline({ maxTokens: chunking.maxTokens, limits: parsing });
  return inspectSource(source, pipeline, { ...options, commons: definition });
}
