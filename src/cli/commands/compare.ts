import type { Command } from 'commander';
import { runCommand } from '../command.ts';
import { numberOption } from '../evaluation-command.ts';
import { gatherScores, type ScoresOptions } from '../scores-command.ts';

/** `fulcrum compare`: verdicts between variants from one set of simultaneous bounds. */
export function registerCompare(program: Command): void {
  program
    .command('compare')
    .argument('[runs...]', 'ids of runs of one dataset; without any the newest of each variant')
    .option('--metric <name>', 'primary metric (default: decision.metric of the config, else correct)')
    .option('--margin <m>', 'largest difference that does not matter (default: config, else 0.05)')
    .option('--confidence <c>', 'confidence of all intervals together', '0.95')
    .option('--baseline <variant>', 'compare every other variant with this one only')
    .option('--with-cascades', 'also every cascade of two of the runs, made of their stored results')
    .option('--scores <file>', 'JSON Lines of scores made by anything; needs no project')
    .description('compare variants on the same samples: better, worse, equivalent or inconclusive')
    .addHelpText(
      'after',
      '\nExamples:\n  fulcrum compare run_a run_b\n  fulcrum compare --scores scores.jsonl --metric correct',
    )
    .action(
      runCommand<ScoresOptions & { baseline?: string }>(async (context, options, ...runs) => {
        const given = await gatherScores(context, options, runs);
        const { compareVariants } = await import('../../evaluation/index.ts');
        const { renderComparison } = await import('../../decision/index.ts');
        const comparison = compareVariants({
          rows: given.rows,
          metric: given.metric,
          look: given.look,
          margin:
            numberOption('--margin', options.margin, { whole: false, least: 0 }) ??
            given.defaults?.margin ??
            0.05,
          confidence: numberOption('--confidence', options.confidence, { whole: false, least: 0 }),
          baseline: options.baseline,
        });
        return { json: { ...comparison, runs: given.runs }, text: renderComparison(comparison) };
      }),
    );
}
