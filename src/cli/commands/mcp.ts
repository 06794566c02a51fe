import type { Command } from 'commander';
import { type AsOption, addAsOption, principalOf } from '../as-option.ts';
import { runCommand } from '../command.ts';
import { withCommandProject } from '../with-command-project.ts';

/** `fulcrum mcp`: the project as tools for an assistant that starts this process. */
export function registerMcp(program: Command): void {
  addAsOption(program.command('mcp'))
    .description(
      'serve the project as tools (search, ask, read, feedback) over standard input and output: MCP',
    )
    .addHelpText(
      'after',
      '\nFor assistants that start a process and speak the Model Context Protocol with it. Over HTTP the same is at /mcp of "fulcrum serve".\n\nExamples:\n  fulcrum mcp --project handbook\n  claude mcp add handbook -- npx fulcrum mcp --project /path/to/handbook\n  fulcrum mcp --as user:ann,group:hr',
    )
    .action(
      runCommand<AsOption>(async (context, options) => {
        const principal = principalOf(options);
        const { serveMcp } = await import('../../server/index.ts');
        await withCommandProject(context, (project) => serveMcp(project, principal, context.signal));
        return { json: undefined };
      }),
    );
}
