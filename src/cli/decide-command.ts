import type { Config } from '../app/index.ts';
import { FulcrumError, packageVersion } from '../core/index.ts';
import type { DecideOptions, Decision, ExplainedDecision, Seal } from '../decision/index.ts';
import type { CommandContext, CommandResult } from './command.ts';
import type { BatteryFlags } from './decide-battery.ts';
import { numberOption } from './evaluation-command.ts';
import {
  type GivenScores,
  gatherScores,
  pairOptions,
  reportOf,
  type ScoresOptions,
} from './scores-command.ts';
import { reportFileOf, writeReport } from './write-report.ts';

/** Flags of `fulcrum decide`. */
export interface DecideFlags extends ScoresOptions, BatteryFlags {
  looks?: string;
  bar?: string;
  volume?: string;
  report?: string;
  format?: string;
  marginUsd?: string;
  wrongUsd?: string;
  refusedUsd?: string;
  labelUsd?: string;
  maxP95?: string;
  halfLife?: boolean;
  seal?: string;
  bundle?: string;
}

/** What `decide` is asked, without the scores. */
type Asked = Pick<DecideOptions, 'bar' | 'margin' | 'money' | 'volume' | 'confidence' | 'maxP95' | 'labels'>;

export async function decideCommand(
  context: CommandContext,
  given: DecideFlags,
  runs: readonly string[],
): Promise<CommandResult> {
  const seal = given.seal === undefined ? null : await sealOf(context, given.seal);
  return decideWith(context, seal ? sealedFlags(given, seal) : given, { runs, seal });
}

/** Flags as they were sealed, where they are not given; those that are given must be what was sealed. */
function sealedFlags(flags: DecideFlags, { content }: Seal): DecideFlags {
  if (flags.scores !== undefined)
    throw new FulcrumError('usage', { problem: '--seal needs runs of the project, not a file of scores.' });
  const { money, plan } = content;
  const text = (value: number | null | undefined): string | undefined =>
    value === null || value === undefined ? undefined : String(value);
  const sealed: Record<string, string | undefined> = {
    confidence: text(content.confidence),
    metric: content.metric,
    bar: text(content.bar),
    volume: text(content.volume),
    looks: text(plan.looks),
    spending: plan.spending,
    maxP95: text(content.maxP95),
    ...(money
      ? { marginUsd: text(money.marginUsdPer1000), wrongUsd: text(money.wrongUsd) }
      : flags.marginUsd === undefined
        ? { margin: text(content.margin) }
        : {}),
  };
  const asked = Object.entries(flags).filter(([, value]) => value !== undefined);
  return { ...sealed, ...Object.fromEntries(asked) };
}

async function sealOf(context: CommandContext, hash: string): Promise<Seal> {
  const { createProjectDecisions, withProject } = await import('../app/index.ts');
  return withProject(context.projectDirectory, { signal: context.signal }, async (project) =>
    (await createProjectDecisions(project)).getSeal(hash),
  );
}

/** A look at scores, and what was decided on them. */
interface Judged {
  readonly given: GivenScores;
  readonly asked: Asked;
  readonly settings: Omit<DecideOptions, 'rows'>;
  readonly explained: ExplainedDecision;
}

async function decideWith(
  context: CommandContext,
  flags: DecideFlags,
  { runs, seal }: { runs: readonly string[]; seal: Seal | null },
): Promise<CommandResult> {
  // A form that is none is refused before anything runs or counts as a look.
  reportFileOf(flags);
  if (!flags.run) {
    refuseBatteryFlags(flags);
    return present(context, flags, { judged: await judge(context, flags, { runs, seal }), seal });
  }
  if (flags.scores !== undefined || runs.length > 0)
    throw new FulcrumError('usage', { problem: '--run makes the runs: name no run and no --scores.' });
  const { runBattery } = await import('./decide-battery.ts');
  const battery: DecideFlags = seal
    ? { variants: seal.content.arms.join(','), ...flags, dataset: seal.content.dataset.name, split: 'test' }
    : flags;
  const judged = await runBattery(context, battery, async (ids) => {
    const found = await judge(context, flags, { runs: ids, seal });
    return { judged: found, decided: found.explained.decision.reason !== 'not-enough-evidence' };
  });
  return present(context, flags, { judged, seal });
}

/** What only `--run` reads is refused without it, so that nobody takes a budget for kept or a split for chosen. */
function refuseBatteryFlags({ dataset, split, variants, budget }: DecideFlags): void {
  const given = Object.entries({ dataset, split, variants, budget }).find(([, value]) => value !== undefined);
  if (given) throw new FulcrumError('usage', { problem: `--${given[0]} is of --run, which is not given.` });
}

async function judge(
  context: CommandContext,
  flags: DecideFlags,
  { runs, seal }: { runs: readonly string[]; seal: Seal | null },
): Promise<Judged> {
  const given = await gatherScores(context, flags, runs, flags.report !== undefined);
  const asked = askedOf(flags, given.defaults);
  const { explainDecision } = await import('../decision/index.ts');
  if (seal) await requireAsSealed(seal, given, asked);
  const settings: Omit<DecideOptions, 'rows'> = {
    ...asked,
    metric: given.metric,
    look: given.look,
    plan: given.plan,
    runs: given.runs,
    seal: seal?.hash,
    ...(await surroundings(context, given, { flags, asked })),
  };
  const explained = explainDecision({ ...settings, rows: [...given.rows, ...given.asideRows] });
  return { given, asked, settings, explained };
}

/** The text of a decision; writes what was asked for beside it. */
async function present(
  context: CommandContext,
  flags: DecideFlags,
  { judged, seal }: { judged: Judged; seal: Seal | null },
): Promise<CommandResult> {
  const { given, asked, settings, explained } = judged;
  const { renderDecision, renderOutlook } = await import('../decision/index.ts');
  const file = reportFileOf(flags);
  if (file) {
    const report = reportOf(given, flags, {
      title: `Decision by ${given.metric}`,
      footer: 'Made by "fulcrum decide".',
      decided: settings,
      settings: {
        margin: explained.decision.margin,
        confidence: asked.confidence,
        bar: asked.bar,
        volume: asked.volume,
      },
    });
    await writeReport(context, file, report, given.textsOf);
  }
  const saved = await keep(context, { flags, given, settings, decision: explained.decision, seal });
  return {
    json: explained.decision,
    text: [
      renderDecision(explained, given.prices),
      renderOutlook(explained.decision),
      `\n${given.basis}`,
      ...saved,
    ].join('\n'),
  };
}

async function requireAsSealed(seal: Seal, given: GivenScores, asked: Asked): Promise<void> {
  const { requireSealed } = await import('../decision/index.ts');
  const deployable = given.rows.filter((row) => row.deployable !== false);
  requireSealed(seal, {
    metric: given.metric,
    bar: asked.bar,
    margin: asked.money ? null : (asked.margin ?? 0.05),
    money: asked.money ? { ...asked.money } : null,
    confidence: asked.confidence ?? 0.95,
    maxP95: asked.maxP95 ?? null,
    volume: asked.volume ?? 10_000,
    plan: given.plan,
    splits: given.splits,
    arms: [...new Set(deployable.map((row) => row.variant))].sort(),
    dataset: given.dataset ?? { name: 'none', hash: 'none' },
  });
}

/** Saves a decision on runs in the project, and writes the bundle that was asked for. */
async function keep(
  context: CommandContext,
  made: {
    flags: DecideFlags;
    given: GivenScores;
    settings: Omit<DecideOptions, 'rows'>;
    decision: Decision;
    seal: Seal | null;
  },
): Promise<string[]> {
  const { flags, given, settings, decision, seal } = made;
  const lines: string[] = [];
  const { createProjectDecisions, withProject, writeAtomically } = await import('../app/index.ts');
  if (given.runs.length > 0) {
    const { id } = await withProject(context.projectDirectory, { signal: context.signal }, async (project) =>
      (await createProjectDecisions(project)).save(decision, settings),
    );
    lines.push('', `Saved as ${id}: "fulcrum decide check ${id}" says whether it still stands.`);
  }
  if (flags.bundle !== undefined) {
    const { makeBundle } = await import('../decision/index.ts');
    const bundle = makeBundle({
      options: { ...settings, rows: [...given.rows, ...given.asideRows] },
      ...{ decision, seal, dataset: given.dataset },
      madeBy: packageVersion(),
      madeAt: new Date().toISOString(),
    });
    await writeAtomically(flags.bundle, `${JSON.stringify(bundle)}\n`);
    context.terminal.notice(`Bundle: ${flags.bundle}`);
  }
  return lines;
}

/** Settings from flags, then from the config. */
export function askedOf(flags: DecideFlags, defaults: Config['decision'] | null): Asked {
  const positive = (flag: string, text: string | undefined): number | undefined =>
    numberOption(flag, text, { whole: false, least: 0 });
  const bar = positive('--bar', flags.bar) ?? defaults?.bar;
  if (bar === undefined) throw new FulcrumError('bar-missing');
  const wrongUsd = positive('--wrong-usd', flags.wrongUsd) ?? enteredLoss(defaults, 'wrong');
  const labelUsd = positive('--label-usd', flags.labelUsd);
  return {
    bar,
    margin: positive('--margin', flags.margin) ?? defaults?.margin ?? 0.05,
    money: moneyOf(flags, wrongUsd),
    volume: positive('--volume', flags.volume) ?? defaults?.volume,
    confidence: positive('--confidence', flags.confidence),
    maxP95: positive('--max-p95', flags.maxP95),
    labels: wrongUsd === undefined || wrongUsd === 0 ? undefined : { wrongUsd, labelUsd },
  };
}

function moneyOf(flags: DecideFlags, wrongUsd: number | undefined): DecideOptions['money'] {
  const marginUsdPer1000 = numberOption('--margin-usd', flags.marginUsd, { whole: false, least: 0 });
  if (marginUsdPer1000 === undefined) return undefined;
  if (flags.margin !== undefined)
    throw new FulcrumError('usage', { problem: '--margin and --margin-usd exclude each other.' });
  if (wrongUsd === undefined)
    throw new FulcrumError('usage', {
      problem:
        '--margin-usd needs what a wrong answer costs: --wrong-usd, or decision.costs.losses.wrong of the config.',
    });
  return { marginUsdPer1000, wrongUsd };
}

function enteredLoss(defaults: Config['decision'] | null, name: 'wrong' | 'refused'): number | undefined {
  const entry = defaults?.costs.losses[name];
  return typeof entry === 'object' ? entry.value : entry;
}

/** Costs and what is known of the models: of the project for runs; the losses alone for scores from a file. */
export async function surroundings(
  context: CommandContext,
  given: GivenScores,
  { flags, asked }: { flags: DecideFlags; asked: Pick<Asked, 'volume'> },
): Promise<Pick<DecideOptions, 'costing' | 'facts'>> {
  const usd = (flag: string, text: string | undefined): number | undefined =>
    numberOption(flag, text, { whole: false, least: 0 });
  const losses = {
    wrong: usd('--wrong-usd', flags.wrongUsd),
    refused: usd('--refused-usd', flags.refusedUsd),
  };
  const { decisionSurroundings, withProject } = await import('../app/index.ts');
  if (given.runs.length > 0)
    return withProject(context.projectDirectory, { signal: context.signal }, (project) =>
      decisionSurroundings(project, {
        ...{ runs: given.runs, metric: given.metric, losses, rows: given.rows },
        volume: asked.volume ?? 10_000,
        prices: pairOptions('--price', flags.price),
        halfLifeOf: flags.halfLife ? given.dataset?.name : undefined,
      }),
    );
  if (flags.halfLife)
    throw new FulcrumError('usage', {
      problem: '--half-life needs runs of the project: a file of scores has no documents.',
    });
  const { enteredFigure, unknownFigure } = await import('../decision/index.ts');
  const loss = (value: number | undefined, what: string) =>
    value === undefined
      ? unknownFigure(`what ${what} costs was not entered`)
      : enteredFigure(value, 'entered', { id: `loss:${what}` });
  const today = new Date().toISOString().slice(0, 10);
  return {
    costing: {
      arms: [],
      losses: { wrong: loss(losses.wrong, 'wrong'), refused: loss(losses.refused, 'refused') },
      today,
    },
    facts: { today },
  };
}
