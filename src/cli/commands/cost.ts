import type { Command } from 'commander';
import { FulcrumError } from '../../core/index.ts';
import { type CommandContext, type CommandResult, runCommand } from '../command.ts';
import { numberOption } from '../evaluation-command.ts';
import { withCommandProject } from '../with-command-project.ts';

interface CostFlags {
  volume?: string;
  at?: string;
  metric?: string;
  accepted?: boolean;
  lossWrong?: string;
  lossRefused?: string;
  max?: string;
  lines?: boolean;
  regions?: boolean;
}

/** `fulcrum cost`: what the measured variants, and arms that the config adds, cost at a volume. */
export function registerCost(program: Command): void {
  program
    .command('cost')
    .argument('[runs...]', 'ids of finished runs; without any the newest of each variant')
    .option('--volume <v>', 'requests a month (default: decision.volume of the config, else 10000)')
    .option('--at <list>', 'further volumes: multiples such as 1x,10x or requests a month such as 50000')
    .option('--metric <name>', 'which answers are accepted (default: decision.metric, else correct)')
    .option('--accepted', 'seek the cheapest accepted answer, errors at their cost, not the cheapest request')
    .option('--loss-wrong <usd>', 'what a wrong answer costs (default: decision.costs.losses.wrong)')
    .option('--loss-refused <usd>', 'what a refusal costs (default: decision.costs.losses.refused)')
    .option('--lines', 'every term of every arm with its formula, source and date')
    .option('--regions', 'where which arm is the cheapest, crossovers, and what would change it')
    .option(
      '--max <v>',
      'largest volume that regions are looked for (default: 100 million, or more by volume)',
    )
    .description('what each variant costs a month, for 1,000 requests and for an accepted answer')
    .addHelpText(
      'after',
      '\nTokens and qualities are those of the runs, prices those of "fulcrum prices"; what no measurement tells (hosting, labels,\nlosses, arms never run) is entered in decision.costs of the config. What is not known is said to be so. See docs/cost.md.\n\nExamples:\n  fulcrum cost --volume 50000 --at 1x,10x\n  fulcrum cost run_a run_b --regions --accepted --loss-wrong 2\n  fulcrum cost --lines --json',
    )
    .action(runCommand<CostFlags>(showCost));
}

async function showCost(
  context: CommandContext,
  flags: CostFlags,
  ...runs: string[]
): Promise<CommandResult> {
  const usd = (flag: string, given: string | undefined): number | undefined =>
    numberOption(flag, given, { whole: false, least: 0 });
  const volume = usd('--volume', flags.volume);
  const max = numberOption('--max', flags.max, { whole: true, least: 1 });
  const losses = {
    wrong: usd('--loss-wrong', flags.lossWrong),
    refused: usd('--loss-refused', flags.lossRefused),
  };
  const report = await withCommandProject(context, async (project) => {
    const { costOfProject } = await import('../../app/index.ts');
    const { decision, variants } = project.config;
    const asked = volume ?? decision.volume;
    const result = await costOfProject(project, {
      runs: await runsOf(runs, project, Object.keys(variants), context.terminal.notice),
      metric: flags.metric ?? decision.metric,
      volumes: volumesOf(flags.at, asked),
      measure: flags.accepted ? 'accepted' : 'request',
      max,
      losses,
    });
    return result.report;
  });
  const { costText } = await import('../cost-text.ts');
  return {
    json: report,
    text: costText(report, { lines: flags.lines === true, regions: flags.regions === true }),
  };
}

type OpenedProject = Parameters<Parameters<typeof withCommandProject>[1]>[0];

/** The runs that were named, else the newest of each variant; none where the config has arms of its own to show. */
async function runsOf(
  named: readonly string[],
  project: OpenedProject,
  variants: readonly string[],
  onNotice: (text: string) => void,
): Promise<string[]> {
  if (named.length > 0) return [...new Set(named)];
  const { newestRuns } = await import('../scores-command.ts');
  const evaluation = await project.evaluation();
  const some = (await evaluation.listRuns()).some(({ finishedAt }) => finishedAt !== null);
  return !some && Object.keys(project.config.decision.costs.arms).length > 0
    ? []
    : newestRuns(evaluation, variants, onNotice);
}

/** `1x,10x,50000` as volumes, the first always the volume itself. */
function volumesOf(list: string | undefined, volume: number): number[] {
  const more = (list ?? '')
    .split(',')
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .map((text) => {
      const times = /^(.*)x$/i.exec(text)?.[1];
      const value = Number(times ?? text);
      if (!(value >= 0 && Number.isFinite(value)) || times === '')
        throw new FulcrumError('usage', {
          problem: `--at takes multiples such as 10x or requests a month, not "${text}".`,
        });
      return times === undefined ? value : value * volume;
    });
  return [...new Set([volume, ...more])];
}
