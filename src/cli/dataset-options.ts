import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { RowsRequest } from '../app/index.ts';
import { FulcrumError } from '../core/index.ts';
import type { ColumnMap, DatasetFormat } from '../evaluation/index.ts';
import type { CommandContext } from './command.ts';
import { inputPath } from './evaluation-command.ts';

/** Options that say how a file is read. */
export interface FileFlags {
  format?: string;
  map?: string;
  delimiter?: string;
}

/** Adds the options of `FileFlags` to a command. */
export function addFileOptions(command: Command): Command {
  return command
    .option(
      '--format <format>',
      'jsonl, csv, tsv, beir, squad, openai-chat, openai-evals, promptfoo, ragas or langfuse',
    )
    .option('--map <pairs>', 'which column or key is what: input=question,reference=answer,label=category')
    .option('--delimiter <text>', 'CSV: what stands between cells (default: a comma)');
}

/** How the options say that a file is read. Throws `usage`. */
export async function readFileFlags(flags: FileFlags): Promise<{
  format: DatasetFormat | undefined;
  map: ColumnMap | undefined;
  delimiter: string | undefined;
}> {
  const { parseColumnMap, parseFormat } = await import('../evaluation/index.ts');
  if (flags.delimiter === '')
    throw new FulcrumError('usage', { problem: '--delimiter takes at least one character.' });
  return {
    format: flags.format === undefined ? undefined : parseFormat(flags.format),
    map: flags.map === undefined ? undefined : parseColumnMap(flags.map),
    delimiter: flags.delimiter,
  };
}

/** Rows named on the command line: a file or BEIR folder where there is one, else a dataset of the project. */
export function rowsRequest(
  context: CommandContext,
  name: string,
  file: Awaited<ReturnType<typeof readFileFlags>>,
): RowsRequest {
  const isFile = [resolve(name), resolve(context.projectDirectory, name)].some(
    (path) => existsSync(path) && (statSync(path).isFile() || file.format === 'beir'),
  );
  if (isFile) return { path: inputPath(context, name), ...file };
  if (/[\\/]|\.\w+$/.test(name)) throw new FulcrumError('file-not-found', { path: name });
  return { dataset: name };
}

/** Adds a value to a list; for options that may be given several times. */
export function collect(value: string, list: readonly string[] = []): string[] {
  return [...list, value];
}

/** A share from 0 to 1; throws `usage`. */
export function shareOption(flag: string, given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const value = Number(given);
  if (given.trim() !== '' && value >= 0 && value <= 1) return value;
  throw new FulcrumError('usage', { problem: `${flag} takes a number from 0 to 1, not "${given}".` });
}
