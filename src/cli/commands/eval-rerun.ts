import type { Command } from 'commander';
import { runCommand } from '../command.ts';
import { numberOption, withEvaluation } from '../evaluation-command.ts';
import { askToSpend, estimateText } from '../spending.ts';

interface RerunFlags {
  failed?: boolean;
  concurrency?: string;
  budget?: string;
}

/** `fulcrum eval rerun`: the same record again. */
export function registerEvalRerun(evaluation: Command): void {
  evaluation
    .command('rerun')
    .argument('<run>', 'id of the run')
    .option('--failed', 'in the same run, ask again only the samples that have no answer')
    .option('--concurrency <n>', 'answers at a time')
    .option('--budget <usd>', 'as in "eval run"')
    .description('run the same record again with new answers, to see how much they vary')
    .addHelpText('after', '\nExamples:\n  fulcrum eval rerun RUN\n  fulcrum eval rerun RUN --failed')
    .action(
      runCommand<RerunFlags>(async (context, options, id = '') => {
        const report = await withEvaluation(context, (room) =>
          room.runs.rerun(id, {
            failed: options.failed === true,
            concurrency: numberOption('--concurrency', options.concurrency, { whole: true, least: 1 }),
            budget: numberOption('--budget', options.budget, { whole: false, least: 0 }),
            onEstimate: (estimate) => context.terminal.notice(estimateText(estimate)),
            approve: context.terminal.interactive ? askToSpend : undefined,
          }),
        );
        const { runsTable } = await import('../evaluation-tables.ts');
        const next = report.id === id ? '' : `\nNext: fulcrum eval diff ${id} ${report.id}`;
        return { json: { runs: [report], skipped: [] }, text: `${runsTable([report])}${next}` };
      }),
    );
}
