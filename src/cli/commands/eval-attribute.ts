import type { Command } from 'commander';
import { FulcrumError } from '../../core/index.ts';
import type { Placebo } from '../../evaluation/index.ts';
import { runCommand } from '../command.ts';
import { numberOption, withEvaluation } from '../evaluation-command.ts';
import { askToSpend, estimateText } from '../spending.ts';

interface AttributeFlags {
  dataset: string;
  variant: string;
  metric?: string;
  rightFrom?: string;
  split?: string;
  sample?: string;
  candidates?: string;
  seed?: string;
  placebo?: string;
  confidence?: string;
  concurrency?: string;
  budget?: string;
}

/** `fulcrum eval attribute`: why a variant fails, by arms on the same samples. */
export function registerEvalAttribute(program: Command): void {
  program.commands
    .find((command) => command.name() === 'eval')
    ?.command('attribute')
    .requiredOption('--dataset <name>', 'dataset to answer')
    .requiredOption(
      '--variant <name>',
      'variant that reads the corpus (extract, rag), or an external pipeline',
    )
    .option('--split <split>', 'only this split: train, dev or test')
    .option('--sample <n>', 'only n samples; a larger n adds to a smaller one')
    .option(
      '--metric <name>',
      'metric of right and wrong (default: decision.metric of the config, else correct)',
    )
    .option('--right-from <score>', 'lowest score that counts as right (default: 1)')
    .option('--candidates <n>', 'chunks in which evidence counts as found by search (default: 50)')
    .option('--seed <n>', 'draws the orders of passages (default: 1)')
    .option(
      '--placebo <what>',
      'shuffled (the passages in another order) or again (asked once more); default: shuffled, again for an external pipeline',
    )
    .option('--confidence <c>', 'confidence of the intervals of a table together', '0.95')
    .option('--concurrency <n>', 'answers at a time (default: 1 for work done here, 4 for remote services)')
    .option('--budget <usd>', 'ask before spending more; without a terminal or with --json that is an error')
    .description('say where the failures of a variant come from and what would mend them')
    .addHelpText(
      'after',
      '\nRuns the variant and its arms on the same samples: no context (forced to answer), gold evidence among far passages, among\nthe retrieved ones, with few-shot samples and a structured answer, and a placebo (the same passages in another order;\nwith --placebo again nothing at all, for a service that does not answer alike twice).\nWhat the placebo mends too is not credited to a remedy. Finished answers are kept; see docs/attribution.md.\n\nExamples:\n  fulcrum eval attribute --dataset questions --variant rag --split dev\n  fulcrum eval attribute --dataset questions --variant extract --sample 50 --json',
    )
    .action(
      runCommand<AttributeFlags>(async (context, options) => {
        const whole = { whole: true, least: 1 };
        const share = { whole: false, least: 0 };
        const placebo = await placeboOption(options.placebo);
        const report = await withEvaluation(context, (room) =>
          room.attribute({
            dataset: options.dataset,
            variant: options.variant,
            metric: options.metric,
            split: options.split,
            rightFrom: numberOption('--right-from', options.rightFrom, share),
            sample: numberOption('--sample', options.sample, whole),
            candidates: numberOption('--candidates', options.candidates, whole),
            seed: numberOption('--seed', options.seed, { whole: true, least: 0 }),
            placebo,
            confidence: numberOption('--confidence', options.confidence, share),
            concurrency: numberOption('--concurrency', options.concurrency, whole),
            budget: numberOption('--budget', options.budget, share),
            onEstimate: (estimate) => context.terminal.notice(estimateText(estimate)),
            approve: context.terminal.interactive ? askToSpend : undefined,
          }),
        );
        const { attributionText } = await import('../attribution-text.ts');
        return { json: report, text: attributionText(report) };
      }),
    );
}

/** Throws `usage` for another name. */
async function placeboOption(text: string | undefined): Promise<Placebo | undefined> {
  const { placebos } = await import('../../evaluation/index.ts');
  const found = placebos.find((name) => name === text);
  if (text !== undefined && found === undefined)
    throw new FulcrumError('usage', {
      problem: `--placebo must be one of ${placebos.join(', ')}; it is "${text}".`,
    });
  return found;
}
