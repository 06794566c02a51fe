import type { FulcrumError, WorkOptions } from '../../core/index.ts';
import type { Source } from '../document.ts';
import { removeOtherSources, type SourceReading, syncSource } from './sync-source.ts';

/**
 * Finds how all sources differ from the index, one after the other; with `allSources` also what is left of sources that are not among
 * them. When none of them can be listed, the error of the first is thrown.
 */
export async function readSources(
  reading: SourceReading,
  sources: readonly Source[],
  work: WorkOptions & { readonly allSources?: boolean | undefined },
): Promise<void> {
  const errors: FulcrumError[] = [];
  for (const source of sources) {
    const error = await syncSource(reading, source, work);
    if (error) errors.push(error);
  }
  const [first] = errors;
  if (first && errors.length === sources.length) throw first;
  const names = sources.map((source) => source.name);
  if (work.allSources) await removeOtherSources(reading, names);
}
