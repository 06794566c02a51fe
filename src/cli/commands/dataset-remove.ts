import type { Command } from 'commander';
import { runCommand } from '../command.ts';
import { withCommandProject } from '../with-command-project.ts';

/** `fulcrum dataset remove`. */
export function registerDatasetRemove(dataset: Command): void {
  dataset
    .command('remove')
    .argument('<name>', 'name of the dataset')
    .option('--force', 'also where runs are of it: they keep scores and answers, but not the questions')
    .description('remove the samples of a dataset; a frozen one stays')
    .addHelpText(
      'after',
      '\nDecisions of reviewers stay, and apply again when the same samples come back.\n\nExample:\n  fulcrum dataset remove draft',
    )
    .action(
      runCommand<{ force?: boolean }>(async (context, { force }, name = '') => {
        const { removeProjectDataset } = await import('../../app/index.ts');
        const { samples, runs } = await withCommandProject(context, (project) =>
          removeProjectDataset(project, name, { force }),
        );
        const left =
          runs === 0
            ? ''
            : ` Its runs (${runs}) keep scores and answers; their questions are no longer shown, and they cannot be run again.`;
        return {
          json: { removed: name, samples, runs },
          text: `Removed the dataset "${name}" with ${samples} samples.${left}`,
        };
      }),
    );
}
