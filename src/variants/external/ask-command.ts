import { FulcrumError } from '../../core/index.ts';
import { parseJson } from './ask-http.ts';
import { maxOutputBytes } from './external-output.ts';
import type { PlaceholderValues } from './placeholders.ts';

export interface AskCommandOptions {
  readonly variant: string;
  /** Program and arguments; no shell looks at them. */
  readonly command: readonly string[];
  readonly directory: string;
  readonly values: PlaceholderValues;
  readonly timeoutSeconds: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs a program with {id, input} as JSON on stdin and gives the JSON of its stdout. On a timeout, on too much output
 * and on cancellation the program and those that it started are killed. Throws `external-timeout`,
 * `external-failed` (not found, non-zero exit), `external-invalid` (no JSON, more than 1 MB) or `cancelled`.
 */
export async function askCommand(options: AskCommandOptions): Promise<unknown> {
  const { variant, command, timeoutSeconds, signal } = options;
  const [program = '', ...parameters] = command;
  const { execa } = await import('execa');
  const result = await execa(program, parameters, {
    cwd: options.directory,
    input: `${JSON.stringify({ id: options.values.id, input: options.values.input })}\n`,
    timeout: timeoutSeconds * 1000,
    maxBuffer: maxOutputBytes,
    killSignal: 'SIGKILL',
    killDescendants: true,
    reject: false,
    ...(signal ? { cancelSignal: signal } : {}),
  });
  if (signal?.aborted) throw new FulcrumError('cancelled');
  if (result.timedOut) throw new FulcrumError('external-timeout', { variant, seconds: timeoutSeconds });
  if (result.isMaxBuffer)
    throw new FulcrumError('external-invalid', { variant, problem: `more than ${maxOutputBytes} bytes` });
  // A program that answers without reading its input closes the pipe early; that is no failure of its own.
  if (result.failed && !(result.exitCode === 0 && result.code === 'EPIPE')) {
    const said =
      String(result.stderr ?? '')
        .trim()
        .split('\n')
        .at(-1)
        ?.slice(0, 200) ?? '';
    const how =
      result.exitCode === undefined
        ? (result.originalMessage ?? 'it did not start')
        : `exit status ${result.exitCode}`;
    throw new FulcrumError('external-failed', { variant, problem: said === '' ? how : `${how}: ${said}` });
  }
  return parseJson(String(result.stdout), variant);
}
