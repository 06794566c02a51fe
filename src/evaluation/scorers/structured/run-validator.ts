/** A validator's standard output is read up to here. */
const maxOutputBytes = 1_000_000;

export interface ValidatorCommand {
  /** Program and arguments; no shell looks at them. */
  readonly command: readonly string[];
  readonly directory: string;
  readonly timeoutSeconds: number;
}

/** How a validator ended that did end. */
export interface ValidatorEnd {
  readonly exitCode: number;
  readonly stdout: string;
  /** Last line of its standard error, shortened. */
  readonly said: string;
}

/**
 * Runs a program with a value as JSON on stdin. On a timeout and on too much output it is killed with those that it
 * started. Throws what becomes an error score: not found, timeout, killed, too much output.
 */
export async function runValidator(options: ValidatorCommand, input: unknown): Promise<ValidatorEnd> {
  const [program = '', ...parameters] = options.command;
  const { execa } = await import('execa');
  const result = await execa(program, parameters, {
    cwd: options.directory,
    input: `${JSON.stringify(input)}\n`,
    timeout: options.timeoutSeconds * 1000,
    maxBuffer: maxOutputBytes,
    killSignal: 'SIGKILL',
    killDescendants: true,
    reject: false,
  });
  if (result.timedOut) throw new Error(`the validator gave no verdict within ${options.timeoutSeconds} s`);
  if (result.isMaxBuffer) throw new Error(`the validator printed more than ${maxOutputBytes} bytes`);
  if (result.exitCode === undefined)
    throw new Error(
      `the validator did not run: ${result.originalMessage ?? result.signal ?? 'unknown reason'}`,
    );
  const said =
    String(result.stderr ?? '')
      .trim()
      .split('\n')
      .at(-1)
      ?.slice(0, 200) ?? '';
  return { exitCode: result.exitCode, stdout: String(result.stdout), said };
}
