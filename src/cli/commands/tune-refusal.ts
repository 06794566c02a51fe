import type { Command } from 'commander';
import { FulcrumError } from '../../core/index.ts';
import { runCommand } from '../command.ts';
import { numberOption } from '../evaluation-command.ts';
import { withCommandProject } from '../with-command-project.ts';

interface RefusalFlags {
  variant: string;
  dataset: string;
  risk: string;
  confidence: string;
  unanswerable: string;
  metric?: string;
  budget?: string;
  test?: boolean;
  write?: string;
}

/** `fulcrum tune refusal`: the confidence below which a variant refuses, with a guarantee. */
export function registerTuneRefusal(tune: Command): void {
  tune
    .command('refusal')
    .requiredOption(
      '--variant <name>',
      'variant with a confidence: extract, rag, or a pipeline that reports one',
    )
    .requiredOption(
      '--dataset <name>',
      'dataset with evidence and facts; its dev split is used, or all where it has no splits',
    )
    .option('--risk <share>', 'most of the given answers that may be wrong', '0.1')
    .option('--confidence <share>', 'at most the rest of all calibrations end in an untrue guarantee', '0.95')
    .option('--unanswerable <share>', 'share of the questions in use that the corpus cannot answer', '0.3')
    .option(
      '--metric <name>',
      'an answer that scores under 1 in it is wrong (default: decision.metric of the config)',
    )
    .option('--budget <usd>', 'stop when so much is spent')
    .option('--no-test', 'do not look at the test split at the end')
    .option('--write <name>', 'add the variant with the certified threshold to the config')
    .description(
      'fit the confidence below which a variant refuses, so that at most a stated share of its answers is wrong',
    )
    .addHelpText(
      'after',
      '\nThe variant answers everything; the gold documents of a share of the questions are hidden by the access filter, so that these cannot be\nanswered. Thresholds are tested from strict to lax until one fails (learn then test, Clopper-Pearson); where the data prove none, it says\nso and how many answers it would take (exit status 1).\n\nExamples:\n  fulcrum tune refusal --variant extract --dataset questions\n  fulcrum tune refusal --variant rag --dataset questions --risk 0.05 --unanswerable 0.2 --write rag-safe',
    )
    .action(
      runCommand<RefusalFlags>(async (context, options) => {
        const { renderRefusalReport } = await import('../../experiments/index.ts');
        const figure = (name: string, value: string): number =>
          numberOption(name, value, { whole: false, least: 0 }) ?? 0;
        const report = await withCommandProject(context, (project) => {
          if (options.write !== undefined && Object.hasOwn(project.config.variants, options.write))
            throw new FulcrumError('variant-exists', { variant: options.write });
          return project.tuneRefusal({
            variant: options.variant,
            dataset: options.dataset,
            risk: figure('--risk', options.risk),
            confidence: figure('--confidence', options.confidence),
            unanswerable: figure('--unanswerable', options.unanswerable),
            metric: options.metric,
            budget: numberOption('--budget', options.budget, { whole: false, least: 0 }),
            test: options.test !== false,
          });
        });
        if (options.write !== undefined && report.config) {
          const { addVariant } = await import('../../app/index.ts');
          await addVariant(context.projectDirectory, options.write, report.config);
          context.terminal.notice(`Added the variant "${options.write}".`);
        } else if (options.write !== undefined)
          context.terminal.notice('Nothing was added to the config, for no threshold could be written.');
        return {
          json: report,
          text: renderRefusalReport(report),
          exit: report.certificate.certified ? 0 : 1,
        };
      }),
    );
}
