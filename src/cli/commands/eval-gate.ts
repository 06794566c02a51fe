import type { Command } from 'commander';
import { runCommand } from '../command.ts';
import { numberOption, withEvaluation } from '../evaluation-command.ts';

interface GateFlags {
  baseline: string;
  metric?: string;
  margin?: string;
  confidence?: string;
}

/** `fulcrum eval gate`: an exit status for a CI by non-inferiority. */
export function registerEvalGate(evaluation: Command): void {
  evaluation
    .command('gate')
    .argument('<run>', 'id of the run to be let through')
    .requiredOption('--baseline <run>', 'id of the run that it must not be worse than')
    .option('--metric <name>', 'what it must not be worse in (default: decision.metric of the config)')
    .option('--margin <m>', 'largest loss that is accepted (default: decision.margin of the config)')
    .option('--confidence <c>', 'confidence of all intervals together (default: 0.95)')
    .description(
      'exit 0 when a run is not worse than a baseline by the margin, 1 when it is or nobody can say',
    )
    .addHelpText(
      'after',
      '\nThe bounds are those of "fulcrum compare". An inconclusive gate says how many samples would settle it.\n\nExample:\n  fulcrum eval gate RUN --baseline RUN --metric correct --margin 0.05',
    )
    .action(
      runCommand<GateFlags>(async (context, options, candidate = '') => {
        const gate = await withEvaluation(context, (room) =>
          room.runs.gate({
            candidate,
            baseline: options.baseline,
            metric: options.metric,
            margin: numberOption('--margin', options.margin, { whole: false, least: 0 }),
            confidence: numberOption('--confidence', options.confidence, { whole: false, least: 0 }),
          }),
        );
        const { gateSentence } = await import('../../evaluation/index.ts');
        return {
          json: gate,
          text: [gateSentence(gate), ...gate.warnings].join('\n'),
          exit: gate.outcome === 'passed' ? 0 : 1,
        };
      }),
    );
}
