import type { Command } from 'commander';
import type { Project } from '../app/index.ts';
import { FulcrumError, type Principal } from '../core/index.ts';
import type { ChunkFilter } from '../knowledge/index.ts';

/** What a command is told of the documents that it may look at. */
export interface FilterOptions {
  source?: string[];
  where?: string[];
  language?: string[];
  since?: string;
  until?: string;
}

const collect = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];

/** Adds the options that narrow a search to a command. */
export function addFilterOptions(command: Command): Command {
  return command
    .option('--source <name>', 'only documents of this source; may be repeated', collect)
    .option(
      '--where <key=value>',
      'only documents with this metadata; the same key again: one of the values',
      collect,
    )
    .option('--since <date>', 'only documents dated from this day (2026-03-31) or instant on')
    .option('--until <date>', 'only documents dated up to the end of this day, or this instant')
    .option(
      '--language <tag>',
      'only documents in this language, such as en or pt-BR; may be repeated',
      collect,
    );
}

/**
 * The filter that the options name, checked against what the principal may read. Throws `usage`, `source-unknown`,
 * `filter-invalid` or `filter-unknown`.
 */
export async function readFilterOptions(
  options: FilterOptions,
  project: Project,
  principal: Principal,
): Promise<ChunkFilter> {
  const { resolveSource } = await import('../app/index.ts');
  const metadata: Record<string, string[]> = {};
  for (const pair of options.where ?? []) {
    const at = pair.indexOf('=');
    if (at < 1 || at === pair.length - 1)
      throw new FulcrumError('usage', { problem: `--where takes KEY=VALUE, not "${pair}".` });
    const key = pair.slice(0, at);
    metadata[key] = [...(Object.hasOwn(metadata, key) ? metadata[key]! : []), pair.slice(at + 1)];
  }
  const filter: ChunkFilter = {
    sources: options.source?.map((name) => resolveSource(project.config, name)),
    metadata: options.where === undefined ? undefined : metadata,
    languages: options.language,
    from: options.since,
    to: options.until,
  };
  const given = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
  if (Object.keys(given).length > 0) await (await project.knowledge()).checkFilter(given, principal);
  return given;
}
