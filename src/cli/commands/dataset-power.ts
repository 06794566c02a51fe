import type { Command } from 'commander';
import type { Sample } from '../../core/index.ts';
import { FulcrumError } from '../../core/index.ts';
import type { PowerPlan, PowerQuestion } from '../../evaluation/index.ts';
import { type CommandContext, runCommand } from '../command.ts';
import { shareOption } from '../dataset-options.ts';
import { numberOption, withEvaluation } from '../evaluation-command.ts';

interface PowerFlags {
  split?: string;
  n?: string;
  groups?: string;
  icc?: string;
  discordance?: string;
  margin?: string;
  variants?: string;
  confidence?: string;
}

/** Correlation inside a group that is assumed where nothing is said. */
const assumedIcc = 0.3;

/** `fulcrum dataset power`. */
export function registerDatasetPower(dataset: Command): void {
  dataset
    .command('power')
    .argument('[name]', 'name of the dataset; without one, --n')
    .option('--split <split>', 'only the samples of this split')
    .option('--n <samples>', 'number of samples, in place of a dataset')
    .option(
      '--groups <groups>',
      'number of groups that they are in, of one size (default: every sample its own)',
    )
    .option('--icc <share>', 'correlation of differences inside a group (default: 0.3, an assumption)')
    .option('--discordance <shares>', 'shares of samples on which two variants differ (default: .1,.2,.3,.4)')
    .option('--margin <difference>', 'difference to be shown, as a share (default: 0.05)')
    .option('--variants <count>', 'variants that are compared with each other (default: 2)')
    .option('--confidence <share>', 'confidence of everything stated together (default: 0.95)')
    .description('tell the smallest difference that a test set can show, and the samples that a margin needs')
    .addHelpText(
      'after',
      '\nFor yes/no scores, with a power of 80 %. "compare" is how fulcrum compare judges: exact bounds, all statements at once;\n"textbook" is one planned comparison by the normal approximation.\n\nExamples:\n  fulcrum dataset power questions --split test --margin 0.05\n  fulcrum dataset power --n 300 --groups 60 --discordance 0.2',
    )
    .action(
      runCommand<PowerFlags>(async (context, options, name) => {
        const { planPower } = await import('../../evaluation/index.ts');
        const plan = planPower({ ...(await sizeOf(context, options, name)), ...settingsOf(options) });
        return { json: plan, text: planText(plan) };
      }),
    );
}

type Size = Pick<PowerQuestion, 'dataset' | 'split' | 'n' | 'groups' | 'typicalGroup' | 'degrees'>;

async function sizeOf(context: CommandContext, options: PowerFlags, name: string | undefined): Promise<Size> {
  const n = numberOption('--n', options.n, { whole: true, least: 2 });
  const groups = numberOption('--groups', options.groups, { whole: true, least: 1 });
  if ((name === undefined) === (n === undefined))
    throw new FulcrumError('usage', { problem: 'Name a dataset, or say how many samples with --n.' });
  if (name === undefined) {
    const count = groups ?? n!;
    if (count > n!)
      throw new FulcrumError('usage', { problem: `--groups ${count} is more than the ${n} samples.` });
    return { dataset: null, split: null, n: n!, groups: count, typicalGroup: n! / count };
  }
  if (groups !== undefined)
    throw new FulcrumError('usage', { problem: '--groups goes with --n; a dataset has its own groups.' });
  const { clusterLayout, parseSplit } = await import('../../evaluation/index.ts');
  const split = options.split === undefined ? null : parseSplit(options.split);
  const samples = await withEvaluation(context, async ({ datasets }) =>
    (await datasets.get(name)).content.filter((sample) => split === null || sample.split === split),
  );
  if (samples.length < 2)
    throw new FulcrumError('dataset-empty', { path: `${split ?? 'The dataset'} of "${name}"` });
  const layout = clusterLayout(samples.map(({ group, id }: Sample) => group ?? id));
  return {
    dataset: name,
    split,
    n: samples.length,
    groups: layout.count,
    typicalGroup: layout.typicalSize,
    degrees: layout.degrees,
  };
}

function settingsOf(options: PowerFlags): Omit<PowerQuestion, keyof Size> {
  const discordances = (options.discordance ?? '.1,.2,.3,.4')
    .split(',')
    .map((text) => inside('--discordance', text, 1));
  return {
    discordances,
    icc: shareOption('--icc', options.icc) ?? assumedIcc,
    margin: inside('--margin', options.margin ?? '0.05', 1),
    variants: numberOption('--variants', options.variants, { whole: true, least: 2 }) ?? 2,
    confidence: inside('--confidence', options.confidence ?? '0.95', 1),
  };
}

/** A number above 0 and below `end`. */
function inside(flag: string, text: string, end: number): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && value < end) return value;
  throw new FulcrumError('usage', { problem: `${flag} takes numbers between 0 and ${end}, not "${text}".` });
}

function planText(plan: PowerPlan): string {
  const points = (share: number | null): string =>
    share === null ? 'none' : `${(100 * share).toFixed(1)} pp`;
  const samples = (count: number | null): string => (count === null ? 'over 10 million' : String(count));
  const percent = (share: number | null): string => (share === null ? '-' : `${(100 * share).toFixed(0)} %`);
  const grouped = plan.groups < plan.n;
  const rows = plan.rows.map(
    ({ discordance, compare, textbook }) =>
      `  ${`${(100 * discordance).toFixed(0)} %`.padEnd(13)}${points(compare.detectable).padEnd(12)}${samples(compare.needed).padEnd(18)}${`${percent(compare.chanceDifferent)}, ${percent(compare.chanceEquivalent)}`.padEnd(16)}${points(textbook.detectable).padEnd(12)}${samples(textbook.needed)}`,
  );
  return [
    `${plan.n} samples in ${plan.groups} groups${grouped ? `, worth ${plan.effectiveN.toFixed(0)} independent ones if differences in a group correlate by ${plan.icc} (assumed)` : ''}.`,
    `With ${Math.round(100 * plan.power)} % power, ${plan.variants} variants, margin ${points(plan.margin)}, by the share of samples on which two differ:`,
    '',
    '               compare                                       textbook',
    '  discordance  detects     needs for margin  chances         detects     needs for margin',
    ...rows,
    '',
    'chances: that these samples show a difference of the margin, and that they show equal variants equivalent.',
    ...(plan.verdictPossible
      ? []
      : ['', 'Under 30 groups compare gives intervals with a warning, and no verdict.']),
  ].join('\n');
}
