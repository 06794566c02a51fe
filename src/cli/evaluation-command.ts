import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Evaluation } from '../app/index.ts';
import { FulcrumError } from '../core/index.ts';
import type { CommandContext } from './command.ts';
import { withCommandProject } from './with-command-project.ts';

/** Runs work on the datasets and runs of the project that a command was called for, and closes it. */
export async function withEvaluation<T>(
  context: CommandContext,
  work: (evaluation: Evaluation) => Promise<T>,
): Promise<T> {
  return withCommandProject(context, async (project) => work(await project.evaluation()));
}

/**
 * Absolute path of an input: looked for from the working directory first, then from the project folder.
 * Throws `file-not-found` when it is in neither.
 */
export function inputPath(context: CommandContext, path: string): string {
  const found = [resolve(path), resolve(context.projectDirectory, path)].find((candidate) =>
    existsSync(candidate),
  );
  if (found === undefined) throw new FulcrumError('file-not-found', { path });
  return found;
}

/** A number given as an option; throws `usage` for anything below `least` or not a number. */
export function numberOption(
  flag: string,
  given: string | undefined,
  rule: { whole: boolean; least: number },
): number | undefined {
  if (given === undefined) return undefined;
  const value = Number(given);
  if (
    given.trim() !== '' &&
    Number.isFinite(value) &&
    value >= rule.least &&
    (!rule.whole || Number.isInteger(value))
  )
    return value;
  throw new FulcrumError('usage', {
    problem: `${flag} takes a ${rule.whole ? 'whole ' : ''}number of at least ${rule.least}, not "${given}".`,
  });
}
