import type { Command } from 'commander';
import { FulcrumError } from '../../core/index.ts';
import { runCommand } from '../command.ts';
import { numberOption, withEvaluation } from '../evaluation-command.ts';

interface CascadesFlags {
  metric?: string;
  folds?: string;
  tolerance?: string;
  confidence?: string;
}

/** `fulcrum eval cascades`: what two variants one after the other would do, from runs that are there. */
export function registerEvalCascades(program: Command): void {
  program.commands
    .find((command) => command.name() === 'eval')
    ?.command('cascades')
    .argument('<runs...>', 'ids of two runs or more of one dataset')
    .option('--metric <name>', 'metric that is better when higher', 'correct')
    .option('--folds <k>', 'parts, each judged by a threshold fitted on the others', '5')
    .option('--tolerance <t>', 'loss of the mean that is given up for fewer escalations', '0')
    .option('--confidence <c>', 'confidence of all intervals together', '0.95')
    .description('judge every cascade of two runs (cheap first, dearer when not sure) without a new call')
    .addHelpText(
      'after',
      '\nA refusal of the first counts as not sure. Thresholds are cross-fitted by group, so that no answer is judged by a threshold\nthat it helped to choose. "compare" and "decide" take the same composites with --with-cascades; see docs/attribution.md.\n\nExamples:\n  fulcrum eval cascades run_a run_b\n  fulcrum eval cascades run_a run_b run_c --tolerance 0.02 --json',
    )
    .action(
      runCommand<CascadesFlags>(async (context, options, ...runs) => {
        if (new Set(runs).size < 2)
          throw new FulcrumError('usage', { problem: 'A cascade needs two runs; name at least two.' });
        const { report } = await withEvaluation(context, (room) =>
          room.cascades({
            runs,
            metric: options.metric ?? 'correct',
            folds: numberOption('--folds', options.folds, { whole: true, least: 2 }),
            tolerance: numberOption('--tolerance', options.tolerance, { whole: false, least: 0 }),
            confidence: numberOption('--confidence', options.confidence, { whole: false, least: 0 }),
          }),
        );
        const { cascadesText } = await import('../cascades-text.ts');
        return { json: report, text: cascadesText(report) };
      }),
    );
}
