import type { Command } from 'commander';
import { FulcrumError, toFulcrumError } from '../core/index.ts';
import { printable, printableJson } from './printable.ts';
import { createTerminal, type Terminal } from './terminal.ts';

/** What a command hands back to be printed. */
export interface CommandResult {
  /** The one JSON document that `--json` prints on stdout; undefined where the command wrote it itself. */
  readonly json: unknown;
  /** What a person reads on stdout, where control characters of quoted texts are shown as `\u{…}`; absent: nothing. */
  readonly text?: string | undefined;
  /** 1 when the command did its work but a gate was not passed or some documents failed; 0 by default. */
  readonly exit?: 0 | 1 | undefined;
}

/** What every command is given beside its own arguments. */
export interface CommandContext {
  readonly terminal: Terminal;
  /** Absolute path of the project folder (`--project`, default: the working directory). */
  readonly projectDirectory: string;
  readonly json: boolean;
  /** Aborted by ctrl-C; a second ctrl-C ends the process at once. */
  readonly signal: AbortSignal;
}

/**
 * Wraps a command's work: hands it the context, prints its result, and turns everything thrown into one
 * catalogue error and an exit status. Register with `.action(runCommand(async (context, options, ...args) => …))`.
 * @param work receives the command's own options, then its positional arguments.
 */
export function runCommand<Options>(
  work: (context: CommandContext, options: Options, ...positional: string[]) => Promise<CommandResult>,
): (...parameters: unknown[]) => Promise<void> {
  return async (...parameters) => {
    const command = parameters.at(-1) as Command;
    const options = command.optsWithGlobals() as Options & { json?: boolean; project?: string };
    const positional = parameters.slice(0, -2).flat() as string[];
    const { resolve } = await import('node:path');
    const json = options.json === true;
    const terminal = createTerminal({ json });
    const interrupt = listenForInterrupt();
    try {
      const result = await work(
        { terminal, json, projectDirectory: resolve(options.project ?? '.'), signal: interrupt.signal },
        options,
        ...positional.filter((argument) => argument !== undefined),
      );
      terminal.stopProgress();
      if (json && result.json === undefined) process.exitCode = result.exit ?? 0;
      else if (json) process.stdout.write(`${printableJson(result.json, 2)}\n`);
      else if (result.text !== undefined)
        process.stdout.write(`${printable(result.text).replace(/\n$/, '')}\n`);
      process.exitCode = result.exit ?? 0;
    } catch (error) {
      terminal.stopProgress();
      reportError(error, json);
    } finally {
      interrupt.stop();
    }
  };
}

/** Prints an error as JSON on stdout or as text on stderr, and sets the exit status. */
export function reportError(error: unknown, json: boolean): void {
  const known = toFulcrumError(error);
  if (json) process.stdout.write(`${printableJson({ error: known.toJSON() }, 2)}\n`);
  else
    process.stderr.write(
      printable(`Error (${known.code}): ${known.message}\n${known.hint ? `  ${known.hint}\n` : ''}`),
    );
  if (process.env.FULCRUM_DEBUG === '1')
    process.stderr.write(`${(known.cause as Error)?.stack ?? known.stack}\n`);
  process.exitCode = known.exit;
}

function listenForInterrupt(): { signal: AbortSignal; stop: () => void } {
  const controller = new AbortController();
  const onInterrupt = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort(new FulcrumError('cancelled'));
  };
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onInterrupt);
  return {
    signal: controller.signal,
    stop: () => {
      process.off('SIGINT', onInterrupt);
      process.off('SIGTERM', onInterrupt);
    },
  };
}
