import type { Command } from 'commander';
import type { Project } from '../../app/index.ts';
import { type CommandContext, runCommand } from '../command.ts';
import type { Say } from '../demo/say.ts';

/** `fulcrum demo [DIR]`: what `npm start` runs. */
export function registerDemo(program: Command): void {
  program
    .command('demo')
    .argument('[dir]', 'your own folder of documents; without it the code assistant example')
    .option('--full', 'answer every question with every variant here instead of using recorded runs')
    .description('from documents to a verdict in a few minutes, without account or key')
    .addHelpText('after', '\nExamples:\n  fulcrum demo\n  fulcrum demo ./my-docs\n  npm start -- ./my-docs')
    .action(
      runCommand<{ full?: boolean }>(async (context, options, dir?: string) => {
        const { createSay } = await import('../demo/say.ts');
        const { askLoop } = await import('../demo/ask-loop.ts');
        const { withProject } = await import('../../app/index.ts');
        const { localOwner } = await import('../../core/index.ts');
        const { notice, onProgress } = context.terminal;
        const work = { onNotice: notice, onProgress, signal: context.signal };
        const say = createSay(context.json);
        say.line('Fulcrum finds out, on your own data, which way of answering is right for it.');
        const directory = await demoDirectory(dir);
        const travel =
          dir === undefined
            ? await (await import('../demo/time-travel.ts')).travelInTime(directory, context, say)
            : null;
        const report = await withProject(directory, work, async (project) => {
          const told =
            dir === undefined
              ? await tellCodeAssistant(project, context, say, options.full === true)
              : await (await import('../demo/own-folder.ts')).demoOwnFolder(project, say);
          const variant = await (await project.variants()).get(project.config.defaultVariant);
          await askLoop(context.terminal.interactive, say, (input) =>
            variant.answer({ input, principal: localOwner, signal: context.signal }),
          );
          return dir === undefined ? { travel, ...told } : told;
        });
        return { json: report };
      }),
    );
}

/** The story of the code assistant, and what is tried to break it. */
async function tellCodeAssistant(project: Project, context: CommandContext, say: Say, full: boolean) {
  const { demoCodeAssistant } = await import('../demo/code-assistant.ts');
  const { plantLoop, tryToBreakIt } = await import('../demo/break-it.ts');
  const told = await demoCodeAssistant(project, context, say, full);
  const broken = await tryToBreakIt(project, context, say);
  await plantLoop(project, context, say);
  return { ...told, broken };
}

/** The project that the demo works in: the example of the checkout, or one made beside somebody's folder. */
async function demoDirectory(dir: string | undefined): Promise<string> {
  if (dir !== undefined) return (await import('../demo/own-folder.ts')).prepareOwnProject(dir);
  const { fileURLToPath } = await import('node:url');
  return fileURLToPath(new URL('../../../examples/code-assistant', import.meta.url));
}
