import type { Command } from 'commander';
import type { ExportFormat } from '../../app/index.ts';
import { FulcrumError } from '../../core/index.ts';
import { type CommandContext, type CommandResult, runCommand } from '../command.ts';
import { numberOption, withEvaluation } from '../evaluation-command.ts';

interface ExportFlags {
  out?: string;
  format?: string;
  recorded?: boolean;
  metric?: string;
  baseline?: string;
  margin?: string;
  threshold?: string;
}

/** `fulcrum eval export`: a run for other tools and for people. */
export function registerEvalExport(evaluation: Command): void {
  evaluation
    .command('export')
    .argument('<run>', 'id of the run')
    .option('--format <format>', 'jsonl, csv, junit, markdown or html', 'jsonl')
    .option('--out <file>', 'where to write (default: stdout)')
    .option('--metric <name>', 'primary metric (default: decision.metric of the config, else correct)')
    .option('--baseline <run>', 'with junit, markdown and html: the gate against this run')
    .option('--margin <m>', 'with --baseline: largest loss that is accepted')
    .option('--threshold <t>', 'with junit: least score that is no failure (default: 1)')
    .option('--recorded', 'scores, usage and hashes without the text of answers, for "eval import"')
    .description(
      'write a run as JSON Lines (the same work gives the same file), CSV, JUnit XML, Markdown or HTML',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  fulcrum eval export RUN --out run.jsonl\n  fulcrum eval export RUN --format markdown --baseline RUN --out comment.md\n  fulcrum eval export RUN --recorded --out recorded.jsonl',
    )
    .action(
      runCommand<ExportFlags>(async (context, options, id = '') => {
        const { exportFormats } = await import('../../app/index.ts');
        const format = exportFormats.find((known) => known === options.format);
        if (format === undefined)
          throw new FulcrumError('usage', {
            problem: `There is no format "${options.format}"; the formats are ${exportFormats.join(', ')}.`,
          });
        if (options.recorded && format !== 'jsonl')
          throw new FulcrumError('usage', { problem: '--recorded is written as jsonl only.' });
        return withEvaluation(context, async (room) => {
          const pieces = options.recorded
            ? room.exportRecordedRun(id)
            : room.runs.exportAs(id, format, {
                metric: options.metric,
                baseline: options.baseline,
                margin: numberOption('--margin', options.margin, { whole: false, least: 0 }),
                threshold: numberOption('--threshold', options.threshold, { whole: false, least: 0 }),
              });
          return options.out === undefined
            ? writeOut(context, pieces, id, format)
            : writeFile(pieces, id, options.out);
        });
      }),
    );
}

/** To stdout as it comes; as one JSON document with `--json`. */
async function writeOut(
  context: CommandContext,
  pieces: AsyncIterable<string> | Iterable<string>,
  run: string,
  format: ExportFormat,
): Promise<CommandResult> {
  let text = '';
  for await (const piece of pieces)
    if (context.json) text += piece;
    else if (!process.stdout.write(piece))
      await new Promise((resolve) => process.stdout.once('drain', resolve));
  if (format !== 'jsonl') return { json: { run, format, text } };
  const lines = text.split('\n').filter((line) => line !== '');
  return { json: { run, rows: lines.map((line) => JSON.parse(line) as unknown) } };
}

/** To a file that is there whole or not at all. */
async function writeFile(
  pieces: AsyncIterable<string> | Iterable<string>,
  run: string,
  out: string,
): Promise<CommandResult> {
  const { resolve } = await import('node:path');
  const { writePieces } = await import('../../app/index.ts');
  const path = resolve(out);
  await writePieces(path, pieces);
  return { json: { run, path }, text: `Wrote ${path}.` };
}
