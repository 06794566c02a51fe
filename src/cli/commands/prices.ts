import type { Command } from 'commander';
import type { PriceValues } from '../../app/index.ts';
import { FulcrumError } from '../../core/index.ts';
import type { EnteredKind } from '../../models/index.ts';
import { type CommandContext, type CommandResult, runCommand } from '../command.ts';

interface ListFlags {
  model?: string;
  kind?: string;
}

interface UpdateFlags {
  from?: string;
  date?: string;
}

type SetFlags = Partial<Record<EnteredKind, string>> & {
  currency?: string;
  validFrom?: string;
  source?: string;
};

/** `fulcrum prices list|set|remove|update`: what things cost, since when, and who says so. */
export function registerPrices(program: Command): void {
  const prices = program
    .command('prices')
    .description('what models, training, hosting, search and labels cost, with source and age');
  registerList(prices);
  registerSet(prices);
  prices
    .command('remove')
    .argument('<model>', 'name that the price was set for')
    .description('take an entered price out of the config')
    .addHelpText('after', '\nExample:\n  fulcrum prices remove openai/gpt-6-luna')
    .action(
      runCommand(async (context, _flags, model = '') => {
        const { removePrice } = await import('../../app/index.ts');
        await removePrice(context.projectDirectory, model);
        return { json: { removed: model }, text: `Removed the entered price of ${model}.` };
      }),
    );
  prices
    .command('update')
    .option('--from <file|url>', 'a file or address (default: the data file that genai-prices publishes)')
    .option('--date <day>', 'day of the prices (default: today, or the day of the file)')
    .description('fetch a newer list of token prices into the project and show what changes')
    .addHelpText(
      'after',
      '\nExamples:\n  fulcrum prices update\n  fulcrum prices update --from data.json --date 2026-11-20\n\nThe list is kept in .fulcrum/price-list.json with its day and sha256. Changes of more than 20 % are listed.',
    )
    .action(runCommand<UpdateFlags>(update));
}

function registerList(prices: Command): void {
  prices
    .command('list')
    .option('--model <name>', 'only this model (PROVIDER/MODEL), or models with this in their name')
    .option('--kind <kind>', 'only this kind, such as training, hosting, gpu-hour, rerank or retirement')
    .description('list prices with source, day and age; without --model those that are not in the price list')
    .addHelpText(
      'after',
      '\nExamples:\n  fulcrum prices list\n  fulcrum prices list --model openai/gpt-6-luna\n  fulcrum prices list --kind training --json\n\nA price that was read more than 90 days ago is marked OLD and still used. One whose first day lies ahead, that\nhas ended, was never confirmed or is unknown is shown and not used.',
    )
    .action(
      runCommand<ListFlags>(async (context, { model, kind }) => {
        const { pricesOf } = await import('../../app/index.ts');
        const { selectPrices, pricesText } = await import('../prices-text.ts');
        const selected = await selectPrices(await pricesOf(context.projectDirectory), { model, kind });
        return { json: selected, text: await pricesText(selected, model) };
      }),
    );
}

function registerSet(prices: Command): void {
  prices
    .command('set')
    .argument('<model>', 'PROVIDER/MODEL, or a name of your own for a service, such as gpu/h100')
    .option('--input <usd>', 'per million input tokens; for an embedding model the only one')
    .option('--cached-input <usd>', 'per million input tokens read from the cache')
    .option('--cache-write <usd>', 'per million input tokens written to the cache')
    .option('--output <usd>', 'per million output tokens')
    .option('--training <usd>', 'per million training tokens')
    .option('--hosting <usd>', 'a deployment, per hour')
    .option('--gpu-hour <usd>', 'one GPU, per hour')
    .option('--rerank <usd>', 'one rerank search ($2 per 1,000 searches is 0.002)')
    .option('--store <usd>', 'a vector store, per month')
    .option('--label <usd>', 'one label by a person')
    .option('--batch <factor>', 'what token prices are multiplied by in a batch, 0 to 1')
    .option('--currency <code>', 'USD; no other is understood')
    .option('--valid-from <day>', 'first day on which it holds')
    .option('--source <text>', 'where it was read')
    .description(
      "enter the prices of a model or service in the config, with today's day; they overrule every list",
    )
    .addHelpText(
      'after',
      '\nExamples:\n  fulcrum prices set openai/gpt-6-luna --input 0.10 --cached-input 0.01 --output 0.50\n  fulcrum prices set gpu/h100 --gpu-hour 2.86 --source "our contract"\n\nThe entry is replaced as a whole, so that its day is true of each of its prices.',
    )
    .action(runCommand<SetFlags>(set));
}

async function set(context: CommandContext, flags: SetFlags, model = ''): Promise<CommandResult> {
  const { setPrice } = await import('../../app/index.ts');
  const { enteredKinds } = await import('../../models/index.ts');
  const { currency, validFrom, source } = flags;
  if (currency !== undefined && currency.toUpperCase() !== 'USD')
    throw new FulcrumError('price-currency', { what: `The price of ${model}`, currency });
  const values: Partial<Record<EnteredKind, number>> = {};
  for (const name of Object.keys(enteredKinds) as EnteredKind[]) {
    const given = flags[name];
    if (given !== undefined) values[name] = amountOf(optionOf(name), given);
  }
  if (Object.keys(values).length === 0)
    throw new FulcrumError('usage', { problem: `Name a price of ${model}, such as --input 0.10.` });
  const given: PriceValues = { ...values, validFrom, source };
  const { entry, dropped } = await setPrice(context.projectDirectory, model, given);
  const lost = dropped.filter((key) => key !== 'date');
  const said = Object.entries(values).map(([name, value]) => `${optionOf(name as EnteredKind)} ${value}`);
  const notes = lost.length > 0 ? `\nNo longer entered: ${lost.join(', ')}.` : '';
  return {
    json: { model, price: entry, dropped: lost },
    text: `${model}: ${said.join(', ')} (USD, ${entry.date}).${notes}`,
  };
}

function optionOf(name: EnteredKind): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** An amount in USD: `0.5`, `$0.5` or `0.5 USD`. Throws `price-currency` for any other sign or code. */
function amountOf(flag: string, given: string): number {
  const parts = /^([^\d.+-]*)([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)(.*)$/iu.exec(given.trim());
  const currency = `${parts?.[1] ?? ''}${parts?.[3] ?? ''}`.trim();
  const inDollars = ['', '$', 'USD', 'US$'].includes(currency.toUpperCase());
  if (parts && !inDollars && /^(\p{Sc}|\p{L}{3})$/u.test(currency))
    throw new FulcrumError('price-currency', { what: `${flag} ${given}`, currency });
  const value = Number(parts?.[2]);
  if (!parts || !inDollars || !Number.isFinite(value))
    throw new FulcrumError('usage', { problem: `${flag} takes an amount in USD, not "${given}".` });
  if (value < 0)
    throw new FulcrumError('usage', { problem: `${flag}: a price is not negative, and ${value} is.` });
  return value;
}

async function update(context: CommandContext, { from, date }: UpdateFlags): Promise<CommandResult> {
  const { updatePrices } = await import('../../app/index.ts');
  const { inputPath } = await import('../evaluation-command.ts');
  if (
    date !== undefined &&
    !(/^\d{4}-\d{2}-\d{2}$/.test(date) && date <= new Date().toISOString().slice(0, 10))
  )
    throw new FulcrumError('usage', {
      problem: `--date takes a day that has come, YYYY-MM-DD, not "${date}".`,
    });
  const place = from === undefined || /^https?:\/\//i.test(from) ? from : inputPath(context, from);
  const updated = await updatePrices(context.projectDirectory, {
    from: place,
    date,
    signal: context.signal,
  });
  const { updateText } = await import('../prices-text.ts');
  return { json: updated, text: updateText(updated) };
}
