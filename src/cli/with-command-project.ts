import type { Project } from '../app/index.ts';
import type { CommandContext } from './command.ts';

/** Opens the project that a command was called for, told to report to its terminal, and closes it after the work. */
export async function withCommandProject<T>(
  context: CommandContext,
  work: (project: Project) => Promise<T>,
): Promise<T> {
  const { withProject } = await import('../app/index.ts');
  const { notice, onProgress } = context.terminal;
  return withProject(
    context.projectDirectory,
    { onNotice: notice, onProgress, signal: context.signal },
    work,
  );
}
