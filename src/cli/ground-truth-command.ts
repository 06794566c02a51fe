import type { GroundTruth } from '../app/index.ts';
import type { CommandContext } from './command.ts';

/** Runs work on the ground truth of the project that a command was called for, and closes it. */
export async function withGroundTruth<T>(
  context: CommandContext,
  work: (groundTruth: GroundTruth) => Promise<T>,
): Promise<T> {
  const { withProject } = await import('../app/index.ts');
  const { notice, onProgress } = context.terminal;
  return withProject(
    context.projectDirectory,
    { onNotice: notice, onProgress, signal: context.signal },
    async (project) => work(await project.groundTruth()),
  );
}
