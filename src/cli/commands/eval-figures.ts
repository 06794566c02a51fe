import type { Command } from 'commander';
import { runCommand } from '../command.ts';
import { withEvaluation } from '../evaluation-command.ts';

/** `fulcrum eval figures`: what a run measured that is no mean of scores. */
export function registerEvalFigures(evaluation: Command): void {
  evaluation
    .command('figures')
    .argument('<run>', 'id of the run')
    .description('figures of a whole run that are no mean of scores: micro F1, F1 of each field or type')
    .addHelpText(
      'after',
      '\nOf the scorers that have such figures: sentence-bleu and sentence-chrf give corpus BLEU and chrF, and those in the config as\ndocs/scorers.md says (json-fields, entities); --json also says how the\nscorers of the config were defined when the run was made.\n\nExample:\n  fulcrum eval figures RUN',
    )
    .action(
      runCommand(async (context, _options, id = '') => {
        const { figures, scorers } = await withEvaluation(context, async (room) => ({
          figures: await room.corpusFigures(id),
          scorers: await room.scorerDefinitions(id),
        }));
        const { figureLine } = await import('../evaluation-tables.ts');
        const lines = figures.map(figureLine);
        return {
          json: { run: id, figures, scorers },
          text: lines.join('\n') || 'No scorer of the config has such figures.',
        };
      }),
    );
}
