import type { Command } from 'commander';
import type { ImportedUsage } from '../../app/index.ts';
import { FulcrumError, suggest } from '../../core/index.ts';
import type { UsageFormatName } from '../../decision/index.ts';
import { type CommandContext, type CommandResult, runCommand } from '../command.ts';
import { inputPath } from '../evaluation-command.ts';
import { withCommandProject } from '../with-command-project.ts';

interface ImportFlags {
  format?: string;
  map?: string;
  name?: string;
}

/** `fulcrum cost import` and `fulcrum cost usage list|show|remove`: the team's real token counts. */
export function registerCostImport(program: Command): void {
  const cost =
    program.commands.find((command) => command.name() === 'cost') ??
    program.command('cost').description('what an arm costs, from measured tokens and dated prices');
  cost
    .command('import')
    .argument('<file>', "a provider's usage export, traces or logs; may be packed with gzip")
    .option(
      '--format <format>',
      'auto, openai-usage, anthropic-usage, langfuse, otlp, litellm, openai-logs or csv',
      'auto',
    )
    .option('--map <pairs>', 'columns of a table: FIELD=COLUMN,… with the fields of docs/prices.md')
    .option('--name <name>', 'the set that the rows are added to', 'usage')
    .description("import token counts from a provider's usage export or from traces, and sum them up")
    .addHelpText(
      'after',
      '\nExamples:\n  fulcrum cost import usage.json\n  fulcrum cost import traces.jsonl --format otlp --name support-bot\n  fulcrum cost import bill.csv --map input=tokens_in,output=tokens_out,at=day,requests=calls\n\nRows that the set has are not taken twice. A line that cannot be read is named and left out (exit 1).\nPrompts and answers in the file are not kept.',
    )
    .action(runCommand<ImportFlags>(importFile));
  registerUsage(cost);
}

function registerUsage(cost: Command): void {
  const usage = cost.command('usage').description('imported token counts: list, show, remove');
  usage
    .command('list')
    .description('list what has been imported')
    .action(
      runCommand(async (context) => {
        const sets = await withUsage(context, (imported) => imported.list());
        const lines = sets.map(
          ({ name, rows, formats, from, to }) =>
            `${name}  ${rows} rows  ${formats.join(', ')}  ${from?.slice(0, 10) ?? 'no time'} to ${to?.slice(0, 10) ?? 'no time'}`,
        );
        return {
          json: { usage: sets },
          text: lines.join('\n') || 'Nothing imported yet: fulcrum cost import FILE',
        };
      }),
    );
  usage
    .command('show')
    .argument('[name]', 'the set', 'usage')
    .description('tokens a request, volume a month, and cost as reported and at the prices of today')
    .addHelpText('after', '\nExample:\n  fulcrum cost usage show support-bot --json')
    .action(
      runCommand(async (context, _flags, name = 'usage') => {
        const { usageText } = await import('../usage-text.ts');
        const { profileOfUsage } = await import('../../decision/index.ts');
        return withUsage(context, async (imported) => {
          const summary = await imported.summary(name);
          return {
            json: { ...summary, profile: profileOfUsage(summary) },
            text: await usageText(summary),
          };
        });
      }),
    );
  usage
    .command('remove')
    .argument('<name>', 'the set')
    .description('remove imported token counts')
    .addHelpText('after', '\nExample:\n  fulcrum cost usage remove support-bot')
    .action(
      runCommand(async (context, _flags, name = '') => {
        const rows = await withUsage(context, (imported) => imported.remove(name));
        return { json: { removed: name, rows }, text: `Removed "${name}" with ${rows} rows.` };
      }),
    );
}

function withUsage<T>(context: CommandContext, work: (usage: ImportedUsage) => Promise<T>): Promise<T> {
  return withCommandProject(context, async (project) => work(await project.usage()));
}

async function importFile(context: CommandContext, flags: ImportFlags, file = ''): Promise<CommandResult> {
  const { map, name = 'usage' } = flags;
  const { profileOfUsage, usageFormatNames } = await import('../../decision/index.ts');
  const { importText, usageText } = await import('../usage-text.ts');
  const format = usageFormatNames.find((each) => each === flags.format);
  if (format === undefined && flags.format !== 'auto')
    throw new FulcrumError('usage', { problem: formatProblem(flags.format ?? '', usageFormatNames) });
  if (map !== undefined && format !== undefined && format !== 'csv')
    throw new FulcrumError('usage', { problem: '--map belongs to tables (--format csv).' });
  if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(name))
    throw new FulcrumError('usage', {
      problem: `--name has letters, digits, ".", "_" and "-", not "${name}".`,
    });
  const path = inputPath(context, file);
  return withUsage(context, async (imported) => {
    const done = await imported.import(path, { name, format, map });
    const summary = await imported.summary(name);
    const profile = profileOfUsage(summary);
    return {
      json: { ...done, file, summary: { ...summary, profile } },
      text: `${importText(done)}\n${await usageText(summary)}`,
      exit: done.bad > 0 ? 1 : 0,
    };
  });
}

function formatProblem(given: string, known: readonly UsageFormatName[]): string {
  const all = ['auto', ...known];
  return `There is no format "${given}". ${suggest(given, all)}`;
}
