import type { Command } from 'commander';
import { runCommand } from '../command.ts';

/** `fulcrum init DIR`: writes a config with the four first variants. */
export function registerInit(program: Command): void {
  program
    .command('init')
    .argument('[dir]', 'folder of the project (created where needed)', '.')
    .option('--yes', 'ask nothing')
    .description('write fulcrum.config.json with the variants extract, prompt, rag and oracle')
    .addHelpText(
      'after',
      '\nExamples:\n  fulcrum init my-project --yes\n  fulcrum --project my-project source add docs --files ./docs',
    )
    .action(
      runCommand<{ yes?: boolean }>(async (context, options, dir = '.') => {
        const { basename, relative, resolve } = await import('node:path');
        const { initProject } = await import('../../app/index.ts');
        const directory = resolve(dir);
        const documents =
          context.terminal.interactive && options.yes !== true ? await askForDocuments() : undefined;
        const file = await initProject(directory, documents);
        const shown = relative(process.cwd(), directory) || '.';
        const command = shown === '.' ? 'fulcrum' : `fulcrum --project ${shown}`;
        const next = documents ? `${command} sync` : `${command} source add docs --files ./docs`;
        return {
          json: {
            project: directory,
            config: basename(file),
            variants: ['extract', 'prompt', 'rag', 'oracle'],
            next,
          },
          text: `Wrote ${relative(process.cwd(), file)} with the variants extract, prompt, rag and oracle.\nNext: ${next}`,
        };
      }),
    );
}

/** Asks for a folder of documents; an empty answer means none yet. */
async function askForDocuments(): Promise<string | undefined> {
  const { isCancel, text } = await import('@clack/prompts');
  const answer = await text({
    message: 'Folder with your documents (empty: later)',
    placeholder: './docs',
    defaultValue: '',
  });
  return isCancel(answer) || answer === '' ? undefined : answer;
}
