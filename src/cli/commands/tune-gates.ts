import type { Command } from 'commander';
import { runCommand } from '../command.ts';
import { numberOption } from '../evaluation-command.ts';
import { withCommandProject } from '../with-command-project.ts';

/** `fulcrum tune gates`. */
export function registerTuneGates(tune: Command): void {
  tune
    .command('gates')
    .argument('<model>', 'ID of the tuned model, or its name')
    .option('--only <list>', 'parity, overfit, format, memoriser, refusal, forgetting, obedience, canaries')
    .option('--most <n>', 'ask at most so many rows and general items')
    .description(
      'check a tuned model before it is promoted: parity of training and serving, forgetting, obedience and more',
    )
    .addHelpText(
      'after',
      '\nWhat was found is kept with the model, and "fulcrum models promote" looks at it. Exit status 1 where a gate failed.\ndocs/gates.md says what each gate measures and when it passes.\n\nExamples:\n  fulcrum tune gates slots-1\n  fulcrum tune gates slots-1 --only parity,format',
    )
    .action(
      runCommand<{ only?: string; most?: string }>(async (context, options, id = '') => {
        const { runGates } = await import('../../app/index.ts');
        const { notice, onProgress } = context.terminal;
        const { model, outcomes } = await withCommandProject(context, (project) =>
          runGates(project, {
            model: id,
            gates: options.only?.split(',').map((gate) => gate.trim()),
            most: numberOption('--most', options.most, { whole: true, least: 1 }),
            onProgress,
            onNotice: notice,
            onGate: ({ gate, passed }) => notice(`${gate}: ${word(passed)}`),
            signal: context.signal,
          }),
        );
        const lines = outcomes.map(
          ({ gate, passed, detail }) => `${word(passed).padEnd(12)}  ${gate}: ${detail}`,
        );
        const failed = outcomes.some(({ passed }) => passed === false);
        return {
          json: { model: model.id, gates: outcomes },
          text: [
            ...lines,
            failed
              ? `Promotion needs --force with a reason: fulcrum models promote ${model.id} --stage champion --force "…"`
              : `Next: fulcrum models promote ${model.id} --stage champion`,
          ].join('\n'),
          exit: failed ? 1 : 0,
        };
      }),
    );
}

function word(passed: boolean | null): string {
  return passed === null ? 'not measured' : passed ? 'passed' : 'FAILED';
}
