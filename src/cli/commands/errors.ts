import type { Command } from 'commander';
import { errorCatalogue } from '../../core/index.ts';
import { runCommand } from '../command.ts';

/** `fulcrum errors`: the error catalogue. */
export function registerErrors(program: Command): void {
  program
    .command('errors')
    .argument('[code]', 'show only this error')
    .description('list every error: code, meaning, what to do')
    .addHelpText('after', '\nExamples:\n  fulcrum errors\n  fulcrum errors database-newer')
    .action(
      runCommand(async (_context, _options, code?: string) => {
        const entries = Object.entries(errorCatalogue)
          .filter(([name]) => code === undefined || name === code)
          .map(([name, { status, message, hint, retryable, exit }]) => ({
            code: name,
            status,
            message,
            hint,
            retryable,
            exit,
          }));
        const text = entries
          .map(
            (entry) =>
              `${entry.code}  (HTTP ${entry.status}, exit ${entry.exit}${entry.retryable ? ', retryable' : ''})\n  ${entry.message}\n  ${entry.hint}`,
          )
          .join('\n\n');
        return { json: { errors: entries }, text };
      }),
    );
}
