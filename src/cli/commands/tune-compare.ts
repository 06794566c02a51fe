import type { Command } from 'commander';
import type { BaseComparison } from '../../app/index.ts';
import { runCommand } from '../command.ts';
import { numberOption } from '../evaluation-command.ts';
import { withCommandProject } from '../with-command-project.ts';

/** Width of the two answers where stdout is no terminal. */
const plainWidth = 120;

interface CompareFlags {
  dataset?: string;
  split?: string;
  sample?: string;
  metric?: string;
  hybrid?: boolean;
  limit?: string;
}

/** `fulcrum tune compare`. */
export function registerTuneCompare(tune: Command): void {
  tune
    .command('compare')
    .argument('<model>', 'ID of the tuned model')
    .option('--dataset <name>', 'frozen dataset (default: the one of its rows)')
    .option('--split <split>', 'train, dev or test', 'test')
    .option('--sample <n>', 'only so many samples')
    .option('--metric <name>', 'metric (default: decision.metric of the config)')
    .option('--hybrid', 'both over retrieved passages')
    .option('--limit <n>', 'most flips that are shown', '10')
    .description(
      'a tuned model against its base with the same prompt: what flipped first, then the difference with its interval',
    )
    .addHelpText('after', '\nExample:\n  fulcrum tune compare slots-1 --metric exact')
    .action(
      runCommand<CompareFlags>(async (context, options, id = '') => {
        const { compareWithBase } = await import('../../app/index.ts');
        const result = await withCommandProject(context, async (project) => {
          const { models } = await project.tuning();
          const model = await models.get(id);
          return compareWithBase(project, {
            model: model.id,
            dataset: options.dataset ?? model.data.name,
            split: options.split,
            sample: numberOption('--sample', options.sample, { whole: true, least: 1 }),
            metric: options.metric,
            hybrid: options.hybrid === true,
            limit: numberOption('--limit', options.limit, { whole: true, least: 1 }),
            onProgress: context.terminal.onProgress,
            onNotice: context.terminal.notice,
            signal: context.signal,
          });
        });
        const { differenceText } = await import('../sample-view.ts');
        const text = [
          differenceText(result.difference, process.stdout.columns ?? plainWidth),
          verdictText(result),
        ].join('\n\n');
        return { json: result, text };
      }),
    );
}

/** One line for each variant, and the difference with its interval and verdict. */
function verdictText({ comparison }: BaseComparison): string {
  const means = comparison.variants.map(
    ({ variant, mean, low, high, n }) =>
      `${variant}: ${mean.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}] of ${n}`,
  );
  const differences = comparison.comparisons.map(
    ({ variant, against, difference, low, high, verdict }) =>
      `${variant} - ${against}: ${difference.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}], ${verdict}`,
  );
  return [...means, ...differences].join('\n');
}
