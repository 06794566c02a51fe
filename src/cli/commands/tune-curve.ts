import type { Command } from 'commander';
import { FulcrumError } from '../../core/index.ts';
import { runCommand } from '../command.ts';
import { numberOption } from '../evaluation-command.ts';
import { withCommandProject } from '../with-command-project.ts';

interface CurveFlags {
  data: string;
  provider: string;
  base?: string;
  shares: string;
  seeds: string;
  most?: string;
  epochs?: string;
}

/** `fulcrum tune curve`. */
export function registerTuneCurve(tune: Command): void {
  tune
    .command('curve')
    .requiredOption('--data <name>', 'split rows, NAME or NAME@VERSION')
    .option('--provider <name>', 'heads (seconds) or local', 'heads')
    .option('--base <model>', 'base to train on (default: as in "tune run")')
    .option('--shares <list>', 'parts of the training rows in per cent, 100 the last', '12.5,25,50,100')
    .option('--seeds <n>', 'choices of rows at every part but the whole', '2')
    .option('--most <n>', 'ask at most so many rows')
    .option('--epochs <n>', 'passes over the rows, for local')
    .description('train on growing parts of the rows and say whether more rows would help, with an interval')
    .addHelpText(
      'after',
      '\nMeasured on validation rows where there are 50 or more, else on test rows too. The models are thrown away.\n\nExamples:\n  fulcrum tune curve --data intents\n  fulcrum tune curve --data slots --provider local --most 100',
    )
    .action(
      runCommand<CurveFlags>(async (context, options) => {
        const { learningCurve } = await import('../../app/index.ts');
        const shares = options.shares.split(',').map((part) => Number(part) / 100);
        if (
          shares.length < 2 ||
          shares.at(-1) !== 1 ||
          shares.some((share, index) => !(share > (shares[index - 1] ?? 0) && share <= 1))
        )
          throw new FulcrumError('usage', {
            problem: `--shares takes growing parts that end with 100, not "${options.shares}".`,
          });
        const curve = await withCommandProject(context, async (project) => {
          const { provider } = await project.tuning();
          const { methods } = (await provider(options.provider)).capabilities;
          const isHead = methods.includes('classifier');
          return learningCurve(project, {
            data: options.data,
            provider: options.provider,
            method: isHead ? 'classifier' : 'sft',
            base:
              options.base ??
              (isHead
                ? project.config.embedding || 'local/bge-small-en-v1.5'
                : 'local/smollm2-135m-instruct'),
            settings: { epochs: numberOption('--epochs', options.epochs, { whole: false, least: 0.01 }) },
            shares,
            seeds: numberOption('--seeds', options.seeds, { whole: true, least: 1 }) ?? 2,
            most: numberOption('--most', options.most, { whole: true, least: 20 }),
            onProgress: context.terminal.onProgress,
            onNotice: context.terminal.notice,
            onRun: ({ share, rows, seed, right }) =>
              context.terminal.notice(
                `${share * 100} %, ${rows} rows, seed ${seed}: ${(right.reduce((a, b) => a + b, 0) / right.length).toFixed(3)}`,
              ),
            signal: context.signal,
          });
        });
        const lines = curve.points.map(
          ({ share, rows, mean, low, high, seeds, spread }) =>
            `  ${`${share * 100} %`.padStart(7)}  ${String(rows).padStart(6)} rows  ${mean.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]${seeds > 1 ? `  seeds ${spread[0].toFixed(3)} to ${spread[1].toFixed(3)}` : ''}`,
        );
        return {
          json: curve,
          text: [`Exactly right answers, on ${curve.testRows} rows:`, ...lines, curve.sentence].join('\n'),
        };
      }),
    );
}
