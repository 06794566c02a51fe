import type { Command } from 'commander';
import { runCommand } from '../command.ts';
import { withCommandProject } from '../with-command-project.ts';

/** `fulcrum variants remove`. */
export function registerVariantsRemove(variants: Command): void {
  variants
    .command('remove')
    .argument('<name>', 'name of the variant')
    .option('--force', 'also where runs are of it: they keep their scores, but cannot be run again')
    .description('take a variant out of the config')
    .addHelpText('after', '\nExample:\n  fulcrum variants remove small')
    .action(
      runCommand<{ force?: boolean }>(async (context, { force }, name = '') => {
        const { removeVariant } = await import('../../app/index.ts');
        const runs = await withCommandProject(context, (project) => removeVariant(project, name, { force }));
        const left = runs === 0 ? '' : ` Its runs (${runs}) can still be compared, but not be run again.`;
        return { json: { removed: name, runs }, text: `Removed the variant "${name}".${left}` };
      }),
    );
}
