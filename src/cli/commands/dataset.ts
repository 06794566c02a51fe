import type { Command } from 'commander';
import type { AmbiguousQuote } from '../../evaluation/index.ts';
import { type CommandContext, runCommand } from '../command.ts';
import { splitsText } from '../dataset-text.ts';
import { inputPath, withEvaluation } from '../evaluation-command.ts';
import { registerDatasetCheck } from './dataset-check.ts';
import { registerDatasetCoverage } from './dataset-coverage.ts';
import { registerDatasetExport } from './dataset-export.ts';
import { registerDatasetFacts } from './dataset-facts.ts';
import { registerDatasetGenerate } from './dataset-generate.ts';
import { registerDatasetImport } from './dataset-import.ts';
import { registerDatasetPower } from './dataset-power.ts';
import { registerDatasetRemove } from './dataset-remove.ts';
import { registerDatasetReview } from './dataset-review.ts';
import { registerDatasetSplit } from './dataset-split.ts';

/** `fulcrum dataset …`: sets of questions. */
export function registerDataset(program: Command): void {
  const dataset = program
    .command('dataset')
    .description('sets of questions with what is known of their answers');
  registerDatasetImport(dataset);
  registerDatasetExport(dataset);
  registerAnchor(dataset);
  registerDatasetGenerate(dataset);
  registerDatasetFacts(dataset);
  registerDatasetSplit(dataset);
  registerDatasetCheck(dataset);
  registerDatasetPower(dataset);
  registerDatasetCoverage(dataset);
  registerDatasetReview(dataset);
  registerDatasetRemove(dataset);

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
        const { content, ...summary } = await withEvaluation(context, async (evaluation) => {
          const found = await evaluation.datasets.get(name);
          // Only the JSON shows the samples themselves.
          if (context.json)
            await evaluation.datasetTools.logLook(name, found.splits.test ?? 0, 'dataset show', '--json');
          return { ...found, ...(await evaluation.datasetTools.seal(name)) };
        });
        const count = (test: (sample: (typeof content)[number]) => boolean): number =>
          content.filter(test).length;
        const text = [
          `${summary.name}  ${summary.samples} samples (${splitsText(summary.splits)})`,
          `hash ${summary.hash}`,
          `from ${summary.origin}, imported ${summary.importedAt}`,
          `${count((sample) => !sample.answerable)} unanswerable, ${count((sample) => (sample.facts?.length ?? 0) > 0)} with facts, ${count((sample) => (sample.evidence?.length ?? 0) > 0)} with evidence`,
          ...(summary.frozen === null
            ? []
            : [
                `frozen ${summary.frozen.frozenAt}; ${summary.looks.length} looks at the test samples (fulcrum dataset looks ${name})`,
              ]),
        ].join('\n');
        return { json: { ...summary, content }, text };
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
