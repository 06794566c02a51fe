import type { Command } from 'commander';
import { FulcrumError } from '../../core/index.ts';
import type { TuningData } from '../../tuning/index.ts';
import { runCommand } from '../command.ts';
import { numberOption } from '../evaluation-command.ts';
import { splitOption } from '../split-option.ts';
import { withCommandProject } from '../with-command-project.ts';
import { registerTuneDataCheck } from './tune-data-check.ts';

interface ImportFlags {
  name: string;
  format?: string;
  map?: string;
  fields?: string;
  schema?: string;
  instructions?: string;
  delimiter?: string;
  split?: string;
  readers?: string;
  add?: boolean;
  skipInvalid?: boolean;
  dataset?: string;
  variant?: string;
  code?: string;
}

/** `fulcrum tune data import|list|show|split|export|remove`. */
export function registerTuneData(tune: Command): void {
  const data = tune.command('data').description('labelled rows for tuning: import, check, split, export');
  registerImport(data);
  registerSplit(data);
  registerExport(data);
  registerTuneDataCheck(data);

  data
    .command('list')
    .description('list the sets of rows with their versions')
    .addHelpText('after', '\nExample:\n  fulcrum tune data list --json')
    .action(
      runCommand(async (context) => {
        const found = await withCommandProject(context, async (project) =>
          (await project.tuning()).data.list(),
        );
        const text =
          found.length === 0
            ? 'There is no tuning data yet. Begin with: fulcrum tune data import FILE --name NAME'
            : found.map(dataLine).join('\n');
        return { json: { data: found }, text };
      }),
    );

  data
    .command('show')
    .argument('<name>', 'NAME, or NAME@VERSION')
    .option('--rows <n>', 'so many rows of it', '3')
    .option('--split <split>', 'rows of train, validation or test')
    .description('show a set of rows and the first of them')
    .addHelpText('after', '\nExample:\n  fulcrum tune data show intents --rows 5 --split train')
    .action(
      runCommand<{ rows: string; split?: string }>(async (context, options, name = '') => {
        const most = numberOption('--rows', options.rows, { whole: true, least: 0 }) ?? 3;
        const split = splitOption(options.split);
        const result = await withCommandProject(context, async (project) => {
          const { data: store } = await project.tuning();
          const rows = [];
          for await (const row of store.rows(name, { split })) {
            if (rows.length >= most) break;
            rows.push(row);
          }
          return { data: await store.get(name), rows };
        });
        const shown = result.rows.map((row) =>
          [
            `  row ${row.id}${row.split ? ` (${row.split})` : ''}`,
            ...row.messages.map(({ role, content }) => `    ${role}: ${content}`),
          ].join('\n'),
        );
        return { json: result, text: [dataLine(result.data), ...shown].join('\n') };
      }),
    );

  data
    .command('remove')
    .argument('<name>', 'NAME for all versions, or NAME@VERSION')
    .description('remove rows; models that were trained on them are flagged')
    .addHelpText('after', '\nExample:\n  fulcrum tune data remove intents@1')
    .action(
      runCommand(async (context, _options, name = '') => {
        const removed = await withCommandProject(context, async (project) =>
          (await project.tuning()).data.remove(name),
        );
        return {
          json: { name, removed },
          text: `Removed ${removed.length} version${removed.length === 1 ? '' : 's'}: ${removed.join(', ')}.`,
        };
      }),
    );
}

function registerImport(data: Command): void {
  data
    .command('import')
    .argument('[files...]', 'JSON Lines, CSV or TSV')
    .requiredOption('--name <name>', 'name of the set of rows')
    .option('--format <format>', 'format of the rows (default: told from the first record)')
    .option(
      '--map <columns>',
      'what columns or keys are: input=text,label=category (also target, rejected, group, at, id, split, teacher)',
    )
    .option('--fields <columns>', 'for extraction: columns that become the members of the JSON answer')
    .option('--schema <file>', 'JSON schema of the answers')
    .option('--instructions <text>', 'system turn of every row that is made from columns')
    .option('--delimiter <character>', 'of a table; by default a comma, a tab for .tsv')
    .option('--split <split>', 'all rows of these files are train, validation or test')
    .option(
      '--readers <tokens>',
      'who may see the rows: everyone, user:NAME, group:NAME (default: owners of the project)',
    )
    .option('--add', 'keep the rows that the newest version has, and add these')
    .option('--skip-invalid', 'leave out records that are no rows, and list them')
    .option('--dataset <name>', 'rows of the samples of a dataset, instead of files')
    .option(
      '--code <folder>',
      'rows of how a repository writes code: the beginning of a declaration, and the rest',
    )
    .option('--variant <name>', 'with --dataset: the prompt that this variant sends, passages included')
    .description('import labelled rows as a new version; the same rows again change nothing')
    .addHelpText(
      'after',
      '\nFormats: fulcrum, openai, openai-preference, openai-log, bedrock, gemini, trl-preference, prompt-completion, transcript,\nclassification, extraction, input-target. docs/tuning-data.md shows each.\n\nExamples:\n  fulcrum tune data import chats.jsonl --name support\n  fulcrum tune data import train.csv --name intents --map input=text,label=category --split train\n  fulcrum tune data import test.csv --name intents --map input=text,label=category --split test --add\n  fulcrum tune data import --dataset questions --variant rag --name cited\n  fulcrum tune data import --code ../service --name our-style',
    )
    .action(
      runCommand<ImportFlags>(async (context, options, ...files: string[]) => {
        const ways = [files.length > 0, options.dataset !== undefined, options.code !== undefined];
        if (ways.filter(Boolean).length !== 1)
          throw new FulcrumError('usage', {
            problem: 'Name files to import, or a dataset with --dataset, or a repository with --code.',
          });
        if (options.variant !== undefined && options.dataset === undefined)
          throw new FulcrumError('usage', { problem: '--variant goes with --dataset.' });
        const { importRows } = await import('../tune-data-import.ts');
        const result = await withCommandProject(context, (project) =>
          importRows(project, context, options, files),
        );
        const { data: made, unchanged, skipped, leftOut } = result;
        const text = [
          unchanged
            ? `"${made.name}" holds exactly these ${made.rows} rows already (version ${made.version}).`
            : `Imported ${made.rows} rows as ${made.name}@${made.version}${splitsOf(made)}.`,
          ...skipped
            .slice(0, 10)
            .map(({ file, line, problem }) => `  left out: ${file}, line ${line}: ${problem}`),
          ...(skipped.length > 10 ? [`  and ${skipped.length - 10} more; --json lists them`] : []),
          ...Object.entries(leftOut).map(([reason, count]) => `  ${count} samples left out: ${reason}`),
          `Next: fulcrum tune data check ${made.name}${made.splitHash === null ? `, fulcrum tune data split ${made.name}` : ''}`,
        ].join('\n');
        return { json: result, text, exit: 0 };
      }),
    );
}

function registerSplit(data: Command): void {
  data
    .command('split')
    .argument('<name>', 'NAME, or NAME@VERSION')
    .option(
      '--by <method>',
      'group (by a hash, so that later rows move none), time (the newest to test) or given',
      'group',
    )
    .option('--test <percent>', 'share of the test', '15')
    .option('--validation <percent>', 'share of the validation rows', '10')
    .option('--seed <seed>', 'another one gives another split', 'fulcrum')
    .option('--dataset <name>', 'name of the dataset that the same rows become (default: the name)')
    .description('give every row train, validation or test, and freeze the test for every kind of variant')
    .addHelpText(
      'after',
      '\nRows of one group stay together. The rows also become a frozen dataset (train, dev, test), so that prompting, retrieval and\ntuned models are judged on one test: fulcrum eval run --dataset NAME.\n\nExamples:\n  fulcrum tune data split intents --test 20\n  fulcrum tune data split tickets --by time\n  fulcrum tune data split intents --by given',
    )
    .action(
      runCommand<{ by: string; test: string; validation: string; seed: string; dataset?: string }>(
        async (context, options, name = '') => {
          const { by, seed } = options;
          if (by !== 'group' && by !== 'time' && by !== 'given')
            throw new FulcrumError('usage', { problem: `--by takes group, time or given, not "${by}".` });
          const test = numberOption('--test', options.test, { whole: false, least: 1 })!;
          const validation = numberOption('--validation', options.validation, { whole: false, least: 0 })!;
          if (test + validation >= 100)
            throw new FulcrumError('usage', {
              problem: '--test and --validation must leave something to train on.',
            });
          const { parseReference } = await import('../../tuning/index.ts');
          const { splitTuningData } = await import('../../app/index.ts');
          const result = await withCommandProject(context, (project) =>
            splitTuningData(project, {
              data: name,
              method: { by, test, validation, seed },
              dataset: options.dataset ?? parseReference(name).name,
              onProgress: context.terminal.onProgress,
              signal: context.signal,
            }),
          );
          const text = [
            `Split ${result.data.name}@${result.data.version}${splitsOf(result.data)}.`,
            `The dataset "${result.dataset.name}" holds the same rows, frozen (hash ${result.dataset.hash.slice(0, 12)}): fulcrum eval run --dataset ${result.dataset.name} --split test`,
            `Next: fulcrum tune data check ${result.data.name}, fulcrum tune run --data ${result.data.name} …`,
          ].join('\n');
          return { json: result, text };
        },
      ),
    );
}

function registerExport(data: Command): void {
  data
    .command('export')
    .argument('<name>', 'NAME, or NAME@VERSION')
    .requiredOption('--out <file>', 'JSON Lines file to write')
    .option(
      '--format <format>',
      'fulcrum, openai, openai-preference, gemini, bedrock, fireworks, together, trl, axolotl, llama-factory or mlx',
      'openai',
    )
    .option('--split <split>', 'only train, validation or test')
    .description(
      'write rows in the format of a vendor or trainer; a row that it cannot hold whole is refused',
    )
    .addHelpText(
      'after',
      '\nExample:\n  fulcrum tune data export support --format gemini --split train --out train.jsonl',
    )
    .action(
      runCommand<{ out: string; format: string; split?: string }>(async (context, options, name = '') => {
        const { resolve } = await import('node:path');
        const { exportLines, rowExportOf } = await import('../../tuning/index.ts');
        const { writePieces } = await import('../../app/index.ts');
        const format = rowExportOf(options.format);
        const out = resolve(options.out);
        let written = 0;
        await withCommandProject(context, async (project) => {
          const { data: store } = await project.tuning();
          await store.get(name);
          async function* lines() {
            for await (const line of exportLines(
              store.rows(name, { split: splitOption(options.split) }),
              format,
            )) {
              written++;
              yield line;
            }
          }
          await writePieces(out, lines());
        });
        return {
          json: { data: name, format: format.name, rows: written, path: out },
          text: `Wrote ${written} rows to ${options.out} (${format.name}).`,
        };
      }),
    );
}

function dataLine(data: TuningData): string {
  return `${data.name}@${data.version}  ${data.rows} rows${splitsOf(data)}  from ${data.origin}  ${data.createdAt}`;
}

function splitsOf({ splits, splitHash }: TuningData): string {
  if (splitHash === null) return ', not split';
  return ` (${Object.entries(splits)
    .map(([split, rows]) => `${split} ${rows}`)
    .join(', ')})`;
}
