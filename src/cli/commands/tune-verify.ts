import type { Command } from 'commander';
import { FulcrumError } from '../../core/index.ts';
import { runCommand } from '../command.ts';
import { numberOption } from '../evaluation-command.ts';
import { withCommandProject } from '../with-command-project.ts';

/** `fulcrum tune verify-provider`. */
export function registerTuneVerify(tune: Command): void {
  tune
    .command('verify-provider')
    .argument('<provider>', 'openai, or a provider of the config')
    .requiredOption('--base <model>', 'provider/model to train on, a cheap one')
    .option('--max-usd <usd>', 'refuse where the smallest job would cost more', '2')
    .option('--yes', 'do not ask before the rows are sent')
    .description(
      'run the smallest job at a provider with your key, so that it no longer counts as "not verified live"',
    )
    .addHelpText(
      'after',
      '\nSends ten rows of our own and trains one epoch. The tuned model stays at the provider; delete it there.\n\nExample:\n  fulcrum tune verify-provider openai --base openai/gpt-4.1-nano --max-usd 2 --yes',
    )
    .action(
      runCommand<{ base: string; maxUsd: string; yes?: boolean }>(async (context, options, provider = '') => {
        if (!options.yes)
          throw new FulcrumError('usage', {
            problem: `This trains at "${provider}" and is paid, up to $${options.maxUsd}. Say so with --yes.`,
          });
        const { verifyProvider } = await import('../../app/index.ts');
        const result = await withCommandProject(context, (project) =>
          verifyProvider(project, {
            provider,
            base: options.base,
            maxUsd: numberOption('--max-usd', options.maxUsd, { whole: false, least: 0 }) ?? 2,
            onEvent: ({ message }) => context.terminal.notice(message),
            onNotice: context.terminal.notice,
            signal: context.signal,
          }),
        );
        return {
          json: { provider, ...result },
          text: `${provider} was verified live on ${result.verified}; it made ${result.model}.`,
        };
      }),
    );
}
