import type { Command } from 'commander';
import { FulcrumError } from '../../core/index.ts';
import type { AmbiguousQuote, DatasetFormat } from '../../evaluation/index.ts';
import { type CommandContext, runCommand } from '../command.ts';
import { inputPath, withEvaluation } from '../evaluation-command.ts';
import { registerDatasetGenerate } from './dataset-generate.ts';

interface ImportFlags {
  name: string;
  format?: string;
  split?: string;
  source?: string;
}

/** `fulcrum dataset import|anchor|list|show`: sets of questions. */
export function registerDataset(program: Command): void {
  const dataset = program
    .command('dataset')
    .description('sets of questions with what is known of their answers');
  registerImport(dataset);
  registerAnchor(dataset);
  registerDatasetGenerate(dataset);

  dataset
    .command('list')
    .description('list the datasets')
    .addHelpText('after', '\nExample:\n  fulcrum dataset list')
    .action(
      runCommand(async (context) => {
        const datasets = await withEvaluation(context, (evaluation) => evaluation.datasets.list());
        const lines = datasets.map(
          ({ name, samples, splits, origin, hash }) =>
            `${name}  ${samples} samples (${splitsText(splits)})  from ${origin}  ${hash.slice(0, 12)}`,
        );
        return {
          json: { datasets },
          text: lines.join('\n') || 'No dataset yet. Import one: fulcrum dataset import PATH --name NAME',
        };
      }),
    );

  dataset
    .command('show')
    .argument('<name>', 'name of the dataset')
    .description('show a dataset; with --json also its samples')
    .addHelpText(
      'after',
      '\nExamples:\n  fulcrum dataset show questions\n  fulcrum dataset show questions --json',
    )
    .action(
      runCommand(async (context, _options, name = '') => {
        const { content, ...summary } = await withEvaluation(context, (evaluation) =>
          evaluation.datasets.get(name),
        );
        const count = (test: (sample: (typeof content)[number]) => boolean): number =>
          content.filter(test).length;
        const text = [
          `${summary.name}  ${summary.samples} samples (${splitsText(summary.splits)})`,
          `hash ${summary.hash}`,
          `from ${summary.origin}, imported ${summary.importedAt}`,
          `${count((sample) => !sample.answerable)} unanswerable, ${count((sample) => (sample.facts?.length ?? 0) > 0)} with facts, ${count((sample) => (sample.evidence?.length ?? 0) > 0)} with evidence`,
        ].join('\n');
        return { json: { ...summary, content }, text };
      }),
    );
}

function registerImport(dataset: Command): void {
  dataset
    .command('import')
    .argument('<path>', 'JSON Lines file of samples, or folder in BEIR form')
    .requiredOption('--name <name>', 'name of the dataset')
    .option('--format <format>', 'jsonl or beir (default: beir for a folder)')
    .option('--split <split>', 'train, dev or test: the BEIR split, or which samples of a JSONL file to take')
    .option('--source <source>', 'source that ids of evidence without one belong to (default: the only one)')
    .description('import a dataset; every piece of evidence is checked against the corpus')
    .addHelpText(
      'after',
      '\nExamples:\n  fulcrum dataset import questions.jsonl --name questions\n  fulcrum dataset import ./scifact --name scifact --split dev',
    )
    .action(
      runCommand<ImportFlags>(async (context, options, path = '') => {
        const format = parseFormat(options.format);
        const result = await withEvaluation(context, (evaluation) =>
          evaluation.importDataset({ ...options, format, path: inputPath(context, path) }),
        );
        warnAmbiguous(context, result.ambiguous);
        const { name, samples, splits, evidence, leftOut } = result;
        const text = [
          result.unchanged
            ? `The dataset "${name}" holds exactly these ${samples} samples already.`
            : `Imported ${samples} samples (${splitsText(splits)}) as "${name}"; ${evidence} pieces of evidence found in the corpus.`,
          ...(leftOut > 0 ? [`${leftOut} were left out: of another split, or without a judgement.`] : []),
          `Next: fulcrum eval retrieval --dataset ${name}`,
        ].join('\n');
        return { json: result, text };
      }),
    );
}

function registerAnchor(dataset: Command): void {
  dataset
    .command('anchor')
    .argument('<file>', 'JSON Lines file of samples')
    .option('--out <file>', 'where to write (default: over the input)')
    .option('--source <source>', 'source that ids of evidence without one belong to (default: the only one)')
    .description('put exact offsets and hashes in place of the quotes of a file')
    .addHelpText('after', '\nExample:\n  fulcrum dataset anchor draft.jsonl --out questions.jsonl')
    .action(
      runCommand<{ out?: string; source?: string }>(async (context, options, path = '') => {
        const { resolve } = await import('node:path');
        const result = await withEvaluation(context, (evaluation) =>
          evaluation.anchorDataset({
            path: inputPath(context, path),
            out: options.out === undefined ? undefined : resolve(options.out),
            source: options.source,
          }),
        );
        warnAmbiguous(context, result.ambiguous);
        return {
          json: result,
          text: `Wrote ${result.samples} samples with ${result.anchored} anchored quotes to ${result.path}.`,
        };
      }),
    );
}

function warnAmbiguous(context: CommandContext, ambiguous: readonly AmbiguousQuote[]): void {
  for (const { sample, document, occurrences } of ambiguous)
    context.terminal.notice(
      `Sample ${sample}: its quote stands ${occurrences} times in ${document}; the first place was taken.`,
    );
}

function parseFormat(format: string | undefined): DatasetFormat | undefined {
  if (format === undefined || format === 'jsonl' || format === 'beir') return format;
  throw new FulcrumError('usage', { problem: `There is no format "${format}"; use jsonl or beir.` });
}

function splitsText(splits: Readonly<Record<string, number>>): string {
  return Object.entries(splits)
    .map(([split, samples]) => `${split === 'none' ? 'no split' : split} ${samples}`)
    .join(', ');
}
