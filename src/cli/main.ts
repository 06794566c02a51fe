import { CommanderError } from 'commander';
import { FulcrumError } from '../core/index.ts';
import { reportError } from './command.ts';
import { createProgram } from './program.ts';

// LanceDB warns on every query otherwise; it reads this when it is loaded.
process.env.LANCEDB_LOG ??= 'error';
// A reader that stops early (head, less) is not a failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

const program = await createProgram();
try {
  await program.parseAsync(process.argv);
} catch (error) {
  const json = process.argv.includes('--json');
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) process.exitCode = 0;
    else if (json)
      reportError(new FulcrumError('usage', { problem: error.message.replace(/^error: /, '') }), true);
    else process.exitCode = 2;
  } else reportError(error, json);
}
