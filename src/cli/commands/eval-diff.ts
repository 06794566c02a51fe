import type { Command } from 'commander';
import { runCommand } from '../command.ts';
import { numberOption, withEvaluation } from '../evaluation-command.ts';

/** Width of the two answers where stdout is no terminal. */
const plainWidth = 120;

/** `fulcrum eval diff`: what changed from one run to another. */
export function registerEvalDiff(evaluation: Command): void {
  evaluation
    .command('diff')
    .argument('<before>', 'id of a run')
    .argument('<after>', 'id of another run of the same dataset')
    .option('--metric <name>', 'what must differ (default: decision.metric of the config, else correct)')
    .option('--limit <n>', 'most samples that are shown; largest changes of both kinds', '20')
    .description('show the samples on which two runs differ, both answers side by side')
    .addHelpText(
      'after',
      '\nFor reading what a change did, lost and gained scores included. Whether the difference is real, and flips on the samples\nthat all variants have a number for, are for "fulcrum compare" (--view flips).\n\nExample:\n  fulcrum eval diff RUN RUN --metric correct',
    )
    .action(
      runCommand<{ metric?: string; limit?: string }>(async (context, options, before = '', after = '') => {
        const limit = numberOption('--limit', options.limit, { whole: true, least: 1 });
        const { metric } = options;
        const difference = await withEvaluation(context, (room) =>
          room.runs.diff({ before, after, metric, limit }),
        );
        const { differenceText } = await import('../sample-view.ts');
        return { json: difference, text: differenceText(difference, process.stdout.columns ?? plainWidth) };
      }),
    );
}
