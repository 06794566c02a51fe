import type { Command } from 'commander';
import { FulcrumError } from '../../core/index.ts';
import { runCommand } from '../command.ts';
import type { DecideFlags } from '../decide-command.ts';
import { withCommandProject } from '../with-command-project.ts';

interface SealFlags extends DecideFlags {
  dataset?: string;
  arms?: string;
}

/** `fulcrum decide seal|seals`. */
export function registerDecideSeal(decide: Command): void {
  decide
    .command('seal')
    .option('--dataset <name>', 'dataset with frozen splits whose test samples nobody has seen')
    .requiredOption('--arms <names>', 'the variants that will be decided between, separated by commas')
    .description('fix how it will be decided, before the test samples are opened')
    .addHelpText(
      'after',
      '\nTakes --bar, --margin or --margin-usd with --wrong-usd, --max-p95, --volume, --metric, --confidence, --looks (default 1) and\n--spending as "decide" does, hashes them with the variants and the hash of the dataset, and logs that. Refused once anybody\nhas looked at the test samples.\n\nExample:\n  fulcrum decide seal --dataset questions --arms prompt,rag,tuned --bar 0.8 --margin 0.05\n  fulcrum eval run --dataset questions --split test --variants prompt,rag,tuned\n  fulcrum decide --seal 3f2a9c81 --bundle decision.json',
    )
    .action(
      runCommand<SealFlags>(async (context, flags) => {
        const { askedOf } = await import('../decide-command.ts');
        const { planOf } = await import('../scores-command.ts');
        const arms = [...new Set((flags.arms ?? '').split(',').map((name) => name.trim()))].filter(
          (name) => name !== '',
        );
        if (arms.length === 0) throw new FulcrumError('usage', { problem: '--arms names no variant.' });
        if (flags.dataset === undefined)
          throw new FulcrumError('usage', { problem: 'Name the dataset: --dataset NAME.' });
        const { dataset } = flags;
        const plan = planOf({ looks: '1', ...flags }) ?? { looks: 1, spending: 'obrien-fleming' as const };
        const seal = await withCommandProject(context, async (project) => {
          const { createProjectDecisions } = await import('../../app/index.ts');
          const { decision } = project.config;
          const asked = askedOf(flags, decision);
          return (await createProjectDecisions(project)).seal({
            dataset,
            metric: flags.metric ?? decision.metric,
            bar: asked.bar,
            margin: asked.money ? null : (asked.margin ?? 0.05),
            money: asked.money ? { ...asked.money } : null,
            confidence: asked.confidence ?? 0.95,
            maxP95: asked.maxP95 ?? null,
            volume: asked.volume ?? decision.volume,
            arms: arms.sort(),
            plan,
          });
        });
        return {
          json: seal,
          text: [
            `Sealed ${seal.hash}`,
            `at ${seal.sealedAt}, before anybody saw a test sample of "${seal.content.dataset.name}".`,
            `Next: run the variants on --split test, then fulcrum decide --seal ${seal.hash.slice(0, 12)} --bundle decision.json`,
          ].join('\n'),
        };
      }),
    );
  decide
    .command('seals')
    .description('list the sealed decisions of the project')
    .action(
      runCommand(async (context) => {
        const seals = await withCommandProject(context, async (project) => {
          const { createProjectDecisions } = await import('../../app/index.ts');
          return (await createProjectDecisions(project)).seals();
        });
        const lines = seals.map(
          ({ hash, sealedAt, content }) =>
            `${hash.slice(0, 12)}  ${sealedAt.slice(0, 16)}  ${content.dataset.name}: ${content.arms.join(', ')}; ${content.metric} above ${content.bar}`,
        );
        return { json: { seals }, text: lines.length === 0 ? 'Nothing is sealed.' : lines.join('\n') };
      }),
    );
}
