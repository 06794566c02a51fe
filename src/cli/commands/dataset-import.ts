import type { Command } from 'commander';
import { runCommand } from '../command.ts';
import { addFileOptions, type FileFlags, readFileFlags } from '../dataset-options.ts';
import { lostText, splitsText } from '../dataset-text.ts';
import { inputPath, withEvaluation } from '../evaluation-command.ts';

interface ImportFlags extends FileFlags {
  name: string;
  split?: string;
  source?: string;
}

/** `fulcrum dataset import`. */
export function registerDatasetImport(dataset: Command): void {
  const command = dataset
    .command('import')
    .argument('<path>', 'file of samples, or folder in BEIR form')
    .requiredOption('--name <name>', 'name of the dataset');
  addFileOptions(command)
    .option('--split <split>', 'train, dev or test: the BEIR split, or which samples of a file to take')
    .option(
      '--source <source>',
      'source of evidence without one; for SQuAD and Ragas the one whose documents hold the contexts',
    )
    .description('import a dataset; every piece of evidence is checked against the corpus')
    .addHelpText(
      'after',
      '\nThe format is detected from the name and the first record; what it held and a dataset does not is counted.\n\nExamples:\n  fulcrum dataset import questions.jsonl --name questions\n  fulcrum dataset import train.csv --name intents --map input=text,label=category\n  fulcrum dataset import dev-v2.0.json --name squad --format squad --source wiki\n  fulcrum dataset import ./scifact --name scifact --split dev',
    )
    .action(
      runCommand<ImportFlags>(async (context, options, path = '') => {
        const { name, split, source } = options;
        const file = await readFileFlags(options);
        const result = await withEvaluation(context, (evaluation) =>
          evaluation.importDataset({ name, split, source, ...file, path: inputPath(context, path) }),
        );
        for (const { sample, document, occurrences } of result.ambiguous)
          context.terminal.notice(
            `Sample ${sample}: its quote stands ${occurrences} times in ${document}; the first place was taken.`,
          );
        const { samples, splits, evidence, leftOut, withoutGold, format } = result;
        if (withoutGold > 0)
          context.terminal.notice(
            `${withoutGold} of ${samples} samples have no reference, facts, label or evidence and count as answerable, so that nothing can be held against an answer. Mark those that should not be answered ("answerable": false, or "no" in a column).`,
          );
        const text = [
          result.unchanged
            ? `The dataset "${name}" holds exactly these ${samples} samples already.`
            : `Imported ${samples} samples (${splitsText(splits)}) as "${name}" from ${format}; ${evidence} pieces of evidence found in the corpus.`,
          ...lostText(result.lost),
          ...(leftOut > 0
            ? [
                `${leftOut} were left out: of another split, without a judgement, or not readable as a sample.`,
              ]
            : []),
          evidence > 0
            ? `Next: fulcrum eval retrieval --dataset ${name}`
            : `Next: fulcrum eval run --dataset ${name} --variants …`,
        ].join('\n');
        return { json: result, text };
      }),
    );
}
