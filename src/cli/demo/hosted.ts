import type { Project } from '../../app/index.ts';
import type { CommandContext } from '../command.ts';
import type { Say } from './say.ts';

/** Variants of the config whose model runs on somebody else's machine. */
export function hostedVariants(project: Project): string[] {
  return Object.entries(project.config.variants)
    .filter(([, variant]) => 'model' in variant && !/^(?:local|tuned)\//.test(variant.model))
    .map(([name]) => name);
}

/**
 * Offers to run the hosted variants on the test questions, price first. Nothing is spent without a yes at a
 * terminal; elsewhere the command for it is shown.
 * @returns ids of the runs that were made.
 */
export async function offerHosted(
  project: Project,
  context: CommandContext,
  say: Say,
  dataset: string,
): Promise<string[]> {
  const names = hostedVariants(project);
  if (names.length === 0) return [];
  say.heading('A hosted model, since its key is in the environment');
  if (!context.terminal.interactive) {
    say.line(
      `  Not run, as nobody can be asked about the price here. Try: fulcrum eval run --dataset ${dataset} --split test --variants ${names.join(',')} --budget 1 --project ${project.directory}`,
    );
    return [];
  }
  const { confirm } = await import('@clack/prompts');
  const evaluation = await project.evaluation();
  const made: string[] = [];
  for (const name of names) {
    let approved = true;
    try {
      const runs = await evaluation.run({
        dataset,
        split: 'test',
        variants: [name],
        budget: 0,
        signal: context.signal,
        onProgress: context.terminal.onProgress,
        approve: async ({ usd, unknown, answers }) => {
          const price =
            unknown > 0 ? 'an unknown amount (no price is known for it)' : `at most $${usd.toFixed(2)}`;
          approved =
            (await confirm({
              message: `${name}: ${answers} questions cost ${price}. Run it?`,
              initialValue: false,
            })) === true;
          return approved;
        },
      });
      made.push(...runs.map((run) => run.id));
    } catch (error) {
      if (approved) throw error;
      say.line(`  ${name} was not run.`);
    }
  }
  return made;
}
