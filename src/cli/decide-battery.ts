import { FulcrumError } from '../core/index.ts';
import type { CommandContext } from './command.ts';
import { numberOption } from './evaluation-command.ts';
import { askToSpend } from './spending.ts';

/** Flags of `decide --run`. */
export interface BatteryFlags {
  run?: boolean;
  dataset?: string;
  split?: string;
  variants?: string;
  budget?: string;
  looks?: string;
}

/**
 * Runs what is missing of the battery, cheapest first, and judges. With declared looks the samples come in as many parts, and it
 * ends at the first look that decides; without, all samples are asked and there is one look.
 * @param judge takes the look at the runs and says whether it decides.
 */
export async function runBattery<Judged>(
  context: CommandContext,
  flags: BatteryFlags,
  judge: (runs: readonly string[]) => Promise<{ judged: Judged; decided: boolean }>,
): Promise<Judged> {
  const { dataset, split } = flags;
  if (dataset === undefined) throw new FulcrumError('usage', { problem: '--run needs --dataset NAME.' });
  const looks = numberOption('--looks', flags.looks, { whole: true, least: 1 }) ?? 1;
  const budget = numberOption('--budget', flags.budget, { whole: false, least: 0 });
  const named = (flags.variants ?? '').split(',').map((name) => name.trim());
  const request = { dataset, split, variants: named.filter((name) => name !== '') };
  const { planBattery, runBatteryStage, withProject } = await import('../app/index.ts');
  const options = { signal: context.signal, onNotice: context.terminal.notice };
  const plan = await withProject(context.projectDirectory, options, (project) =>
    planBattery(project, request),
  );
  const parts = plan.variants.map(({ name, usd }) => `${name} ${usd === null ? '$?' : `$${usd.toFixed(4)}`}`);
  context.terminal.notice(
    `Battery on ${plan.samples} samples, cheapest first: ${parts.join(', ')}; at most $${plan.usd.toFixed(4)} together${looks > 1 ? `, in ${looks} looks` : ''}.`,
  );
  const approved = budget !== undefined && plan.usd > budget && (await approve(context, plan.usd));
  if (budget !== undefined && plan.usd > budget && !approved)
    throw new FulcrumError('budget-exceeded', { estimate: plan.usd.toFixed(4), budget });
  let left = budget === undefined ? undefined : approved ? plan.usd : budget;
  for (let look = 1; ; look += 1) {
    const sample = look === looks ? undefined : Math.ceil((plan.samples * look) / looks);
    const runs = await withProject(context.projectDirectory, options, (project) =>
      runBatteryStage(project, {
        ...{ dataset, split, sample, signal: context.signal },
        variants: plan.variants.map(({ name }) => name),
        budget: left,
        onEstimate: ({ usd }) => {
          if (left !== undefined) left = Math.max(0, left - usd);
        },
        onSkipped: ({ variant, reason }) =>
          context.terminal.notice(`The variant "${variant}" is skipped: ${reason}`),
      }),
    );
    const { judged, decided } = await judge(runs);
    if (decided || look === looks) return judged;
    context.terminal.notice(`Look ${look} of ${looks}: not enough evidence yet.`);
  }
}

async function approve(context: CommandContext, usd: number): Promise<boolean> {
  return context.terminal.interactive ? askToSpend({ usd }) : false;
}
