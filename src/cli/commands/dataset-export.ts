import type { Command } from 'commander';
import { runCommand } from '../command.ts';
import { lostText } from '../dataset-text.ts';
import { withEvaluation } from '../evaluation-command.ts';

/** `fulcrum dataset export`. */
export function registerDatasetExport(dataset: Command): void {
  dataset
    .command('export')
    .argument('<name>', 'name of the dataset')
    .requiredOption('--out <path>', 'file to write, or folder for BEIR')
    .option(
      '--format <format>',
      'jsonl, csv, tsv, beir, squad, openai-chat, openai-evals, promptfoo, ragas or langfuse',
      'jsonl',
    )
    .option('--split <split>', 'only the samples of this split')
    .description('write a dataset in another format, and say what that format could not hold')
    .addHelpText(
      'after',
      '\nA look at frozen test samples is logged.\n\nExamples:\n  fulcrum dataset export questions --out questions.jsonl\n  fulcrum dataset export questions --format promptfoo --out tests.yaml --split dev',
    )
    .action(
      runCommand<{ out: string; format: string; split?: string }>(async (context, options, name = '') => {
        const { resolve } = await import('node:path');
        const { parseFormat, parseSplit } = await import('../../evaluation/index.ts');
        const format = parseFormat(options.format);
        const split = options.split === undefined ? undefined : parseSplit(options.split);
        const result = await withEvaluation(context, ({ datasetTools }) =>
          datasetTools.export({ dataset: name, format, split, out: resolve(options.out) }),
        );
        const text = [
          `Wrote ${result.samples} samples as ${format} to ${result.path}.`,
          ...lostText(result.lost),
          ...(result.leftOut > 0 ? [`${result.leftOut} samples cannot be written in this format.`] : []),
        ].join('\n');
        return { json: result, text };
      }),
    );
}
